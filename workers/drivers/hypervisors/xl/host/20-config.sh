# Definitions: what `define` sends (config/pieces.ts) is kept as files; devices are put behind the head when a machine starts.

# One file per section; a section that is empty is an empty file, but for the seed.
xl_sections() {
  for section in machine head disks nics networks; do : >"$2/$section"; done
  awk -v dir="$2" '/^== [a-z]+$/ { file = dir "/" $2; next } file != "" { print > file }' "$1"
}

# FILE: every network in it is there (`NAME BRIDGE VLAN OURS DEVICE` a line).
xl_networks() {
  while read -r name bridge vlan ours device; do
    ( effect_network_ensure "$name" "$bridge" "$vlan" "$ours" "$device" ) || exit
  done <"$1"
}

# A file of the cache beside the machine, so that cleaning the cache never hurts it: the same blocks where the file system can.
xl_keep_file() {
  image_use "$1" "$2" "$XL_N" || lacks "its $2 is not in this host's cache"
  image=$(image_path "$1" "$2")
  ln "$image" "$3" 2>/dev/null || cp "$image" "$3" || { rm -f "$3"; refuse "no space left on device for its $2"; }
}

# What the host is, as cpus, memory (MiB) and caps: the same until it restarts, so it is kept in .xen (`BOOT CPUS MEMORY CAPS…`).
xl_host_facts() {
  kept=$OCCI_FOLDER/$OCCI_SITE/.xen of=
  { read -r of cpus memory caps; } 2>/dev/null <"$kept"
  [ -z "$of" ] || [ "$of" != "$og_boot" ] || return 0
  info=$(xl_try 10 info) || exit 124
  cpus=$(printf '%s\n' "$info" | sed -n 's/^nr_cpus *: //p')
  memory=$(printf '%s\n' "$info" | sed -n 's/^total_memory *: //p')
  check_number "$cpus" && check_number "$memory"
  caps=$(printf '%s\n' "$info" | sed -n 's/^virt_caps *: //p')
  echo "$og_boot $cpus $memory $caps" >"$kept.$$" && mv "$kept.$$" "$kept"
}

# Whether it could ever run here: what others take meanwhile shows when it starts.
xl_fits() {
  xl_host_facts
  case $3:$caps in
  pv:*) ;;
  hvm:*hvm* | pvh:*hvm*) ;;
  *)
    echo "this host's processors cannot run $3 machines: its images need the mode pv" >&2
    exit 4
    ;;
  esac
  [ "$1" -le $((cpus * 100)) ] || refuse "not enough CPU: needs $1 hundredths, has $((cpus * 100))"
  # What Xen takes that is nobody's, as probe.ts counts it.
  xen=$(((memory * 2 + 99) / 100))
  [ $xen -ge 64 ] || xen=64
  memory=$((memory - xen - cpus))
  [ "$2" -le "$memory" ] || refuse "can't allocate low memory for domain: needs $2 MiB, has $memory"
}

# The pieces as input.
effect_xl_define() {
  xl_ready "$OCCI_RESOURCE"
  cat >"$OCCI_WORK/pieces"
  sum=$(cksum <"$OCCI_WORK/pieces")
  if [ -f "$XL_M/sum" ] && read -r is <"$XL_M/sum" && [ "$is" = "$sum" ]; then return 0; fi
  case $XL_STATE in
  absent | off) xl_clear ;;
  *) refuse "$XL_N is $XL_STATE: it is changed only while it is off" ;;
  esac
  new=$OCCI_FOLDER/$OCCI_SITE/machines/.new-$XL_N
  [ ! -e "$new" ] || rm -rf "$new"
  mkdir -p "$new" || refuse "its folder cannot be written"
  xl_define_in "$new" && return 0
  code=$?
  rm -rf "$new"
  # What it was before still needs its own.
  [ -d "$XL_M" ] || images_release "$XL_N"
  exit $code
}

xl_define_in() (
  xl_sections "$OCCI_WORK/pieces" "$1" || refuse "no space left on device for the definition"
  XL_M=$1
  xl_fits "$(xl_fact cpu)" "$(xl_fact memory)" "$(xl_fact mode)"
  xl_networks "$1/networks"
  for file in kernel initramfs; do
    sha=$(xl_fact $file)
    [ -z "$sha" ] || xl_keep_file "$sha" $file "$1/$file"
  done
  if [ -s "$1/seed" ]; then
    base64 -d <"$1/seed" >"$1/seed.iso" && rm -f "$1/seed" || refuse "no space left on device for its seed disk"
  fi
  echo "$sum" >"$1/sum" || refuse "no space left on device for the definition"
  old=$OCCI_FOLDER/$OCCI_SITE/machines/$XL_N
  # What it was before is gone only when the new one is whole, and on the disk: files of a name after a power cut, and nothing in
  # them, would be a machine that never starts again.
  sync "$1"/* 2>/dev/null || sync
  was=${old%/*}/.old-$XL_N
  [ ! -e "$was" ] || rm -rf "$was"
  [ ! -d "$old" ] || mv "$old" "$was"
  mv "$1" "$old" || refuse "its folder cannot be written"
  [ ! -e "$was" ] || rm -rf "$was"
)

effect_xl_undefine() {
  xl_ready "$OCCI_RESOURCE"
  case $XL_STATE in
  running | paused | crashed) refuse "$XL_N runs" ;;
  esac
  xl_clear
  [ "$(xl_mark)" != arriving ] || xl_end_incoming || exit 3
  rm -rf "$XL_M" "$(site_root)/machines/.new-$XL_N" "$(site_root)/machines/.old-$XL_N"
  images_release "$XL_N"
  watch_forget "$XL_N"
  xl_nothing_left && departed
  return 0
}
xl_nothing_left() { [ ! -d "$XL_M" ] && [ -z "$(disk_lines "$XL_N*")" ]; }

# One entry of `disk = [` (xl-disk-configuration(5)): key=value throughout, the target last, since it takes all that follows.
xl_disk_entry() { printf 'format=%s,vdev=%s,access=%s,target=%s' "$1" "$2" "$3" "$4"; }
xl_nic_entry() { printf 'mac=%s,bridge=%s' "$1" "$2"; }

# xl.cfg from head, nics and disks; the seed disk comes last and is never written to.
xl_compose() {
  {
    cat "$XL_M/head"
    [ ! -f "$XL_M/kernel" ] || printf 'kernel = "%s"\n' "$XL_M/kernel"
    [ ! -f "$XL_M/initramfs" ] || printf 'ramdisk = "%s"\n' "$XL_M/initramfs"
    echo 'vif = ['
    while read -r mac bridge _; do printf '  "%s",\n' "$(xl_nic_entry "$mac" "$bridge")"; done <"$XL_M/nics"
    echo ']'
    echo 'disk = ['
    while read -r name vdev _; do
      target=$(disk_target "$name") || exit
      [ -n "$target" ] || refuse "failed to stat: no disk $name"
      printf '  "%s",\n' "$(xl_disk_entry "${target%% *}" "$vdev" rw "${target#* }")"
    done <"$XL_M/disks"
    [ ! -f "$XL_M/seed.iso" ] || printf '  "%s",\n' "$(xl_disk_entry raw xvdzz ro "$XL_M/seed.iso")"
    echo ']'
  } >"$XL_M/xl.cfg.new" || { code=$?; rm -f "$XL_M/xl.cfg.new"; exit $code; }
  mv "$XL_M/xl.cfg.new" "$XL_M/xl.cfg"
}
