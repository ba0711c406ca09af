# Machines of ours on a Xen host. Each has a folder machines/<i-name>/ of plain files:
#
#   machine     `id UUID`, `site`, `cores`, `cpu` (hundredths), `memory` (MiB), `mode`: what it was defined as; its id is its domain's uuid
#   head        xl.cfg(5) but for its devices; xl.cfg: the whole, put together when it starts
#   disks       `NAME VDEV on|adding|leaving` per attached disk; adding, leaving: a hot change that was cut in the middle
#   nics        `MAC BRIDGE on|adding|leaving NETWORK` per interface
#   mark        what is being done to it: starting | restoring | resuming | saving PID | handing [PID] | arriving; without it nothing is
#   started     seconds since 1970 at which its domain was started; gone when it was ordered off
#   memory      its saved memory;  memory.used: the same while it is being restored;  memory.part: while it is being written
#   kernel, initramfs, seed.iso;  links, was, monitor: of one that was taken over (90-adopt.sh)
#
# A domain is ours when its uuid and its name are those of such a folder; all others are foreign, also those named alike.
# Domain ids change with every start and are looked up anew for every call.

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

xl_open() {
  check_name "$1"
  XL_N=$1 XL_M=$OCCI_FOLDER/$OCCI_SITE/machines/$1
}

# SECONDS, then xl's words. 124 and 137: it hung; what it came to is to be looked at.
xl_try() {
  seconds=$1
  shift
  xl_timeout
  [ -n "${OCCI_WORK-}" ] || { $XL_TIMEOUT -k 2 "$seconds" xl "$@" </dev/null; return; }
  $XL_TIMEOUT -k 2 "$seconds" xl "$@" </dev/null 2>"$OCCI_WORK/xl.err" || { code=$?; xl_words; return $code; }
}
# In our process group where it can be told so: the guard ends that group when a newer claim comes. Tried once on a host.
xl_timeout() {
  [ -z "${XL_TIMEOUT-}" ] || return 0
  { read -r XL_TIMEOUT; } 2>/dev/null <"$OCCI_FOLDER/$OCCI_SITE/.timeout" && [ -n "$XL_TIMEOUT" ] && return 0
  if timeout --foreground 1 true 2>/dev/null; then XL_TIMEOUT='timeout --foreground'; else XL_TIMEOUT=timeout; fi
  { echo "$XL_TIMEOUT" >"$OCCI_FOLDER/$OCCI_SITE/.timeout"; } 2>/dev/null
  return 0
}
# What xl said, without what it always says: the guard keeps five lines, and the first ones are those that tell why.
xl_words() {
  grep -v -E 'Unable to destroy guest|Destruction of domain failed|^Parsing config|^xc: (info|progress|detail)|not in xenstore, ignored|^Loading new save|^Saving to|^ Savefile contains' \
    "$OCCI_WORK/xl.err" >"$OCCI_WORK/xl.words" || cp "$OCCI_WORK/xl.err" "$OCCI_WORK/xl.words"
  awk '{ line[NR] = $0 } END { for (i = 1; i <= NR; i++) if (i <= 3 || i > NR - 2) print line[i] }' "$OCCI_WORK/xl.words" >&2
}
# The same for what leaves a monitor behind: its environment says whose it is.
xl_try_watched() { XL_WATCHES=machines/$XL_N/xl.cfg xl_try "$@"; }
xl_must() {
  xl_try "$@"
  case $? in
  0) return 0 ;;
  124 | 137) exit 124 ;;
  *) exit 3 ;;
  esac
}

# What `define` said of it; no program is needed to read it.
xl_fact() {
  while read -r fact value; do [ "$fact" != "$1" ] || printf '%s\n' "$value"; done 2>/dev/null <"$XL_M/machine"
}

