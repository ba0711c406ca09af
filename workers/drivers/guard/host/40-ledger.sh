# Resources coming and going (the rules of guard/ledger.ts). All of it under the lock of all, fd 8.

# og_floor: as og_era.og_number
og_floor() {
  og_it=0.0
  read -r og_it 2>/dev/null <"$og_state/floor" || og_it=0.0
  og_era=${og_it%.*} og_number=${og_it#*.}
}

# og_line resource: the newest ledger line of a resource, as og_era.og_number; false for none
og_line() {
  og_era=0 og_number=0
  [ -s "$og_state/ledger" ] || return 1
  og_it=$(grep -F -- "$1 " "$og_state/ledger") || return 1
  while read -r og_id og_it og_at; do
    [ "$og_id" != "$1" ] || ! og_newer "${og_it%.*}" "${og_it#*.}" $og_era $og_number || {
      og_era=${og_it%.*} og_number=${og_it#*.}
    }
  done <<END
$og_it
END
  [ $og_era.$og_number != 0.0 ]
}

# Takes in a resource that has no folder, or refuses: at or below the floor, or below its line.
og_take_in() {
  [ -d "$og_state/resources" ] || mkdir -p "$og_state/resources" || og_broken 'its records cannot be written'
  { flock 8 && og_taken_in; } 8>>"$og_state/lock" || og_broken 'its records cannot be written'
}
og_taken_in() {
  [ ! -d "$og_dir" ] || return 0
  if og_line "$OCCI_RESOURCE"; then
    og_newer $og_era $og_number "$og_my_era" "$og_my_number" && og_stale
    og_as=$og_era.$og_number
  else
    og_floor
    og_newer "$og_my_era" "$og_my_number" $og_era $og_number || og_stale
    og_as=$og_my_era.$og_my_number
  fi
  og_new=$og_state/resources/.new.$$
  # Nothing was done to it yet: it goes again by itself when nothing is.
  mkdir "$og_new" "$og_new/tmp" || { rm -rf "$og_new" && mkdir "$og_new" "$og_new/tmp"; } || return 1
  { :; } >"$og_new/claim.$og_as" && { :; } >"$og_new/lock" && { echo yes; } >"$og_new/departed" &&
    og_sync "$og_new" && mv "$og_new" "$og_dir" && og_sync "$og_state/resources"
}

# Departed resources become lines after an hour, lines of 30 days become the floor.
og_sweep() {
  mkdir -p "$og_state/resources" || og_broken 'its records cannot be written'
  og_now=$(date +%s)
  { flock 8 && og_fold && og_drop_lines; } 8>>"$og_state/lock" || og_broken 'its records cannot be written'
  og_say swept
}

og_fold() {
  rm -rf "$og_state"/resources/.new.* "$og_state"/resources/.gone.*
  # Input of calls that were killed.
  [ ! -d "$og_state/input" ] || find "$og_state/input" -type f -mmin +60 -exec rm -f {} +
  og_old=$(find "$og_state/resources" -mindepth 2 -maxdepth 2 -name departed -size +0 -mmin +59)
  for og_file in $og_old; do
    og_dir=${og_file%/departed}
    { flock -n 9 && og_fold_one; } 9>>"$og_dir/lock" || continue
  done
}
og_fold_one() {
  # An effect may have come meanwhile.
  [ -s "$og_dir/departed" ] || return 0
  og_work
  [ -z "$og_work_key" ] || return 0
  og_held
  echo "${og_dir##*/} $og_era.$og_number $og_now" >>"$og_state/ledger" && og_sync "$og_state/ledger" "$og_state" || return 1
  og_gone=$og_state/resources/.gone.$$
  mv "$og_dir" "$og_gone" && rm -rf "$og_gone"
}

og_drop_lines() {
  [ -s "$og_state/ledger" ] || return 0
  og_floor
  og_kept=0 og_dropped=0
  : >"$og_state/ledger.new"
  while read -r og_id og_it og_at; do
    if [ $((og_now - og_at)) -lt 2592000 ]; then
      echo "$og_id $og_it $og_at" >>"$og_state/ledger.new"
    else
      og_dropped=$((og_dropped + 1))
      ! og_newer "${og_it%.*}" "${og_it#*.}" $og_era $og_number || og_era=${og_it%.*} og_number=${og_it#*.}
    fi
  done <"$og_state/ledger"
  [ $og_dropped -gt 0 ] || { rm -f "$og_state/ledger.new"; return 0; }
  # The floor stands before a line goes.
  echo "$og_era.$og_number" >"$og_state/floor.new" && og_sync "$og_state/floor.new" &&
    mv "$og_state/floor.new" "$og_state/floor" && og_sync "$og_state" "$og_state/ledger.new" &&
    mv "$og_state/ledger.new" "$og_state/ledger" && og_sync "$og_state"
}
