# Who runs: a process is named by pid, start time and boot, so that another one that got its pid later is not taken for it.

read -r og_boot </proc/sys/kernel/random/boot_id

# Of a process: og_start (clock ticks since boot) and og_pgid; false when it is gone or a zombie.
og_process() {
  read -r og_stat 2>/dev/null <"/proc/$1/stat" || return 1
  og_fields ${og_stat##*") "}
}
og_fields() {
  og_pgid=$3 og_start=${20}
  case $1 in Z | X) return 1 ;; esac
}

# og_alive pid start boot
og_alive() { [ "$3" = "$og_boot" ] && [ -n "$1" ] && og_process "$1" && [ "$og_start" = "$2" ]; }

# Who this call is. What it leaves behind is told from others in a group of that number by the mark in its environment, or,
# for subshells, by our own command line.
og_me() {
  og_process self
  og_my_start=$og_start og_my_pgid=$og_pgid
  OCCI_CALL=$$.$og_start.$og_boot
  export OCCI_CALL
}

# og_members pgid mark: the processes of a group that are of that call of this resource
og_members() {
  og_found=
  kill -0 "-$1" 2>/dev/null || return 1
  for og_it in /proc/[0-9]*; do
    og_process "${og_it#/proc/}" && [ "$og_pgid" = "$1" ] || continue
    if words_of "$og_it/environ" | grep -q "OCCI_CALL=$2" ||
      { words_of "$og_it/cmdline" | grep -q /guard/enter && words_of "$og_it/cmdline" | grep -qF "${og_dir##*/}"; }; then
      og_found="$og_found ${og_it#/proc/}"
    fi
  done
  [ -n "$og_found" ]
}

# og_end signal pid start pgid boot: ends a process group, its leader alive or not; false when it cannot be ended.
og_end() {
  [ "$5" = "$og_boot" ] || return 0
  og_tries=0
  # The whole group by one signal while its leader lives, else one by one.
  og_alive "$2" "$3" "$5" && kill "-$1" "-$4" 2>/dev/null
  while og_members "$4" "$2.$3.$5"; do
    og_tries=$((og_tries + 1))
    [ $og_tries -lt 100 ] || return 1
    [ "$1" = KILL ] || [ $og_tries -gt 40 ] || { og_nap && continue; }
    kill -KILL $og_found 2>/dev/null
    og_nap
  done
  return 0
}
