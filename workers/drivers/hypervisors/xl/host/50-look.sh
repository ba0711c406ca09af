# What there is, as text in sections that are read by one parser (sighting.ts): for one machine or volume, or for all.

# NAME FILE: its lines, each behind its name; no program is needed for a few.
xl_show_file() {
  while read -r line || [ -n "$line" ]; do printf '%s/%s:%s\n' "$1" "$2" "$line"; done 2>/dev/null <"$1/$2"
}

# PATTERN of folder names below machines/: their files line by line, which have a memory file, whose saver lives.
xl_show_files() (
  echo '== files'
  cd "$(site_root)/machines" 2>/dev/null || exit 0
  set -- $1
  [ -d "$1" ] || exit 0
  if [ $# -eq 1 ]; then
    for file in machine mark disks nics started; do [ ! -s "$1/$file" ] || xl_show_file "$1" $file; done
  else
    for name do
      for file in machine mark disks nics started; do [ ! -s "$name/$file" ] || printf '%s/%s\n' "$name" "$file"; done
    done | xargs -r grep -H ''
  fi
  for name do
    [ ! -f "$name/memory" ] || echo "$name/flag:memory"
    [ ! -f "$name/mark" ] || { XL_N=$name XL_M=$name; ! xl_saves || echo "$name/flag:saves"; }
  done
)

# The list of domains as first word, the pattern as second. A domain that is not there, or shut down for a restart, may be about to
# start again: its monitor says so. A device whose change was cut is looked for.
xl_show_doubts() (
  doubt= all=$1
  cd "$(site_root)/machines" 2>/dev/null || exit 0
  set -- $2
  [ -d "$1" ] || exit 0
  for name do
    [ -f "$name/started" ] || continue
    case $all in *"
$name "*) ;; *) doubt=yes ;; esac
  done
  case $all in *' '[r-][b-][p-]s[rS][d-]' '*) doubt=yes ;; esac
  echo '== watched'
  [ -z "$doubt" ] || xl_monitors
  echo '== devices'
  [ $# -gt 1 ] || ! xl_is_whole "$1" || exit 0
  for name do printf '%s/disks\n%s/nics\n' "$name" "$name"; done | xargs -r grep -l -E ' (adding|leaving)( |$)' 2>/dev/null |
    cut -d/ -f1 | sort -u | while read -r name; do
    XL_N=$name XL_M=$name
    dom=$(printf '%s\n' "$all" | awk -v name="$name" -v uuid="$(xl_fact id)" '$1 == name && $(NF-2) == uuid { print $2; exit }')
    [ -n "$dom" ] || continue
    xl_try 10 block-list "$dom" | sed "s/^/$name disk /"
    xl_try 10 network-list "$dom" | sed "s/^/$name nic /"
  done
)

# Whether no change of a device of it was cut.
xl_is_whole() {
  for file in disks nics; do
    [ -f "$1/$file" ] || continue
    while read -r _ _ is _; do [ "$is" = on ] || return 1; done <"$1/$file"
  done
}

# Everything of the ticket's resource. Its folder and disks are all there is of it: without them it has departed.
look_xl_machine() {
  check_name "$OCCI_RESOURCE"
  all=$(xl_try 10 list -v) || exit 124
  printf '== domains\n%s\n' "$all"
  xl_show_files "$OCCI_RESOURCE"
  xl_show_doubts "$all" "$OCCI_RESOURCE"
  echo '== disks'
  here=$OCCI_FOLDER/$OCCI_SITE/machines
  set -- "$OCCI_RESOURCE" "$OCCI_RESOURCE-*"
  if [ -f "$here/$OCCI_RESOURCE/disks" ]; then
    while read -r name _; do
      case $name in "$OCCI_RESOURCE"-*) ;; *) set -- "$@" "$name" ;; esac
    done <"$here/$OCCI_RESOURCE/disks"
  fi
  found=$(disk_lines "$@")
  [ -z "$found" ] || printf '%s\n' "$found"
  echo '== marks'
  watch_marks
  echo '== holders'
  (cd "$here" 2>/dev/null && grep -H '' */disks 2>/dev/null)
  if [ -z "$found" ] && [ ! -d "$here/$OCCI_RESOURCE" ]; then departed; fi
  return 0
}

