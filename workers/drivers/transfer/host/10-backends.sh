# Where a host keeps disks. A backend X is a file backend-X.sh that adds X to BACKENDS and defines
#
#   X_places                             a line `X name pool where` for each place of its kind on this host; pool -: this host alone has it
#   X_here WHERE                         whether it can be used now: a place that hosts share may be away, and what is told of it is then
#                                        what it had when it was here last
#   X_room WHERE                         `total free`, KiB: what disks may take in all; what is neither taken nor promised to one
#   X_clones WHERE                       how a kept image becomes a disk there: reflink, qcow2 or copy
#   X_disks WHERE [DISK…]                a line `disk bytes format path` for each disk, or for those (patterns of sh)
#   X_blank WHERE DISK BYTES             an empty disk
#   X_clone WHERE DISK BYTES IMAGE FORMAT METHOD
#   X_grow WHERE DISK BYTES
#   X_drop WHERE DISK
#   X_copy WHERE DISK FILE               the disk's contents now as a raw file; prints how
#
# A disk appears whole or not at all. Nothing here waits for anything but a copy.
BACKENDS=

# Hooks for the hypervisor's deeds, which come after these files and define them anew: the machine that has a disk attached now
# (nothing: none), and holding its guest still while its disk is copied (prints a word for what was done, e.g. paused), whether
# it was still all the time, and letting it go on; and a command that needs a disk which no guest has open, or gets meanwhile.
disk_holder() { :; }
disk_freeze() { :; }
disk_still() { :; }
disk_thaw() { :; }
disk_closed() { shift; "$@"; }
# Whether its machines can have a disk of that format; KiB that files which are no disks are still to take of a place.
disk_served() { :; }
disk_pending() { echo 0; }

# Where forks are counted, "$OCCI_FOLDER/$OCCI_SITE" itself.
site_root() { printf '%s/%s' "$OCCI_FOLDER" "$OCCI_SITE"; }

# A word of the operator's in the file `settings` of the site's folder: `clone=copy`, `backend=nfs`, `most=100` (GiB).
disks_setting() { sed -n "s/^$1=//p" "$(site_root)/settings" 2>/dev/null | tail -n 1; }

# What is no name of a disk, image or snapshot never becomes part of a path.
check_name() {
  case $1 in
  '' | .* | *[!A-Za-z0-9._-]*) refuse "$1 is no name of a disk" ;;
  esac
}
check_number() {
  case $1 in
  '' | *[!0-9]*) refuse "$1 is no number" ;;
  esac
}

# 0 for what is not there, or goes this very moment.
size_of() { stat -c %s "$1" 2>/dev/null || echo 0; }

# `kind name pool where` of all places.
disk_places() { for kind in $BACKENDS; do "${kind}_places"; done; }

# The names of places that are away, a line each.
disk_away() { disk_places | while read -r kind name pool where; do "${kind}_here" "$where" || printf '%s\n' "$name"; done; }
NOT_HERE="is not mounted on this host, or does not answer"

# Where new disks go: as told, as the operator said, else on shared storage where there is some.
disk_place() {
  wanted=${1:--}
  [ "$wanted" != - ] || wanted=$(disks_setting backend)
  chosen=$(disk_places | while read -r kind name pool where; do
    if [ -n "$wanted" ]; then [ "$name" != "$wanted" ] || printf '1 %s %s %s %s\n' "$kind" "$name" "$pool" "$where"
    elif [ "$pool" = - ]; then printf '2 %s %s %s %s\n' "$kind" "$name" "$pool" "$where"
    else printf '1 %s %s %s %s\n' "$kind" "$name" "$pool" "$where"; fi
  done | sort | head -n 1)
  [ -n "$chosen" ] || refuse "this host has no storage ${wanted:-at all}"
  printf '%s\n' "${chosen#* }"
}

# `backend name kind pool total free clone here|away` of each place; the one where new disks go comes first.
backend_lines() {
  first=$(disk_place - 2>/dev/null)
  { [ -z "$first" ] || printf '%s\n' "$first"; disk_places | while read -r line; do [ "$line" = "$first" ] || printf '%s\n' "$line"; done; } |
    while read -r kind name pool where; do
      if "${kind}_here" "$where"; then is=here; else is=away; fi
      printf 'backend %s %s %s %s %s %s\n' "$name" "$kind" "$pool" "$("${kind}_room" "$where")" "$("${kind}_clones" "$where")" $is
    done
}

# `disk name bytes format pool path` of each disk, or of those.
disk_lines() {
  disk_places | while read -r kind name pool where; do
    "${kind}_disks" "$where" "$@" | while read -r disk bytes format path; do
      printf 'disk %s %s %s %s %s\n' "$disk" "$bytes" "$format" "$pool" "$path"
    done
  done
}

# `kind where bytes format path` of a disk; nothing when it is not there.
disk_found() {
  disk_places | while read -r kind name pool where; do
    "${kind}_disks" "$where" "$1" | while read -r disk bytes format path; do
      printf '%s %s %s %s %s\n' "$kind" "$where" "$bytes" "$format" "$path"
    done
  done | head -n 1
}
# For a hypervisor's configuration: `format path`, e.g. `raw /var/lib/…/disks/vol-1.raw`; nothing when it is not there. Refused while
# its place is away.
disk_target() {
  found=$(disk_found "$1")
  [ -n "$found" ] || return 0
  kind=${found%% *} found=${found#* }
  where=${found%% *} found=${found#* }
  "${kind}_here" "$where" || refuse "the storage ${where##*/} of $1 $NOT_HERE"
  path=${found##* } found=${found#* }
  [ ! -L "$path" ] || path=$(readlink "$path")
  printf '%s\n' "${found% *} $path"
}
