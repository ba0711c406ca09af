# On, off, pause, again. Each is a level: reached from wherever the machine is, and reaching it twice is once.

# A host that is to fence itself starts nothing when its time is over; networks with VLANs do not outlive its restart. One that was
# taken over may have been started by other hands under its old name: its uuid is the same, and so are its disks.
xl_may_run() {
  twin=$(xl_twin)
  [ -z "$twin" ] || refuse "it runs already, as the domain $twin: rename that (xl rename $twin $XL_N), or end it"
  xl_let_go || refuse "what served its disks until it ended has not let go of them: it starts once that is gone"
  watch_may_start "$XL_N"
  xl_networks "$XL_M/networks"
}

# Most are gone a moment after their domain.
xl_let_go() {
  tries=0
  while xl_lingers; do
    [ $tries -lt 25 ] || return 1
    sleep 0.2
    tries=$((tries + 1))
    xl_domain
  done
}

# A domain from its configuration. What xl leaves of one that could not be built is taken away.
xl_start() {
  xl_may_run
  xl_compose
  # Devices that were cut in a hot change are whole with a fresh start.
  xl_whole "$XL_M/disks"
  xl_whole "$XL_M/nics"
  [ ! -f "$XL_M/started" ] || rm -f "$XL_M/started"
  xl_one_holds xl_starts || exit 5
  xl_try_watched 300 create "$XL_M/xl.cfg" >&2
  xl_came $?
}

xl_starts() { echo starting >"$XL_M/mark"; }
xl_whole() {
  while read -r _ _ is _; do
    [ "$is" != on ] || continue
    awk '{ $3 = "on"; print }' "$1" >"$1.new" && mv "$1.new" "$1"
    return
  done <"$1"
}

# What a create came to, by looking.
xl_came() {
  if [ "$1" -eq 0 ]; then
    xl_began
    rm -f "$XL_M/mark"
    return 0
  fi
  xl_state
  [ "$XL_STATE" != off ] || { xl_destroy; rm -f "$XL_M/mark"; }
  case $1 in 124 | 137) exit 124 ;; *) exit 3 ;; esac
}

# Paused first: until it goes on, its file is as good as before, and from then on it is not.
xl_restore() {
  xl_may_run
  xl_compose
  xl_one_holds xl_set_mark restoring || refuse "no space left on device for its mark"
  mv "$XL_M/memory" "$XL_M/memory.used"
  rm -f "$XL_M/started"
  xl_try_watched 900 restore -p "$XL_M/xl.cfg" "$XL_M/memory.used" >&2
  code=$?
  # Nothing of it went on yet.
  [ $code -ne 0 ] || xl_set_mark resuming || { echo "no space left on device for its mark" >&2; code=3; }
  if [ $code -ne 0 ]; then
    xl_state
    xl_destroy
    mv "$XL_M/memory.used" "$XL_M/memory"
    rm -f "$XL_M/mark"
    case $code in 124 | 137) exit 124 ;; *) exit 3 ;; esac
  fi
  xl_domain
  xl_must 10 unpause "$XL_DOM" >&2
  xl_began
  rm -f "$XL_M/memory.used" "$XL_M/mark"
}

effect_xl_on() {
  xl_ready "$OCCI_RESOURCE"
  xl_absent_refused
  case $XL_STATE in
  running) xl_began ;;
  paused) xl_unpause ;;
  saved) xl_clear; xl_restore ;;
  *) xl_destroy; xl_start ;;
  esac
}

# Cut. A memory image goes too.
effect_xl_cut() {
  xl_ready "$OCCI_RESOURCE"
  [ -d "$XL_M" ] || return 0
  xl_destroy
  rm -f "$XL_M/memory" "$XL_M/memory.part" "$XL_M/memory.used"
  xl_ended
}

