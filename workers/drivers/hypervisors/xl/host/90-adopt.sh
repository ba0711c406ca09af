# Taking over domains that somebody else made. Such a domain becomes ours by two things: its name, which `xl rename` gives it, and a
# folder machines/<i-name>/ that bears its uuid. The folder comes last and at once (mv): until then the domain is whole and foreign,
# whatever it is called, and nothing of ours starts, stops or looks for it; from then on it is whole and ours.
#
#   links       `NAME FORMAT PATH` of each disk: disks/NAME.FORMAT is a symbolic link to PATH, which is never removed
#   was         what the domain was called
#   monitor     `PID BORN` of the xl that restarts it, until it is started by us: not a child of ours, it is known by its log

# When a process began, in ticks since the host did: with its number it is one process and no later one.
xl_born() { sed -n 's/.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# NAME: `PID BORN` of the xl that stays behind a domain of that name: it has xl-NAME.log for its output (xl(1) create).
xl_others_monitor() {
  for process in /proc/[0-9]*; do
    case $(readlink "$process/fd/1" 2>/dev/null) in
    */xl-"$1".log) printf '%s %s\n' "${process#/proc/}" "$(xl_born "${process#/proc/}")"; return 0 ;;
    esac
  done
}

# Of machines that were taken over: those whose first xl lives.
xl_taken_monitors() {
  for note in "$(site_root)"/machines/*/monitor; do
    [ -f "$note" ] || continue
    read -r pid born <"$note"
    [ -z "$born" ] || [ "$(xl_born "$pid")" != "$born" ] || { note=${note%/monitor}; printf '%s\n' "${note##*/}"; }
  done
}

# A line `KIND BYTES VIRTUAL REAL PATH`, tabs between them.
xl_path() {
  real=$(readlink -f -- "$1") || real=$1
  kind=none bytes=0 virtual=-
  if [ -b "$real" ]; then kind=block bytes=$(file_bytes "$real")
  elif [ -f "$real" ]; then
    kind=file bytes=$(file_bytes "$real")
    [ "$(head -c 3 "$real" 2>/dev/null)" != QFI ] || virtual=$(qcow2_bytes "$real")
  fi
  printf '%s\t%s\t%s\t%s\t%s\n' $kind "$bytes" "$virtual" "$real" "$1"
}

# Every machine of every site here: `SITE NAME UUID`.
xl_claimed() {
  for facts in "$OCCI_FOLDER"/*/machines/*/machine; do
    [ -f "$facts" ] || continue
    name=${facts%/machine} site=${facts%/machines/*}
    printf '%s %s %s\n' "${site##*/}" "${name##*/}" "$(sed -n 's/^id //p' "$facts")"
  done
}

# Every disk that a site here keeps: its name, and its path without links, a tab between them.
xl_kept() {
  for path in "$OCCI_FOLDER"/*/disks/* "$OCCI_FOLDER"/*/shared/*/disks/*; do
    [ -e "$path" ] || continue
    name=${path##*/}
    printf '%s\t%s\n' "${name%.*}" "$(readlink -f -- "$path")"
  done
}

# All domains and what is needed to judge whether one of them can be taken over.
free_xl_foreign() {
  all=$(xl_try 8 list -v) || exit 124
  long=$(xl_try 30 list -l) || exit 124
  printf '== domains\n%s\n== long\n%s\n' "$all" "$long"
  echo '== paths'
  printf '%s\n' "$long" | sed -n 's/^ *"pdev_path": "\(.*\)",\{0,1\}$/\1/p' | sort -u |
    while IFS= read -r path; do [ -z "$path" ] || xl_path "$path"; done
  echo '== claimed'
  xl_claimed
  echo '== kept'
  xl_kept
  printf '== site\n%s\n' "$OCCI_SITE"
}

# The pieces as input (config/pieces.ts); the uuid of the domain is the id in them.
effect_xl_adopt() {
  xl_ready "$OCCI_RESOURCE"
  cat >"$OCCI_WORK/pieces"
  new=$(site_root)/machines/.new-$XL_N
  # Of a try before that was cut behind the renaming: nobody else knows any more what the domain was called.
  cp "$new/was" "$new/monitor" "$OCCI_WORK/" 2>/dev/null
  rm -rf "$new"
  mkdir -p "$new" || refuse "its folder cannot be written"
  xl_adopt_by "$new" && return 0
  code=$?
  # Of a renaming that hung nobody knows: the next try may need what it was called.
  [ $code -eq 124 ] || rm -rf "$new"
  exit $code
}

