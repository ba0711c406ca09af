# What the guard's watch needs of this driver (guard/host/70-watch.sh).

watch_runs() (
  xl_open "$1"
  xl_domain
  [ -n "$XL_DOM" ]
)

# Nothing of it is asked: whatever bears its uuid ends, however it was started.
watch_end() (
  xl_open "$1"
  xl_domain
  xl_destroy
  xl_ended
)

# free_xl_watched_list ORDER…: all there is, after the watch took its order
free_xl_watched_list() {
  watch_take "$@"
  free_xl_list || exit
  echo '== watch'
  watch_say
}