# The names of machines whose xl (the monitor that stays after a start and restarts it, or a start under way) lives, a line each. A QEMU
# that xl started has its environment, and watches nothing.
xl_monitors() {
  {
    for at in /proc/[0-9]*/comm; do
      { read -r comm <"$at"; } 2>/dev/null && [ "$comm" = xl ] || continue
      words_of "${at%comm}environ"
    done | sed -n 's,.*XL_WATCHES=machines/\([^/]*\)/xl.*,\1,p'
    xl_taken_monitors
  } | sort -u
}
xl_watched() { xl_monitors | grep -q -x -F "$XL_N"; }
# Whether the process that saves it, or sends it to another host, lives (its words name the machine).
xl_saves() {
  saver=$(xl_mark)
  case $saver in
  saving\ * | handing\ *) words_of "/proc/${saver#* }/cmdline" | grep -q -F "$XL_N" ;;
  *) return 1 ;;
  esac
}

# XL_DOM (the domain's id, empty: none) and XL_FLAGS of this machine, read anew. What was never defined here has none.
xl_domain() {
  XL_DOM= XL_FLAGS=
  XL_UUID=$(xl_fact id)
  [ -n "$XL_UUID" ] || return 0
  all=$(xl_try 10 list -v) || exit 124
  # Its line: name, id, memory, processors, flags, seconds, uuid, reason, label.
  case $all in
  *"
$XL_N "*" $XL_UUID "*) ;;
  *) return 0 ;;
  esac
  while read -r name domid _ _ flags _ uuid _; do
    [ "$name" != "$XL_N" ] || [ "$uuid" != "$XL_UUID" ] || { XL_DOM=$domid XL_FLAGS=$flags; break; }
  done <<END
$all
END
}

# The name of a domain that is this machine by its uuid, and bears another name; one that is dying, `(null)`, runs nowhere.
xl_twin() {
  printf '%s\n' "${all-}" | awk -v name="$XL_N" -v uuid="$XL_UUID" '$(NF-2) == uuid && $1 != name && $(NF-4) !~ /d$/ { print $1; exit }'
}

# Whether a domain of this machine that is dying has a backend still, a QEMU or the kernel's of one of its disks: it may end what it
# was writing only when its storage answers again.
xl_lingers() {
  for domid in $(printf '%s\n' "${all-}" | awk -v uuid="$XL_UUID" '$(NF-2) == uuid && $(NF-4) ~ /d$/ { print $(NF-7) }'); do
    ! xl_kernel_backends | grep -q "^vbd-$domid-" || return 0
    for at in /proc/[0-9]*/comm; do
      { read -r comm <"$at"; } 2>/dev/null || continue
      case $comm in *qemu*) ;; *) continue ;; esac
      ! words_of "${at%comm}cmdline" | awk -v id="$domid" 'was == "-xen-domid" && $0 == id { found = 1 } { was = $0 } END { exit !found }' || return 0
    done
  done
  return 1
}
xl_kernel_backends() { ls /sys/bus/xen-backend/devices 2>/dev/null; }

xl_mark() { [ ! -f "$XL_M/mark" ] || { read -r line <"$XL_M/mark"; printf '%s\n' "$line"; }; }

# WORD: its mark, of which it depends who may run. After a power cut it is the former one or this one, and this one if what it
# stands for was begun.
xl_set_mark() {
  echo "$1" >"$XL_M/mark.new" && settle_file "$XL_M/mark.new" && mv "$XL_M/mark.new" "$XL_M/mark" && settle_file "$XL_M" && return 0
  rm -f "$XL_M/mark.new"
  return 1
}

