# A copy of a disk at one moment: snapshots/<name>.raw beside its disk, with <name>.meta (`sha256 bytes how`) once it is whole.
# It stays until its contents are in the site's image store, then it is removed like a disk.

snapshot_file() {
  disk_places | while read -r kind name pool where; do
    ! "${kind}_here" "$where" || [ ! -f "$where/snapshots/$1.meta" ] || printf '%s/snapshots/%s\n' "$where" "$1"
  done | head -n 1
}

# WHERE SNAPSHOT: the guest that was held still for it goes on; 1: it did not, and is still known to be held for it.
snapshot_thaw() {
  [ ! -f "$1/snapshots/$2.held" ] || { disk_thaw "$(cat "$1/snapshots/$2.held")" && rm -f "$1/snapshots/$2.held"; }
}

snapshot_drop() {
  snapshot_thaw "$1" "$2" || exit 5
  rm -f "$1/snapshots/$2.meta" "$1/snapshots/$2.raw" "$1/snapshots/.new-$2"
}

# DISK SNAPSHOT
effect_disk_snapshot() {
  check_name "$1" && check_name "$2"
  made=$(snapshot_file "$2")
  if [ -n "$made" ]; then
    snapshot_thaw "${made%/snapshots/*}" "$2" || exit 5
    cat "$made.meta"
    return 0
  fi
  found=$(disk_found "$1")
  [ -n "$found" ] || refuse "failed to stat: no disk $1"
  kind=${found%% *} found=${found#* }
  where=${found%% *}
  "${kind}_here" "$where" || refuse "the storage ${where##*/} of $1 $NOT_HERE"
  mkdir -p "$where/snapshots"
  snapshot_drop "$where" "$2"
  snapshot_room "$kind" "$where" "$1"
  new=$where/snapshots/.new-$2
  echo "$1" >"$where/snapshots/$2.held"
  still=$(disk_freeze "$1") || { snapshot_drop "$where" "$2"; refuse "its machine could not be held still"; }
  how=$("${kind}_copy" "$where" "$1" "$new")
  code=$?
  # Extents that are shared are shared at once.
  if [ $code -eq 0 ] && [ "$how" != reflink ] && ! disk_still "$1"; then
    echo "its machine went on while $1 was copied" >&2
    code=3
  fi
  snapshot_thaw "$where" "$2" || echo "its machine does not go on" >&2
  [ $code -eq 0 ] || { rm -f "$new"; snapshot_drop "$where" "$2"; exit $code; }
  settle_file "$new"
  sum=$(sha256sum <"$new")
  mv "$new" "$where/snapshots/$2.raw"
  echo "${sum%% *} $(stat -c %s "$where/snapshots/$2.raw") $how${still:+-}$still" >"$where/snapshots/.new-$2"
  settle_file "$where/snapshots/.new-$2" && mv "$where/snapshots/.new-$2" "$where/snapshots/$2.meta" || refuse "it could not be kept"
  # Where it did not: the same call again has the copy, and only that is left to do.
  snapshot_thaw "$where" "$2" || exit 5
  cat "$where/snapshots/$2.meta"
}

# What a copy takes at once: nothing where extents are shared.
snapshot_room() {
  [ "$("$1"_clones "$2")" = reflink ] || {
    path=$(disk_target "$3")
    make_room "$1" "$2" $(($(stat -c %b "${path#* }") / 2)) "a copy of $3"
  }
}

# SNAPSHOT OFFSET LENGTH: `zeros BYTES`, how much from there on is zero and left out (whole pieces, as many as a few seconds suffice to
# look through), and the piece behind it, compressed; nothing behind it at the end. Pieces are of whole MiB.
look_snapshot_piece() {
  check_name "$1" && check_number "$2" && check_number "$3"
  made=$(snapshot_file "$1")
  [ -n "$made" ] || refuse "failed to stat: no snapshot $1"
  size=$(stat -c %s "$made.raw") at=$(($2 / 1048576)) mib=$((($3 + 1048575) / 1048576))
  until=$(($(date +%s) + 5))
  while [ $((at * 1048576)) -lt "$size" ] && snapshot_is_zero "$made.raw" $at $mib; do
    at=$((at + mib))
    [ "$(date +%s)" -lt $until ] || break
  done
  end=$((at * 1048576))
  [ $end -le "$size" ] || end=$size
  echo "zeros $((end - $2 / 1048576 * 1048576))"
  [ $end -eq "$size" ] || snapshot_mib "$made.raw" $at $mib | gzip -1 -c
}
# FILE FROM COUNT, MiB.
snapshot_mib() { dd if="$1" bs=1048576 skip="$2" count="$3" 2>/dev/null; }
snapshot_is_zero() { [ "$(snapshot_mib "$@" | LC_ALL=C tr -d '\000' | head -c 1 | wc -c)" -eq 0 ]; }
