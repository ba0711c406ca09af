# The host's own folder: it is gone with its host.
BACKENDS="$BACKENDS local"
local_places() {
  [ -d "$OCCI_FOLDER/$OCCI_SITE" ] || mkdir -p "$OCCI_FOLDER/$OCCI_SITE"
  printf 'local local - %s\n' "$OCCI_FOLDER/$OCCI_SITE"
}
local_here() { :; }
local_room() { folder_room "$@"; }
# Of the same folder, for what is no disk.
whole_room() { folder_room "$1" all; }
local_clones() { folder_clones "$@"; }
local_disks() { folder_disks "$@"; }
local_blank() { folder_blank "$@"; }
local_clone() { folder_clone "$@"; }
local_grow() { folder_grow "$@"; }
local_drop() { folder_drop "$@"; }
local_copy() { folder_copy "$@"; }