# Everything of every machine, and what the host itself has: one call for all.
free_xl_list() {
  all=$(xl_try 8 list -v) || exit 124
  xl_show_host
  printf '== domains\n%s\n' "$all"
  xl_show_files '*'
  xl_show_doubts "$all" '*'
  echo '== disks'
  disk_lines
  echo '== works'
  works
  echo '== marks'
  watch_marks
  echo '== xentop'
  timeout -k 1 5 xentop -b -f -i 1 </dev/null 2>/dev/null
  return 0
}

# What the host is and has.
free_xl_probe() {
  all=$(xl_try 8 list -v) || exit 124
  xl_show_host
  printf '== domains\n%s\n' "$all"
}
xl_show_host() {
  echo '== info'
  xl_try 8 info || exit 124
  echo '== host'
  printf 'boot %s\n' "$(cat /proc/sys/kernel/random/boot_id)"
  printf 'uptime %s\n' "$(cut -d' ' -f1 /proc/uptime)"
  printf 'load %s\n' "$(cut -d' ' -f1 /proc/loadavg)"
  printf 'now %s\n' "$(date +%s)"
  echo '== storage'
  backend_lines
}

# Its console's newest 64 KiB: what xenconsoled wrote down where it does. Elsewhere, and of a serial line (hvm), what is shown is shown
# to one reader only, so it is kept beside the machine. A reader must not wait.
look_xl_console() {
  xl_open "$OCCI_RESOURCE"
  log=${XL_CONSOLES:-/var/log/xen/console}/guest-$XL_N.log
  # The log of one that was taken over bears the name that it was made under, until it is started anew.
  [ -s "$log" ] || [ ! -f "$XL_M/was" ] || log=${XL_CONSOLES:-/var/log/xen/console}/guest-$(cat "$XL_M/was").log
  if [ -s "$log" ] && ! xl_has_serial; then tail -c 65536 "$log"; return 0; fi
  [ -d "$XL_M" ] || return 0
  log=$XL_M/console
  xl_domain
  [ -z "$XL_DOM" ] || xl_said 2>/dev/null | tail -c 65536 >>"$log"
  [ -s "$log" ] || return 0
  if [ "$(wc -c <"$log")" -gt 262144 ]; then tail -c 65536 "$log" >"$log.new.$$" && mv "$log.new.$$" "$log"; fi
  tail -c 65536 "$log"
}

# QEMU keeps its serial line for us (config/head.ts).
xl_has_serial() { grep -q '^serial = "chardev:occi-serial"$' "$XL_M/head" 2>/dev/null; }

# What the guest said since it was asked last.
xl_said() {
  if xl_has_serial; then
    xl_try 10 qemu-monitor-command "$XL_DOM" 'ringbuf_read occi-serial 65536' | xl_plain
  else
    timeout -k 1 2 xl console "$XL_DOM" </dev/null
  fi
}

# As QEMU's monitor shows it: `\\` is a backslash, `\u001B` a character that it would not print, each line end CR LF; two line ends
# of its own stand last.
xl_plain() {
  LC_ALL=C awk '
    function hex(digits, i, n) { for (i = 1; i <= length(digits); i++) n = n * 16 + index("123456789ABCDEF", substr(digits, i, 1)); return n }
    {
      sub(/\r$/, "")
      out = ""
      while ((at = index($0, "\\")) > 0) {
        out = out substr($0, 1, at - 1)
        if (substr($0, at + 1, 1) == "u") { out = out sprintf("%c", hex(substr($0, at + 2, 4))); $0 = substr($0, at + 6) }
        else { out = out substr($0, at + 1, 1); $0 = substr($0, at + 2) }
      }
      if (NR > 2) printf "%s\n", before
      before = last
      last = out $0
    }
    END { if (NR > 1) printf "%s", before }'
}
