# Effects on one disk, of a machine or a volume. Each is done when it is so already.

# DISK BYTES BACKEND|- METHOD|- SHA|- FORMAT|- [MOST]: attached, it copies no more than MOST bytes.
effect_disk_make() {
  check_name "$1" && check_number "$2"
  found=$(disk_found "$1")
  if [ -n "$found" ]; then
    found=${found#* } found=${found#* }
    bytes=${found%% *}
    [ "$bytes" -ge "$2" ] || refuse "$1 is there with $((bytes / 1073741824)) GiB"
    return 0
  fi
  # Never a fresh disk under an old name.
  away=$(disk_away)
  [ -z "$away" ] || refuse "the storage $away $NOT_HERE: whether $1 is there is not known"
  place=$(disk_place "$3") || exit
  kind=${place%% *} where=${place##* }
  if [ "$5" = - ]; then
    make_room "$kind" "$where" $(($2 / 1024)) "$1"
    "${kind}_blank" "$where" "$1" "$2"
    return
  fi
  check_image "$5" "$6"
  method=$4
  [ "$method" != - ] || method=$("${kind}_clones" "$where")
  image_use "$5" "$6" "$1" || lacks "its image went away from this host's cache; it is fetched again"
  if [ -z "${OCCI_PROGRESS-}" ] && [ "$method" = copy ] && [ "$(size_of "$image")" -gt "${7:-0}" ]; then
    images_release "$1"
    lacks 'its image is copied, which takes its time'
  fi
  ( disk_clone "$@" )
  code=$?
  # Only what is a layer over it needs it from now on.
  [ $code -eq 0 ] && [ "$method" = qcow2 ] || images_release "$1"
  return $code
}
# The words of disk_make; kind, where and method are known.
disk_clone() {
  image=$(image_path "$5" "$6")
  contents=$(stat -c %s "$image")
  [ "$6" != qcow2 ] || contents=$(qcow2_bytes "$image")
  [ "$contents" -le "$2" ] || refuse "$(($2 / 1073741824)) GiB are too few for contents of $contents bytes"
  # A file of qcow2 may be larger than its disk, and is copied whole.
  takes=$2
  if [ "$method" = copy ]; then
    file=$(stat -c %s "$image")
    [ "$file" -le "$takes" ] || takes=$file
  fi
  make_room "$kind" "$where" $((takes / 1024)) "$1" "$image"
  "${kind}_clone" "$where" "$1" "$2" "$image" "$6" "$method"
}

effect_disk_grow() {
  check_name "$1" && check_number "$2"
  disk_found "$1" | {
    read -r kind where bytes format path || refuse "failed to stat: no disk $1"
    [ "$bytes" -ne "$2" ] || return 0
    [ "$bytes" -lt "$2" ] || refuse "$1 has $((bytes / 1073741824)) GiB and is not made smaller"
    make_room "$kind" "$where" $((($2 - bytes) / 1024)) "$1"
    "${kind}_grow" "$where" "$1" "$2"
  }
}

# A disk, or a snapshot's copy; gone or never there is done.
effect_disk_remove() {
  check_name "$1"
  holder=$(disk_holder "$1")
  [ -z "$holder" ] || refuse "$1 is attached to $holder"
  disk_places | while read -r kind name pool where; do
    "${kind}_drop" "$where" "$1"
    ! "${kind}_here" "$where" || snapshot_drop "$where" "$1"
  done || exit
  images_release "$1"
  images_sweep
  # A volume's resource is its disk's name; what else a machine has here is not known in this file.
  if [ "$1" = "$OCCI_RESOURCE" ]; then departed; fi
  return 0
}

# A look at one disk alone, for what has no machine.
look_disk() {
  check_name "$1"
  disk_lines "$1"
  disk_places | while read -r kind name pool where; do
    ! "${kind}_here" "$where" || [ ! -f "$where/snapshots/$1.meta" ] || printf 'snapshot %s %s\n' "$1" "$(cat "$where/snapshots/$1.meta")"
  done
}