# The guest is asked, and looked at until it is off. -F: one without Xen's drivers is asked by ACPI.
effect_xl_shutdown() {
  xl_ready "$OCCI_RESOURCE"
  case $XL_STATE in
  absent | off) xl_clear; xl_ended; return 0 ;;
  paused) refuse "$XL_N is paused: its guest cannot shut down" ;;
  running) ;;
  *) effect_xl_cut; return ;;
  esac
  asked= carcass=0 rounds=0
  while [ "$XL_STATE" = running ]; do
    # A guest that restarted instead is asked again.
    if [ -n "$XL_DOM" ] && [ "$asked" != "$XL_DOM" ]; then
      xl_try 20 shutdown -F "$XL_DOM" >&2 || case $? in 124 | 137) exit 124 ;; *) xl_state; [ "$XL_STATE" != running ] || exit 3 ;; esac
      asked=$XL_DOM
    fi
    [ $rounds -lt 1800 ] || refuse "the guest of $XL_N did not shut down within half an hour"
    if [ $rounds -lt 10 ]; then sleep 0.1; else sleep 1; fi
    rounds=$((rounds + 1))
    xl_state
  done
  case $XL_STATE in
  crashed) xl_destroy ;;
  paused) refuse "$XL_N is paused: its guest cannot shut down" ;;
  esac
  # xl's monitor takes the rest of it away; where that is gone (after a restart of its tools), nobody would.
  while [ -n "$XL_DOM" ] && [ $carcass -lt 15 ]; do sleep 0.2; carcass=$((carcass + 1)); xl_domain; done
  xl_destroy
  xl_ended
}

effect_xl_pause() {
  xl_ready "$OCCI_RESOURCE"
  xl_absent_refused
  case $XL_STATE in
  paused) return 0 ;;
  running) xl_must 10 pause "$XL_DOM" ;;
  *) refuse "$XL_N is $XL_STATE" ;;
  esac
}

# xl says 0 whatever came of it: what is there counts.
xl_unpause() {
  xl_must 10 unpause "$XL_DOM" >&2
  xl_state
  [ "$XL_STATE" = running ] || refuse "$XL_N is $XL_STATE after it was told to go on"
}
effect_xl_unpause() {
  xl_ready "$OCCI_RESOURCE"
  xl_absent_refused
  case $XL_STATE in
  running) return 0 ;;
  paused) xl_unpause ;;
  *) refuse "$XL_N is $XL_STATE" ;;
  esac
}

# The guest is asked to restart; after four minutes (EC2 RebootInstances) it is not asked any longer.
effect_xl_reboot() {
  xl_ready "$OCCI_RESOURCE"
  xl_absent_refused
  [ "$XL_STATE" = running ] || refuse "$XL_N is $XL_STATE: no reboot"
  before=$XL_DOM rounds=0
  if xl_try 20 reboot -F "$XL_DOM" >&2; then
    while [ $rounds -lt 250 ]; do
      xl_state
      case $XL_STATE in
      running) [ -z "$XL_DOM" ] || [ "$XL_DOM" = "$before" ] || { rm -f "$XL_M/started"; xl_began; return 0; } ;;
      paused) ;;
      *) break ;;
      esac
      if [ $rounds -lt 10 ]; then sleep 0.1; else sleep 1; fi
      rounds=$((rounds + 1))
    done
  fi
  xl_domain
  xl_destroy
  xl_start
}

# Power off and on: Xen has no reset line on x86, and `xl trigger DOMAIN reset` ends with 0 all the same.
effect_xl_reset() {
  xl_ready "$OCCI_RESOURCE"
  xl_absent_refused
  case $XL_STATE in
  running | paused | crashed) ;;
  *) refuse "$XL_N is $XL_STATE: no reset" ;;
  esac
  xl_destroy
  xl_start
}

# Its memory into a file, by a process in a session of its own: half a save would lose the guest, so it is never cut.
effect_xl_save() {
  xl_ready "$OCCI_RESOURCE"
  xl_absent_refused
  case $XL_STATE in
  saved) return 0 ;;
  running | paused) ;;
  *) refuse "$XL_N is $XL_STATE: no memory to save" ;;
  esac
  need=$(xl_fact memory)
  ( make_room whole "$(site_root)" $(((need + 16) * 1024)) "its memory" ) || exit
  # A guest that is paused cannot answer: xl would wait for it for ever.
  [ "$XL_STATE" != paused ] || xl_unpause
  setsid sh -c '
    echo "saving $$" >"$2/mark"
    timeout -k 5 1800 xl save "$1" "$2/memory.part" </dev/null
    code=$?
    if [ $code -eq 0 ]; then
      sync "$2/memory.part" 2>/dev/null || sync
      mv "$2/memory.part" "$2/memory"; rm -f "$2/started"
    else rm -f "$2/memory.part"; fi
    rm -f "$2/mark"
    exit $code' sh "$XL_DOM" "$XL_M" 2>"$OCCI_WORK/xl.err" &
  saver=$!
  while kill -0 $saver 2>/dev/null; do
    percent $(($(size_of "$XL_M/memory.part") / 10486 / need))
    sleep 0.2
  done
  wait $saver
  code=$?
  [ $code -eq 0 ] || xl_words
  case $code in
  0) ;;
  124 | 137) exit 124 ;;
  *) exit 3 ;;
  esac
}
