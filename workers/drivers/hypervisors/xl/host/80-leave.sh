# Leaving a host for good. Refused while anything of an owner's is here; caches, networks of ours and settings go with us. What is
# below shared/ (storage that hosts share) is never ours to empty, mounted, bound or simply a folder of the host that gives it to
# the others: it is left, and so is any other mount. Empty mount points go.
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
  [ -d "$root" ] || return 0
  # Not across a mount: -xdev, which knows only other file systems, so not by that alone.
  find "$root" -xdev -path "$root/shared/*" -prune -o ! -type d -exec rm -f -- {} +
  for it in "$root"/shared/*; do rmdir -- "$it" 2>/dev/null; done
  find "$root" -xdev -depth -type d ! -path "$root/shared/*" -exec rmdir -- {} + 2>/dev/null
  left=$(find "$root" -xdev -path "$root/shared/*" -prune -o ! -type d -print 2>/dev/null | head -n 1)
  [ -z "$left" ] || refuse "$left cannot be removed"
}
