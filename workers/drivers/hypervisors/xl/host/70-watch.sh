# What the guard's watch needs of this driver (guard/host/70-watch.sh), and its deeds with the watch's words around them.

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
)

# free_xl_watched_list ORDER…: all there is, after the watch took its order
free_xl_watched_list() {
  watch_take "$@"
  free_xl_list || exit
  echo '== watch'
  watch_say
  echo '== marks'
  watch_marks
}

effect_xl_watched_on() {
  watch_may_start "$OCCI_RESOURCE"
  effect_xl_on
}

effect_xl_watched_undefine() {
  effect_xl_undefine
  watch_forget "$OCCI_RESOURCE"
}
