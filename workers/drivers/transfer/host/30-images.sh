# The cache of images: images/<sha256>.<format>, whole and checked; .part while it comes; .bad after it came with other contents;
# .users/ has a file for whatever needs it to stay: a qcow2 disk over it, a machine that boots it.

IMAGE_DAYS=14
image_path() { printf '%s/images/%s.%s' "$(site_root)" "$1" "$2"; }
check_image() {
  check_name "$1"
  case $2 in raw | qcow2 | kernel | initramfs) ;; *) refuse "$2 is no format of an image" ;; esac
}

# It stays for that user; 1: it is not there. The user is written down first: who evicts looks again after taking it away.
image_use() {
  image=$(image_path "$1" "$2")
  [ -d "$image.users" ] || mkdir -p "$image.users"
  : >"$image.users/$3"
  if [ -f "$image" ]; then touch "$image"; return 0; fi
  rm -f "$image.users/$3"
  return 1
}
# Nothing needs an image for this user any more.
images_release() {
  # The folder stays as long as its image: another user may be writing itself down in it now.
  for held in "$(site_root)"/images/*.users/"$1"; do rm -f "$held"; done
}

image_used() { [ -n "$(ls "$1.users" 2>/dev/null)" ]; }

# One that is in use is not touched. Whoever begins to use it in this very moment is heard after it was taken away.
image_drop() {
  ! image_used "$1" || return 1
  mv "$1" "$1.gone" 2>/dev/null || return 1
  image_dropped "$1"
}
# Goes on, also where a call was ended in between: back for whoever uses it, else away. Only who takes it away takes its users' folder.
image_dropped() {
  if image_used "$1"; then mv "$1.gone" "$1" 2>/dev/null; return 1; fi
  rm "$1.gone" 2>/dev/null && rmdir "$1.users" 2>/dev/null
  return 0
}

# Least used first, until so many KiB were freed; never one that is in use, nor the one named.
images_evict() {
  need=$1 keep=$2 freed=0
  for path in $(ls -tr "$(site_root)/images" 2>/dev/null); do
    [ "$freed" -lt "$need" ] || return 0
    old=$(site_root)/images/$path
    case $path in
    *.part) [ "$old" != "$keep.part" ] && [ -n "$(find "$old" -mmin +60 2>/dev/null)" ] || continue ;;
    *.raw | *.qcow2 | *.kernel | *.initramfs) [ "$old" != "$keep" ] || continue ;;
    *) continue ;;
    esac
    held=$(($(stat -c %b "$old") / 2))
    case $path in
    *.part) rm -f "$old" ;;
    *) image_drop "$old" || continue ;;
    esac
    freed=$((freed + held))
  done
  [ "$freed" -ge "$need" ]
}

# What nobody asked for in a long time, and what was left by those that were killed.
images_sweep() {
  for gone in "$(site_root)"/images/*.gone; do [ ! -f "$gone" ] || image_dropped "${gone%.gone}"; done
  find "$(site_root)/images" -type f \( -name '*.raw' -o -name '*.qcow2' -o -name '*.kernel' -o -name '*.initramfs' \) \
    -mtime +$IMAGE_DAYS 2>/dev/null | while read -r image; do image_drop "$image"; done
  find "$(site_root)/images" -name '*.part' -mtime +1 -exec rm -f {} + 2>/dev/null
  find "$(site_root)/disks" "$(site_root)/snapshots" -name '.new-*' -mtime +1 -exec rm -f {} + 2>/dev/null
}

# KIND|whole WHERE KIB WHAT [KEEP]: room for so many KiB there, by giving up kept images (but for KEEP) if need be.
make_room() {
  free=$("${1}_room" "$2")
  free=${free#* }
  [ "$free" -lt "$3" ] || return 0
  case $1 in local | whole) images_evict $(($3 - free)) "${5:-}" ;; esac
  free=$("${1}_room" "$2")
  free=${free#* }
  [ "$free" -ge "$3" ] || refuse "no space left on device: $4 needs $(($3 / 1024)) MiB, $((free > 0 ? free / 1024 : 0)) MiB are neither used nor promised"
}

image_state() {
  image=$(image_path "$1" "$2")
  if [ -f "$image" ]; then
    place=$(disk_place "${3:--}") || exit
    kind=${place%% *} where=${place##* }
    echo "there $("${kind}_clones" "$where") $(stat -c %s "$image")"
  elif [ -f "$image.bad" ]; then echo "bad $(cat "$image.bad")"
  else echo "part $(size_of "$image.part")"; fi
}

# SHA FORMAT: seconds since bytes of it came; nothing while none are on their way.
free_image_age() {
  check_image "$1" "$2"
  came=$(stat -c %Y "$(image_path "$1" "$2").part" 2>/dev/null) || return 0
  echo $(($(date +%s) - came))
}

# SHA FORMAT BACKEND|-: whether it is there; asked for, it stays a while.
effect_image_ask() {
  check_image "$1" "$2"
  image=$(image_path "$1" "$2")
  [ ! -f "$image" ] || touch "$image"
  image_state "$1" "$2" "$3"
}

# SHA FORMAT OFFSET LENGTH TOTAL, the bytes as input; whose offset is not the end is told the end, and nothing is changed.
effect_image_piece() {
  image_begins "$@" || return 0
  if ! cat >>"$image.part" || [ "$(size_of "$image.part")" -ne $(($3 + $4)) ]; then
    truncate -s "$3" "$image.part"
    refuse "no space left on device for an image of $5 bytes"
  fi
  image_state "$1" "$2"
}
# The same for bytes that are all zero.
effect_image_zeros() {
  image_begins "$@" || return 0
  truncate -s $(($3 + $4)) "$image.part" || refuse "no space left on device for an image of $5 bytes"
  image_state "$1" "$2"
}
image_begins() {
  check_image "$1" "$2"
  check_number "$3" && check_number "$4" && check_number "$5"
  image=$(image_path "$1" "$2")
  mkdir -p "${image%/*}"
  if [ -f "$image" ] || [ "$(size_of "$image.part")" -ne "$3" ]; then
    cat >/dev/null
    image_state "$1" "$2"
    return 1
  fi
  rm -f "$image.bad"
  [ "$3" -ne 0 ] || make_room local "$(site_root)" $(($5 / 1024 + 1)) "an image" "$image"
  [ -f "$image.part" ] || : >"$image.part"
}

# All of it is here: kept if it is what it should be, else gone.
effect_image_seal() {
  check_image "$1" "$2"
  image=$(image_path "$1" "$2")
  [ ! -f "$image" ] || return 0
  command -v sha256sum >/dev/null 2>&1 || refuse "this host has no sha256sum"
  sum=$(sha256sum <"$image.part")
  sum=${sum%% *}
  if [ "$sum" != "$1" ]; then
    rm -f "$image.part"
    echo "$sum" >"$image.bad"
    refuse "it came with other contents"
  fi
  settle_file "$image.part" && chmod 600 "$image.part" && mv "$image.part" "$image" || refuse "it could not be kept"
  images_sweep
}

effect_image_clear() {
  check_image "$1" "$2"
  image=$(image_path "$1" "$2")
  rm -f "$image.part" "$image.bad"
  [ -f "$image" ] || departed
}
