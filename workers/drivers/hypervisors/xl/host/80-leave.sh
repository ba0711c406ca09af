# Leaving a host for good. Refused while anything of an owner's is here; caches, networks of ours and settings go with us. What is
# mounted below the site's folder (storage that hosts share) is not ours to empty: it is left, and so is its mount point.
free_xl_leave() {
  root=$(site_root)
  for it in "$root"/machines/*; do
    [ -e "$it" ] || continue
    refuse "the machine ${it##*/} is still here"
  done
  for it in "$root"/disks/* "$root"/snapshots/*; do
    [ -e "$it" ] || continue
    refuse "${it#"$root"/} is still here"
  done
  busy=$(works)
  [ -z "$busy" ] || refuse "work is under way here: ${busy%%
*}"
  for it in "$root"/networks/*; do
    [ -f "$it" ] || continue
    (network_alone && network_drop "${it##*/}") || exit
  done
  [ ! -d "$root" ] || xl_leave_folder || exit
  # The lock of networks is every site's: it goes with the last one.
  for it in "$OCCI_FOLDER"/*/; do
    case $it in */guard/) ;; *) [ ! -d "$it" ] || return 0 ;; esac
  done
  rm -f "$OCCI_FOLDER/networks.lock"
}
xl_leave_folder() {
  # Not across a mount: -xdev. A folder that something is mounted on stays.
  find "$root" -xdev ! -type d -exec rm -f -- {} +
  find "$root" -xdev -depth -type d -exec rmdir -- {} + 2>/dev/null
  left=$(find "$root" -xdev ! -type d 2>/dev/null | head -n 1)
  [ -z "$left" ] || refuse "$left cannot be removed"
}
