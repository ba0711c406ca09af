# The watch of a host that fences itself; its rules, and why they are enough, are those of src/model/fencing.ts. Files of a site:
#
#   watch            what it keeps: `era number boot uptime lasts`, uptime and lasts in ms; none: it is off
#   watch.version    the guard's version whose process is to watch;  watch.alive  locked by the process that does
#   marks/NAME       a machine to be ended;  ended/NAME  one that was, and was not started since
#
# A driver brings `watch_runs NAME` (whether anything of a machine runs) and `watch_end NAME` (ends it at once, within 30 s). Its deeds say
# `watch_may_start NAME` before anything of a machine begins to run, and `watch_forget NAME` when its definition goes.

og_uptime() {
  read -r og_up og_it </proc/uptime
  og_it=${og_up#*.} og_up=${og_up%.*}
  # Hundredths of a second; 08 is no octal number.
  og_uptime=$((og_up * 1000 + (1$og_it - 100) * 10))
}

og_watch_read() {
  { read -r og_w_era og_w_number og_w_boot og_w_uptime og_w_lasts; } 2>/dev/null <"$og_state/watch"
}

og_watch_keep() {
  [ "$*" != "$og_w_era $og_w_number $og_w_boot $og_w_uptime $og_w_lasts" ] || return 0
  echo "$*" >"$og_state/watch.new" && og_sync "$og_state/watch.new" && mv "$og_state/watch.new" "$og_state/watch" &&
    og_sync "$og_state"
}

# watch_take ERA NUMBER FLOOR off | on LASTS [BOOT UPTIME LASTS]: an order; FLOOR is era.number or -. Nothing for no words.
watch_take() {
  [ $# -ge 4 ] || return 0
  mkdir -p "$og_state/resources" || og_broken 'its records cannot be written'
  { flock 8 && og_watch_taken "$@"; } 8>>"$og_state/lock" || og_broken 'its records cannot be written'
  [ "$4" = off ] || og_watch_begin
}
og_watch_taken() {
  og_w_era=0 og_w_number=0 og_w_boot= og_w_uptime=0 og_w_lasts=0
  if og_watch_read; then og_had=yes; else og_had=no; fi
  og_newer "$og_w_era" "$og_w_number" "$1" "$2" && return 0
  # First, so that nobody passes below it once the host is open again.
  [ "$3" = - ] || og_raise "${3%.*}" "${3#*.}" || return 1
  if [ "$4" = off ]; then
    rm -f "$og_state/watch"
    return 0
  fi
  og_uptime
  if [ $og_had = no ]; then
    og_watch_keep "$1 $2 $og_boot $og_uptime $5"
  elif [ $# -ge 8 ] && [ "$6" = "$og_boot" ] && [ "$7" -le "$og_uptime" ] &&
    { [ "$og_w_boot" != "$og_boot" ] || [ "$7" -gt "$og_w_uptime" ]; }; then
    og_watch_keep "$1 $2 $6 $7 $8"
  else
    og_watch_keep "$1 $2 $og_w_boot $og_w_uptime $og_w_lasts"
  fi
}

# og_raise ERA NUMBER: no claim older than this one passes any more, of no resource
og_raise() {
  for og_dir in "$og_state"/resources/*/; do
    [ -d "$og_dir" ] || continue
    og_dir=${og_dir%/}
    og_held
    og_newer "$1" "$2" $og_era $og_number || continue
    { :; } >"$og_dir/claim.$1.$2" && og_sync "$og_dir" || return 1
  done
  if [ -s "$og_state/ledger" ]; then
    while read -r og_id og_it og_at; do
      if og_newer "$1" "$2" "${og_it%.*}" "${og_it#*.}"; then og_it=$1.$2; fi
      echo "$og_id $og_it $og_at"
    done <"$og_state/ledger" >"$og_state/ledger.new"
    og_sync "$og_state/ledger.new" && mv "$og_state/ledger.new" "$og_state/ledger" || return 1
  fi
  og_floor
  og_newer "$1" "$2" $og_era $og_number || return 0
  echo "$1.$2" >"$og_state/floor.new" && og_sync "$og_state/floor.new" && mv "$og_state/floor.new" "$og_state/floor" &&
    og_sync "$og_state"
}

# watch_say: `uptime on|off ends epoch`, ends in ms of uptime or -, epoch (era.number) of the newest order that was taken, none without one
watch_say() {
  og_uptime
  if ! og_watch_read; then
    echo "$og_uptime off -"
  elif ! og_watch_lives; then
    echo "$og_uptime off - $og_w_era.$og_w_number"
  elif [ "$og_w_boot" = "$og_boot" ]; then
    echo "$og_uptime on $((og_w_uptime + og_w_lasts)) $og_w_era.$og_w_number"
  else
    echo "$og_uptime on - $og_w_era.$og_w_number"
  fi
}

# watch_marks: a line `NAME restartable` per mark, `NAME ended` per machine that was ended
watch_marks() {
  for og_it in "$og_state"/marks/* "$og_state"/ended/*; do
    [ -e "$og_it" ] || continue
    case $og_it in */marks/*) echo "${og_it##*/} restartable" ;; *) echo "${og_it##*/} ended" ;; esac
  done
}

# Whether marked machines are to be ended, and none started.
og_watch_over() {
  og_watch_read || return 1
  [ "$og_w_boot" = "$og_boot" ] || return 0
  og_uptime
  [ "$og_uptime" -ge $((og_w_uptime + og_w_lasts)) ]
}

# watch_may_start NAME: before anything of a machine runs; one that is marked waits until the host is granted time
watch_may_start() {
  if [ -e "$og_state/marks/$1" ] && og_watch_over; then
    echo 'this host waits for time to be granted to it' >&2
    exit 5
  fi
  rm -f "$og_state/ended/$1"
}

watch_forget() { rm -f "$og_state/marks/$1" "$og_state/ended/$1"; }

# effect_watch_mark restartable|plain
effect_watch_mark() {
  mkdir -p "$og_state/marks" || refuse 'its mark cannot be written'
  if [ "$1" = restartable ]; then
    { :; } >"$og_state/marks/$OCCI_RESOURCE" || refuse 'its mark cannot be written'
  else
    rm -f "$og_state/marks/$OCCI_RESOURCE"
  fi
  og_sync "$og_state/marks"
}

# Whether the process of this version watches.
og_watch_lives() {
  read -r og_it 2>/dev/null <"$og_state/watch.version" && [ "$og_it" = "$og_hash" ] || return 1
  ! flock -n 7 7>>"$og_state/watch.alive" 2>/dev/null || return 1
}

# It survives the call and its connection; one of another version leaves off as soon as it sees this one's name.
og_watch_begin() {
  og_watch_lives && return 0
  echo "$og_hash" >"$og_state/watch.version.new" && mv "$og_state/watch.version.new" "$og_state/watch.version"
  setsid sh "$og_self" "$og_hash" free "$OCCI_SITE" watch_on </dev/null >/dev/null 2>&1 8>&- 9>&- &
  og_tries=0
  until og_watch_lives || [ $og_tries -ge 40 ]; do
    og_tries=$((og_tries + 1))
    og_nap
  done
}

# The process itself.
free_watch_on() {
  cd / || exit 1
  exec 7>>"$og_state/watch.alive"
  flock 7 || exit 1
  while [ -s "$og_state/watch" ] && read -r og_it <"$og_state/watch.version" && [ "$og_it" = "$og_hash" ]; do
    if og_watch_over; then og_watch_end_all; fi
    sleep 1 7>&-
  done
}

# All at once: one that hangs holds up no other.
og_watch_end_all() {
  for og_mark in "$og_state"/marks/*; do
    [ -e "$og_mark" ] || continue
    (og_watch_end_one "${og_mark##*/}") 7>&- &
  done
  wait
}
og_watch_end_one() {
  mkdir -p "$og_state/ended"
  # Written first: should this process die in between, the machine is known to have been ended, not to have stopped by itself.
  [ -e "$og_state/ended/$1" ] || { watch_runs "$1" && { :; } >"$og_state/ended/$1"; }
  watch_end "$1"
}