# XL_STATE: absent, off, running, paused, saved or crashed, by the same rules as state.ts. A domain that is there although the
# state is off or saved is a carcass, or one that never ran: xl_clear takes it away.
xl_state() {
  xl_domain
  if [ ! -d "$XL_M" ]; then XL_STATE=absent; return; fi
  mark=$(xl_mark) rest=off
  { [ -f "$XL_M/memory" ] || [ "$mark" = restoring ]; } && rest=saved
  if [ -z "$XL_DOM" ]; then
    XL_STATE=$rest
    [ "$rest" = off ] || return 0
    case $mark in
    '') if [ -f "$XL_M/started" ] && xl_watched; then XL_STATE=running; fi ;;
    saving* | handing*) if xl_saves; then XL_STATE=running; fi ;;
    esac
    return 0
  fi
  # Six letters: running, blocked, paused, shut down, why (r reboot, s suspend, c crash, w watchdog, S soft reset), dying.
  case $XL_FLAGS in
  ?????d) XL_STATE=$rest ;;
  ???s[cw]?) XL_STATE=crashed ;;
  ???s[rS]?) if xl_watched; then XL_STATE=running; else XL_STATE=crashed; fi ;;
  ???ss?) if xl_saves; then XL_STATE=running; else XL_STATE=crashed; fi ;;
  ???s??) XL_STATE=$rest ;;
  ??p???)
    case $mark in
    starting) XL_STATE=off ;;
    restoring) XL_STATE=saved ;;
    *) XL_STATE=paused ;;
    esac
    ;;
  *) XL_STATE=running ;;
  esac
}

xl_absent_refused() { [ -d "$XL_M" ] || refuse "$XL_N is an invalid domain identifier: it is not defined on this host"; }

# No domain of it any more, within 20 s.
xl_gone() {
  tries=0
  while [ $tries -lt 100 ]; do
    xl_domain
    [ -n "$XL_DOM" ] || return 0
    sleep 0.2
    tries=$((tries + 1))
  done
  exit 124
}

xl_destroy() {
  [ -n "$XL_DOM" ] || return 0
  xl_try 30 destroy "$XL_DOM" || case $? in 124 | 137) exit 124 ;; esac
  # xl says that what went by itself meanwhile is no domain: only what is there counts.
  xl_gone
}

# A save or a migration that goes on although its call was ended (its process has a session of its own) is waited for.
xl_settle() {
  [ -f "$XL_M/mark" ] || return 0
  mark=$(xl_mark)
  tries=0
  while xl_saves; do
    [ $tries -lt 100 ] || { echo "$XL_N is still ${mark%% *}" >&2; exit 5; }
    sleep 0.2
    tries=$((tries + 1))
  done
  case $mark in
  saving*) [ "$(xl_mark)" != "$mark" ] || rm -f "$XL_M/mark" "$XL_M/memory.part" ;;
  handing*) [ ! -f "$XL_M/mark" ] || xl_resolve ;;
  esac
}

# Before anything is done to it: work that was cut is undone or finished, so that what follows starts from a whole state.
xl_ready() {
  xl_open "$1"
  xl_settle
  xl_state
  case $(xl_mark) in
  starting)
    # It never ran, or it runs and only nobody wrote that down.
    case $XL_STATE in
    off) xl_destroy; rm -f "$XL_M/mark" ;;
    *) xl_began; rm -f "$XL_M/mark" ;;
    esac
    ;;
  restoring)
    # Restored paused: it did not go on yet, so its file is as good as before.
    xl_destroy
    [ ! -f "$XL_M/memory.used" ] || mv "$XL_M/memory.used" "$XL_M/memory"
    rm -f "$XL_M/mark"
    ;;
  resuming)
    # Its memory may have gone on from here: the file is of no use any more.
    rm -f "$XL_M/memory.used"
    if [ "$XL_STATE" = paused ]; then xl_must 10 unpause "$XL_DOM"; fi
    rm -f "$XL_M/mark"
    ;;
  arriving)
    # It runs here under its own name: it came, and the host that sent it did not live to say so.
    [ "$XL_STATE" != running ] || { xl_began; rm -f "$XL_M/mark"; }
    return 0
    ;;
  *)
    [ ! -f "$XL_M/memory.used" ] || rm -f "$XL_M/memory.used"
    return 0
    ;;
  esac
  xl_state
}

# Takes away what is left of a domain that does not run.
xl_clear() { case $XL_STATE in off | saved | absent) xl_destroy ;; esac; }

xl_began() { [ -f "$XL_M/started" ] || date +%s >"$XL_M/started"; }
xl_ended() { rm -f "$XL_M/started" "$XL_M/mark"; }

