# Folders that several hosts mount at shared/<name> (NFS, CephFS, a cluster's file system). The file `.pool` in it, made once
# by the operator, names it alike on all of them. Its disks stand alone: a backing file in one host's cache would not be there on
# another.
#
# A mount may hang, or not be there. So it is asked by a process of its own, which is ended after some seconds, once in a call; and
# what it answered is kept on the host's own disk, in stores/<name>:
#
#   POOL CALL here|away|none TOTAL FREE     who asked last, and what came of it; none: it never had a .pool
#   DISK BYTES FORMAT PATH                  each of its disks, as it had them when it was here last
#
# While it is away its disks are told as they were: nothing of it is lost, and none of them is made anew.
BACKENDS="$BACKENDS shared"
STORE_SECONDS=${STORE_SECONDS:-5}

shared_places() {
  asked=' '
  for at in "$OCCI_FOLDER/$OCCI_SITE"/shared/* "$OCCI_FOLDER/$OCCI_SITE"/stores/*; do
    name=${at##*/}
    case $name in *[!A-Za-z0-9._-]*) continue ;; esac
    case $asked in *" $name "*) continue ;; esac
    asked="$asked$name "
    shared_ask "$name"
    [ "$store_state" = none ] || printf 'shared %s %s %s\n' "$name" "$store_pool" "$OCCI_FOLDER/$OCCI_SITE/shared/$name"
  done
}

# What is kept of it, as store_pool, store_call, store_state, store_room.
shared_kept() {
  store=$OCCI_FOLDER/$OCCI_SITE/stores/$1
  store_pool=- store_call= store_state=none store_room='0 0'
  [ ! -f "$store" ] || read -r store_pool store_call store_state store_room <"$store"
}

# NAME: asked now, if it was not in this very call.
shared_ask() {
  shared_kept "$1"
  [ "$store_call" != "$OCCI_CALL" ] || return 0
  answer=$(apart "$STORE_SECONDS" shared_look "$1")
  case $answer in
  *'
whole')
    answer=${answer%?whole}
    pool=${answer%% *}
    # Another storage in its place is not this one.
    if [ "$store_state" != none ] && [ "$pool" != "$store_pool" ]; then shared_gone; else shared_keep "$answer"; fi
    ;;
  *)
    if [ "$store_state" = none ]; then shared_keep "- $OCCI_CALL none 0 0"; else shared_gone; fi
    ;;
  esac
  shared_kept "$1"
}
shared_gone() {
  shared_keep "$store_pool $OCCI_CALL away ${store_room% *} 0
$(sed 1d "$store")"
}
shared_keep() {
  [ -d "${store%/*}" ] || mkdir -p "${store%/*}"
  printf '%s\n' "$1" >"${store%/*}/.new-$$" && mv "${store%/*}/.new-$$" "$store"
}

# NAME: what it has, asked for by shared_ask; it may hang.
free_shared_look() {
  where=$OCCI_FOLDER/$OCCI_SITE/shared/$1
  [ -f "$where/.pool" ] && read -r pool _ <"$where/.pool" || return 0
  case $pool in '' | - | *[!A-Za-z0-9._-]*) return 0 ;; esac
  room=$(folder_room "$where") && disks=$(folder_disks "$where") || return 0
  printf '%s %s here %s\n' "$pool" "$OCCI_CALL" "$room"
  [ -z "$disks" ] || printf '%s\n' "$disks"
  echo whole
}

shared_here() {
  shared_kept "${1##*/}"
  [ "$store_state" = here ]
}
shared_disks() {
  shared_kept "${1##*/}"
  shift
  [ $# -gt 0 ] || set -- '*'
  [ -f "$store" ] || return 0
  {
    read -r _
    while read -r disk bytes format path; do
      for pattern do
        case $disk in $pattern) printf '%s %s %s %s\n' "$disk" "$bytes" "$format" "$path" && break ;; esac
      done
    done
  } <"$store"
}
shared_room() {
  shared_kept "${1##*/}"
  printf '%s\n' "$store_room"
}
# Extents are shared within one file system only, and the images are in another.
shared_clones() { echo copy; }

# Changed only while it is here; what was changed is known at once.
shared_use() { shared_here "$1" || refuse "the storage ${1##*/} $NOT_HERE"; }
shared_note() {
  shared_keep "$(head -n 1 "$store")
$({ sed 1d "$store" | grep -v "^$2 "; folder_disks "$1" "$2"; })"
}
shared_blank() { shared_use "$1"; folder_blank "$@"; shared_note "$1" "$2"; }
shared_clone() { shared_use "$1"; folder_clone "$@"; shared_note "$1" "$2"; }
shared_grow() { shared_use "$1"; folder_grow "$@"; shared_note "$1" "$2"; }
shared_drop() {
  if shared_here "$1"; then folder_drop "$@"; shared_note "$1" "$2"; return; fi
  # Where it is not known to have been, there is nothing to take away.
  [ -z "$(shared_disks "$1" "$2")" ] || refuse "the storage ${1##*/} of $2 $NOT_HERE"
}
shared_copy() { shared_use "$1"; folder_copy "$@"; }
