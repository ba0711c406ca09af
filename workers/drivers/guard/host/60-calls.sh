# The calls, decided as guard/decide.ts does.

og_look() {
  if [ -z "$og_work_key" ]; then og_say seen; else
    og_read_percent
    og_say "seen $og_percent $og_work_what $og_work_key"
  fi
  ("look_$og_deed" "$@") 9>&-
  og_status=$?
  og_leave
  exit $og_status
}

og_effect() {
  og_result "$OCCI_KEY" && { og_leave; og_answer; }
  if [ -n "$og_work_key" ]; then
    og_leave
    [ "$og_work_key" = "$OCCI_KEY" ] || { og_say "busy $og_work_key"; exit 0; }
    og_read_percent
    og_say "running $og_percent"
    exit 0
  fi
  [ ! -s "$og_dir/departed" ] || { :; } >"$og_dir/departed"
  if [ "$og_mode" = detached ]; then og_begin "$@"; fi
  if [ -n "$og_input" ]; then
    ("effect_$og_deed" "$@") 9>&- <"$og_input" >"$og_dir/out" 2>"$og_dir/err"
  else
    ("effect_$og_deed" "$@") 9>&- >"$og_dir/out" 2>"$og_dir/err"
  fi
  og_status=$?
  og_close "$og_status" "$OCCI_KEY"
  og_leave
  if [ "$og_kept" = yes ]; then og_answer "$og_said"; fi
  og_say "$og_kept"
  tail -c 2000 "$og_dir/err"
  exit 0
}

# og_close status key: keeps what an effect came to (og_kept: yes), or says what it is when nothing is kept of it
og_close() {
  og_kept=yes
  case $1 in
    0)
      og_said=$og_dir/out
      og_keep "$2" 'done' "$og_said"
      ;;
    4) og_kept=unsupported ;;
    6) og_kept=lacks ;;
    5 | 124 | 12[89] | 1[3-9]?) og_kept=unknown ;;
    *)
      og_said=$og_dir/message
      tail -n 5 "$og_dir/err" | tail -c 2000 >"$og_said"
      og_keep "$2" refused "$og_said"
      ;;
  esac
}

# Begins detached work: in a session of its own, holding the lock until it has written itself down.
og_begin() {
  rm -rf "$og_dir/detached"
  mkdir "$og_dir/detached" || og_broken 'its records cannot be written'
  if [ -n "$og_input" ]; then mv "$og_input" "$og_dir/detached/.input"; else : >"$og_dir/detached/.input"; fi
  setsid sh "$og_self" "$og_hash" work "$OCCI_SITE" "$OCCI_RESOURCE" "$OCCI_KEY" "$og_deed" "$@" \
    <"$og_dir/detached/.input" >/dev/null 2>&1 &
  og_leave
  og_say 'running 0'
  exit 0
}

# The detached work itself.
og_run_work() {
  og_me
  rm -f "$og_dir/detached/.input" "$og_dir/progress"
  OCCI_WORK=$og_dir/detached OCCI_PROGRESS=$og_dir/progress
  export OCCI_WORK OCCI_PROGRESS
  printf '%s\n%s\n%s\n' "$OCCI_KEY" "$og_deed" "$$ $og_my_start $og_my_pgid $og_boot" >"$og_dir/work.new" &&
    og_sync "$og_dir/work.new" && mv "$og_dir/work.new" "$og_dir/work" && og_sync "$og_dir" || exit 1
  exec 9>&-
  ("effect_$og_deed" "$@") >"$og_dir/detached.out" 2>"$og_dir/detached.err"
  og_status=$?
  { flock 9 && og_finish_work; } 9>>"$og_dir/lock"
  exit 0
}
og_finish_work() {
  og_read_work && [ "$og_work_pid $og_work_start" = "$$ $og_my_start" ] || return 0
  og_held
  mv "$og_dir/detached.out" "$og_dir/out"
  mv "$og_dir/detached.err" "$og_dir/err"
  og_close "$og_status" "$OCCI_KEY"
  og_forget_work
}

og_cancel() {
  if [ "$og_work_key" = "$OCCI_KEY" ]; then
    og_end TERM "$og_work_pid" "$og_work_start" "$og_work_pgid" "$og_work_boot" || og_broken 'the work cannot be ended'
    og_keep_cancelled
    og_forget_work
  elif ! og_result "$OCCI_KEY"; then og_keep_cancelled; fi
  og_leave
  og_say ended
  exit 0
}

og_keep_cancelled() {
  { echo 'it was cancelled'; } >"$og_dir/message"
  og_keep "$OCCI_KEY" refused "$og_dir/message"
}

# Everything of this site goes, unless something is under way; the guard itself with the last site that has records here.
og_uninstall() {
  for og_file in "$og_state"/resources/*/attached; do
    read -r og_a_pid og_a_start og_it 2>/dev/null <"$og_file" || continue
    og_alive "$og_a_pid" "$og_a_start" "$og_boot" && { og_say "busy ${og_file%/attached}"; exit 0; }
  done
  for og_file in "$og_state"/resources/*/work; do
    og_dir=${og_file%/work}
    og_read_work && og_alive "$og_work_pid" "$og_work_start" "$og_work_boot" && { og_say "busy $og_work_key"; exit 0; }
  done
  rm -rf "$og_state"
  for og_it in "$og_folder"/guard/records/*; do
    [ ! -d "$og_it" ] || { og_say removed; exit 0; }
  done
  rm -rf "$og_folder/guard"
  rmdir "$og_folder" 2>/dev/null
  og_say removed
}
