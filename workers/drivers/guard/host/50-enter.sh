# Getting in: a call shows its claim first, without a lock, ends an older attached command, and then waits for the lock.
#
# Why no older call acts once a newer claim was shown: whoever holds the lock writes itself into `attached` and reads the claims
# after that. Either it sees the newer claim and leaves, or the newer call sees it in `attached` and ends it; and the newer one
# goes on only when it has the lock, which the older one's shell held to its end.

og_stale() {
  og_say "stale $og_era.$og_number"
  exit 0
}

# Shows the claim; refuses an older one.
og_show() {
  og_held
  og_newer $og_era $og_number "$og_my_era" "$og_my_number" && og_stale
  [ "$og_era.$og_number" != "$og_my_era.$og_my_number" ] || return 0
  { :; } >"$og_dir/claim.$og_my_era.$og_my_number" || return 1
  og_sync "$og_dir"
  og_held
  # A few of them cost nothing.
  case $og_past in *' '*' '*' '*' '*) rm -f $og_past ;; esac
}

# Ends the attached command of an older claim; called again while the lock is waited for.
og_overtake() {
  { read -r og_a_pid og_a_start og_a_pgid og_a_boot og_a_era og_a_number; } 2>/dev/null <"$og_dir/attached" || return 0
  og_newer "$og_my_era" "$og_my_number" "$og_a_era" "$og_a_number" || return 0
  og_end KILL "$og_a_pid" "$og_a_start" "$og_a_pgid" "$og_a_boot" ||
    og_waited "the older claim's command (process group $og_a_pgid) cannot be ended"
}

# og_enter function…: runs it under the resource's lock; it does not come back
og_enter() {
  og_me
  og_again=0
  while [ $og_again -lt 20 ]; do
    og_again=$((og_again + 1))
    [ -d "$og_dir" ] || og_take_in
    { og_locked "$@"; } 9>>"$og_dir/lock"
  done
  og_broken 'its records cannot be written'
}

# Comes back when the folder was exchanged meanwhile.
og_locked() {
  og_show || return 0
  og_overtake
  og_waits=0
  until flock -n 9; do
    [ -d "$og_dir" ] || return 0
    [ $((og_waits / 20)) -lt "$og_patience" ] || og_waited 'another call of this claim is under way'
    og_waits=$((og_waits + 1))
    og_nap
    og_held
    og_newer $og_era $og_number "$og_my_era" "$og_my_number" && og_stale
    og_overtake
  done
  [ "$og_dir/lock" -ef /proc/self/fd/9 ] || return 0
  # Left by one that was killed: its commands may still run.
  if [ -s "$og_dir/attached" ] &&
    read -r og_a_pid og_a_start og_a_pgid og_a_boot og_a_era og_a_number <"$og_dir/attached"; then
    og_end KILL "$og_a_pid" "$og_a_start" "$og_a_pgid" "$og_a_boot" || og_waited 'what an earlier call left cannot be ended'
  fi
  { echo "$$ $og_my_start $og_my_pgid $og_boot $og_my_era $og_my_number"; } >"$og_dir/attached" || og_broken 'its records cannot be written'
  og_held
  if og_newer $og_era $og_number "$og_my_era" "$og_my_number"; then
    og_leave
    og_stale
  fi
  og_work
  "$@"
}

# Nobody is attached any more; the call's folder is empty again.
og_leave() {
  { :; } >"$og_dir/attached"
  for og_it in "$og_dir"/tmp/* "$og_dir"/tmp/.[!.]*; do
    [ -e "$og_it" ] || [ -L "$og_it" ] || continue
    rm -rf "$og_dir/tmp" && mkdir "$og_dir/tmp"
    return
  done
}
