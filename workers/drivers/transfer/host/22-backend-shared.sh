# Folders that several hosts mount at shared/<name> (NFS, CephFS, a cluster's file system). The file `.pool` in it, made once
# by the operator, names it alike on all of them; a folder without it is not mounted now, and is not written to.
# Its disks stand alone: a backing file in one host's cache would not be there on another.
BACKENDS="$BACKENDS shared"
shared_places() {
  for where in "$(site_root)"/shared/*/; do
    where=${where%/}
    [ -f "$where/.pool" ] || continue
    read -r pool _ <"$where/.pool"
    case $pool in '' | - | *[!A-Za-z0-9._-]*) continue ;; esac
    printf '%s %s %s\n' "${where##*/}" "$pool" "$where"
  done
}
shared_room() { folder_room "$@"; }
# Extents are shared within one file system only, and the images are in another.
shared_clones() { echo copy; }
shared_disks() { folder_disks "$@"; }
shared_blank() { folder_blank "$@"; }
shared_clone() { folder_clone "$@"; }
shared_grow() { folder_grow "$@"; }
shared_drop() { folder_drop "$@"; }
shared_copy() { folder_copy "$@"; }