# The machine in whose definition a disk hangs, also when it is off or a hot change of it was cut (for the deeds of disks).
xl_holder() {
  grep -l "^$1 " "$(site_root)"/machines/*/disks 2>/dev/null | sed 's,/disks$,,; s,.*/,,' | head -n 1
}
disk_holder() { xl_holder "$1"; }
# What saves under way have not written yet.
disk_pending() (
  pending=0
  for mark in "$1"/machines/*/mark; do
    { read -r word _; } 2>/dev/null <"$mark" && [ "$word" = saving ] || continue
    XL_M=${mark%/mark}
    XL_N=${XL_M##*/}
    xl_saves || continue
    left=$(($(xl_fact memory) * 1024 - $(size_of "$XL_M/memory.part") / 1024))
    [ $left -le 0 ] || pending=$((pending + left))
  done
  echo $pending
)
# Machines on a network (for the deeds of networks).
network_users() {
  grep -l " $1\$" "$(site_root)"/machines/*/nics 2>/dev/null | sed 's,/nics$,,; s,.*/,,'
}

# A copy of a disk shows one moment: its guest is held still meanwhile. Who holds it writes that down first
# (snapshots/.paused-DISK): copies of several disks of one machine overlap, and it goes on with the last of them.

# What holds still and lets go of it, and what opens disks or needs them closed, one at a time on this host.
xl_one_holds() (
  exec 7<"$(site_root)"
  wait_lock 7 30 && "$@"
)
# But for DISK: whether a copy holds this machine still.
xl_held_still() { grep -s -l -x -F "$XL_N" "$(site_root)"/snapshots/.paused-* | grep -q -v -x -F "$(site_root)/snapshots/.paused-$1"; }

# Prints the word for it when it was running.
disk_freeze() {
  holder=$(xl_holder "$1")
  [ -z "$holder" ] || xl_one_holds xl_freeze "$holder" "$1"
}
xl_freeze() {
  xl_open "$1"
  xl_state
  [ "$XL_STATE" = running ] || { [ "$XL_STATE" = paused ] && xl_held_still "$2"; } || return 0
  mkdir -p "$(site_root)/snapshots" && echo "$1" >"$(site_root)/snapshots/.paused-$2" || return 1
  [ "$XL_STATE" = paused ] || xl_try 10 pause "$XL_DOM" >&2 || return 1
  echo paused
}
# Whether nobody wrote to it since: its owner may have told its machine to go on, or hung it on one that runs.
disk_still() (
  holder=$(xl_holder "$1")
  [ -n "$holder" ] || exit 0
  xl_open "$holder"
  xl_state
  [ "$XL_STATE" != running ]
)
disk_thaw() { [ ! -f "$(site_root)/snapshots/.paused-$1" ] || xl_one_holds xl_thaw "$1"; }
xl_thaw() {
  note=$(site_root)/snapshots/.paused-$1
  xl_open "$(cat "$note")"
  if ! xl_held_still "$1"; then
    xl_state
    [ "$XL_STATE" != paused ] || { xl_try 10 unpause "$XL_DOM" >&2; xl_state; }
    # The note is all that knows that it was not its owner who held it still.
    [ "$XL_STATE" != paused ] || return 1
  fi
  rm -f "$note"
}

# DISK COMMAND…: what opens a disk writes that down first, one at a time with this.
disk_closed() {
  holder=$(xl_holder "$1")
  # What was cut of its own is undone first; a start under another claim may be under way.
  [ "$holder" != "$OCCI_RESOURCE" ] || ( xl_ready "$holder" ) || return
  xl_one_holds xl_closed "$holder" "$@"
}
xl_closed() {
  ! xl_has_open "$1" || refuse "$2 is made larger once its machine is stopped"
  shift 2
  "$@"
}
xl_has_open() {
  [ -n "$1" ] || return 1
  xl_open "$1"
  case $(xl_mark) in starting | restoring | resuming) return 0 ;; esac
  xl_state
  case $XL_STATE in running | paused) return 0 ;; esac
  [ -z "$(xl_twin)" ] && ! xl_lingers || return 0
  case $XL_FLAGS in '' | ?????d) return 1 ;; esac
}
