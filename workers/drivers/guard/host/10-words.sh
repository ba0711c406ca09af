# What deeds may use, and what the other parts share. Names of the guard's own begin with og_; nothing here forks where it can
# be helped, since each call pays for it.

# percent N: how far detached work is
percent() { [ -z "${OCCI_PROGRESS-}" ] || { echo "$1"; } >"$OCCI_PROGRESS"; }

# refuse TEXT…: the deed is refused
refuse() {
  echo "$*" >&2
  exit 3
}

# lacks TEXT…: nothing was done, for something has to be brought first; the same call may come again. Detached work cannot say it.
lacks() {
  [ -z "${OCCI_PROGRESS-}" ] || refuse "$*"
  echo "$*" >&2
  exit 6
}

# apart SECONDS DEED ARG…: a free deed by a process of its own, which is ended after so many seconds: for what may hang
apart() {
  og_seconds=$1
  shift
  timeout -k 1 "$og_seconds" sh "$og_self" "$og_hash" free "$OCCI_SITE" "$@" </dev/null 2>/dev/null | { read -r og_it && cat; }
}

# wait_lock FD SECONDS: the lock on an open file, waited for; false when it is not to be had. busybox's flock has no -w.
wait_lock() {
  og_waits=0
  until flock -n "$1"; do
    [ $((og_waits / 20)) -lt "$2" ] || return 1
    og_waits=$((og_waits + 1))
    og_nap
  done
}

# words_of FILE: what a file of /proc says, a word a line. A grep of busybox's looks no further than the first byte that is zero.
words_of() { tr '\0' '\n' 2>/dev/null <"$1"; }

# departed: nothing is left of the resource
departed() { { echo yes; } >"$og_dir/departed"; }

# works: the detached work under way, a line `resource percent key what` each
works() {
  for og_it in "$og_state"/resources/*/work; do
    [ -s "$og_it" ] || continue
    og_dir=${og_it%/work}
    og_read_work && og_alive "$og_work_pid" "$og_work_start" "$og_work_boot" || continue
    og_read_percent
    echo "${og_dir##*/} $og_percent $og_work_key $og_work_what"
  done
}

og_say() { printf 'og1 %s\n' "$*"; }

# The guard itself cannot go on; nothing was done.
og_broken() {
  og_say "broken $*"
  exit 0
}

# Nothing was done, and the lock is not to be had.
og_waited() {
  og_say "waited $*"
  exit 0
}

# On disk for good: a file or folder, or everything where sync knows no files.
og_sync() { sync "$@" 2>/dev/null || sync; }

og_nap() { sleep 0.05 2>/dev/null || sleep 1; }

# Whether claim $1.$2 is newer than $3.$4.
og_newer() { [ "$1" -gt "$3" ] || { [ "$1" -eq "$3" ] && [ "$2" -gt "$4" ]; }; }
