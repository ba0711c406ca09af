# What the guard keeps of a resource, in $og_dir:
#
#   claim.ERA.NUMBER   an empty file per claim; the newest name is the last epoch. Making one needs no lock and cannot be lost
#   lock               held while a call looks or acts
#   attached           who holds it: `pid start pgid boot era number`; empty when nobody does
#   work               detached work: its key, the deed's name, `pid start pgid boot`
#   progress           percent of that work
#   result.N           results, oldest lowest: era, key, done or refused, then value or message
#   departed           not empty: nothing is left of it, or nothing was done to it yet, since the file's time
#   tmp                the call's folder
#   detached           the work's folder
#
# and of all: ledger (`id era.number seconds` per departed resource), floor (`era.number`), lock (for both and for the folders
# of resources coming and going).

# og_held: the last epoch as og_era.og_number; older claims' files as og_past
og_held() {
  og_era=0 og_number=0 og_past=
  for og_it in "$og_dir"/claim.*; do
    og_it=${og_it##*/claim.}
    case $og_it in *[!0-9.]*) continue ;; esac
    if og_newer "${og_it%.*}" "${og_it#*.}" $og_era $og_number; then
      [ $og_era = 0 ] || og_past="$og_past $og_dir/claim.$og_era.$og_number"
      og_era=${og_it%.*} og_number=${og_it#*.}
    else og_past="$og_past $og_dir/claim.$og_it"; fi
  done
}

og_read_work() {
  { read -r og_work_key && read -r og_work_what && read -r og_work_pid og_work_start og_work_pgid og_work_boot; } \
    2>/dev/null <"$og_dir/work"
}

og_read_percent() {
  og_percent=0
  read -r og_it 2>/dev/null <"$og_dir/progress" || return 0
  case $og_it in '' | *[!0-9]* | ????*) ;; *) og_percent=$og_it ;; esac
}

# The work under way (og_work_key, empty for none). Under the lock: what died without a result is forgotten, its rests ended.
og_work() {
  og_work_key=
  [ -s "$og_dir/work" ] || return 0
  if og_read_work && og_alive "$og_work_pid" "$og_work_start" "$og_work_boot"; then return 0; fi
  og_end KILL "$og_work_pid" "$og_work_start" "$og_work_pgid" "$og_work_boot" ||
    og_waited 'what is left of earlier work cannot be ended'
  og_forget_work
  og_work_key=
}

og_forget_work() {
  rm -rf "$og_dir/work" "$og_dir/progress" "$og_dir/detached"
  og_sync "$og_dir"
}

# Of a result: og_of (era), og_key, og_came; false for one that a crash left half written.
og_read_result() { { read -r og_of && read -r og_key && read -r og_came; } 2>/dev/null <"$1"; }

# og_result key: the file of the result under that key in the era held; false for none
og_result() {
  for og_file in "$og_dir"/result.*[0-9]; do
    og_read_result "$og_file" && [ "$og_key" = "$1" ] && [ "$og_of" = "$og_era" ] && return 0
  done
  return 1
}

# og_keep key state file: what the file says is kept as the result under the key, durably, in place of an older one
og_keep() {
  og_last=0 og_count=0 og_first= og_drop=
  for og_file in "$og_dir"/result.*[0-9]; do
    og_read_result "$og_file" || continue
    og_it=${og_file##*.}
    [ "$og_it" -le $og_last ] || og_last=$og_it
    if [ "$og_key" = "$1" ]; then og_drop=$og_file; continue; fi
    og_count=$((og_count + 1))
    if [ -z "$og_first" ] || [ "$og_it" -lt "${og_first##*.}" ]; then og_first=$og_file; fi
  done
  og_file=$og_dir/result.$((og_last + 1))
  if [ -s "$3" ]; then
    { printf '%s\n%s\n%s\n' "$og_era" "$1" "$2" && head -c 65536 "$3"; } >"$og_dir/new" && og_sync "$og_dir/new" &&
      mv "$og_dir/new" "$og_file" && og_sync "$og_dir" || og_broken 'the result cannot be written'
  else
    # Three lines are seen to be whole, or are none: no other file first.
    { printf '%s\n%s\n%s\n' "$og_era" "$1" "$2"; } >"$og_file" && og_sync "$og_file" "$og_dir" ||
      og_broken 'the result cannot be written'
  fi
  [ $og_count -lt 16 ] || og_drop="$og_drop $og_first"
  [ -z "$og_drop" ] || rm -f $og_drop
}

# The result in og_file, to the asker. `$1`: what it says after its three lines, where that is known.
og_answer() {
  og_read_result "$og_file"
  og_say "$og_came"
  if [ $# = 0 ]; then { read -r og_it && read -r og_it && read -r og_it && cat; } <"$og_file"; elif [ -s "$1" ]; then
    head -c 65536 "$1"
  fi
  exit 0
}