xl_adopt_by() (
  xl_sections "$OCCI_WORK/pieces" "$1" || refuse "no space left on device for the definition"
  uuid=$(sed -n 's/^id //p' "$1/machine")
  # Of all sites on this host: two never take one domain.
  exec 6<"$OCCI_FOLDER"
  wait_lock 6 20 || exit 5
  mine=$(xl_claimed | awk -v uuid="$uuid" '$3 == uuid { print $1, $2; exit }')
  if [ "$mine" = "$OCCI_SITE $XL_N" ]; then rm -rf "$1"; return 0; fi
  [ -z "$mine" ] || refuse "the domain is the machine ${mine#* } of the site ${mine%% *} already"
  [ ! -d "$XL_M" ] || refuse "$XL_N is another machine on this host"
  xl_adoptable "$uuid"
  xl_networks "$1/networks"
  xl_adopt_disks "$1/links"
  xl_adopt_name "$1"
  cksum <"$OCCI_WORK/pieces" >"$1/sum" && date +%s >"$1/started" || refuse "no space left on device for the definition"
  rm -f "$1/seed"
  sync "$1"/* 2>/dev/null || sync
  mv "$1" "$XL_M"
)

# UUID: the domain's number in XL_DOM, its name in XL_WAS.
xl_adoptable() {
  all=$(xl_try 10 list -v) || exit 124
  # From the right end: a name may hold anything.
  found=$(printf '%s\n' "$all" | awk -v uuid="$1" '$(NF-2) == uuid { print $(NF-7), $(NF-4); exit }')
  [ -n "$found" ] || refuse "there is no such domain on the host any more (its uuid was $1)"
  XL_DOM=${found%% *}
  XL_WAS=$(printf '%s\n' "$all" | awk -v uuid="$1" '$(NF-2) == uuid { print; exit }' | sed "s/ *$XL_DOM  *[0-9][0-9]*  *[0-9][0-9]*  *[-rbpscwSd]\{6\}  *.*//")
  [ "$XL_DOM" != 0 ] || refuse "domain 0 is the host itself"
  case ${found#* } in
  ???s?? | ?????d) refuse "the domain does not run any more" ;;
  esac
  other=$(printf '%s\n' "$all" | awk -v name="$XL_N" -v uuid="$1" '$1 == name && $(NF-2) != uuid { print; exit }')
  [ -z "$other" ] || refuse "Domain with name \"$XL_N\" already exists."
}

# FILE: each disk under its new name. A link of it that is there already is of a try before that was cut.
xl_adopt_disks() {
  [ -f "$1" ] || return 0
  mkdir -p "$(site_root)/disks" || refuse "its folder cannot be written"
  while read -r name format path; do
    check_name "$name"
    [ -f "$path" ] || [ -b "$path" ] || refuse "a disk of it is not there: $path"
    real=$(readlink -f -- "$path")
    holder=$(xl_kept | awk -F '\t' -v real="$real" -v name="$name" '$2 == real && $1 != name { print $1; exit }')
    [ -z "$holder" ] || refuse "$path is the disk $holder already"
    [ ! -e "$(site_root)/disks/$name.$format" ] || [ -L "$(site_root)/disks/$name.$format" ] || refuse "there is a disk $name already"
    ln -sfn "$path" "$(site_root)/disks/$name.$format" || refuse "no space left on device for $name"
  done <"$1"
}

# FOLDER: it is called by our name. Under it already: a try before was cut behind this.
xl_adopt_name() {
  if [ "$XL_WAS" = "$XL_N" ]; then
    cp "$OCCI_WORK/was" "$OCCI_WORK/monitor" "$1/" 2>/dev/null
    return 0
  fi
  printf '%s\n' "$XL_WAS" >"$1/was" || refuse "no space left on device for the definition"
  xl_others_monitor "$XL_WAS" >"$1/monitor"
  [ -s "$1/monitor" ] || rm -f "$1/monitor"
  sync "$1"/* 2>/dev/null || sync
  xl_must 10 rename "$XL_DOM" "$XL_N" >&2
}
