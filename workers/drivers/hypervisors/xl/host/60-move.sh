# A machine from this host to another, with its folder and the disks that are on this host alone. The hosts talk to each other by
# ssh: `ssh NAME` has to lead to the other host's guard (docs/xen.md, "Moving machines"); a file ssh_config in the site's folder is
# used where it is there.
#
# What may not happen is two running copies, or none. From the moment at which the other host is told that the machine is its own
# until it has said that it took it, the mark is `handing`: whatever is cut then, nothing starts it here until the other was asked.

# PEER, then the words of a free deed there. What it prints follows one line of the guard's own.
xl_peer() {
  peer=$1
  shift
  set -- "$OCCI_FOLDER/guard/enter" "$og_hash" free "$OCCI_SITE" "$@"
  words=
  for word do
    case $word in *"'"*) refuse "$word cannot be sent to another host" ;; esac
    words="$words '$word'"
  done
  config=$(site_root)/ssh_config
  if [ -f "$config" ]; then set -- -F "$config"; else set --; fi
  ssh "$@" -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3 "$peer" "${words# }"
}
# The same for a short question: what it prints, without the guard's line; a deed that fails there fails here.
xl_ask() {
  answer=$(xl_peer "$@" </dev/null) || return 1
  case $answer in
  'og1 free'*) ;;
  *) echo "the guard of $1 answered: $answer" >&2; return 1 ;;
  esac
  answer=${answer#og1 free}
  case $answer in
  *'
ok'*) printf '%s\n' "$answer" | sed '1d; $d' ;;
  *) return 1 ;;
  esac
}

# --- on the host that it comes to

# NAME ID MEMORY KIB, then five words per network (`NAME BRIDGE VLAN OURS DEVICE`): whether it could be here, guarded by the worker before anything is sent.
effect_xl_expect() {
  xl_open "$1"
  [ ! -d "$XL_M" ] || [ "$(xl_mark)" = arriving ] || {
    [ "$(xl_fact id)" = "$2" ] && { echo there; return 0; }
    refuse "Domain with name \"$1\" already exists."
  }
  all=$(xl_try 10 list -v) || exit 124
  if printf '%s\n' "$all" | awk -v name="$1" '$1 == name { found = 1 } END { exit !found }'; then
    refuse "Domain with name \"$1\" already exists."
  fi
  check_number "$3" && check_number "$4"
  [ "$3" -eq 0 ] || {
    free=$(xl_try 10 info) || exit 124
    free=$(printf '%s\n' "$free" | sed -n 's/^free_memory *: //p')
    [ "$3" -le "${free:-0}" ] || refuse "the other host has $free MiB of free memory, it needs $3"
  }
  place=$(disk_place -) || exit
  kind=${place%% *} where=${place##* }
  [ "$4" -eq 0 ] || make_room "$kind" "$where" "$4" "$1"
  id=$2 new=$(site_root)/machines/.new-$1
  shift 4
  while [ $# -ge 5 ]; do
    ( effect_network_ensure "$1" "$2" "$3" "$4" "$5" ) || exit
    shift 5
  done
  # With its id from the beginning: should nobody bring the rest, it is a leftover that can be taken away.
  rm -rf "$XL_M" "$new"
  mkdir -p "$new" && echo "id $id" >"$new/machine" && echo arriving >"$new/mark" && mv "$new" "$XL_M" || refuse "its folder cannot be written"
}

# NAME: its folder, as tar on standard input.
free_xl_take_folder() {
  xl_open "$1"
  [ "$(xl_mark)" = arriving ] || { echo "$1 is not expected here" >&2; return 0; }
  tar -C "$XL_M" -xf - && echo arriving >"$XL_M/mark" || return 0
  # As with a definition: its former host forgets it soon.
  sync "$XL_M"/* 2>/dev/null || sync
  echo ok
}

# NAME: the configuration that it has here.
free_xl_config() {
  xl_open "$1"
  ( xl_compose ) && cat "$XL_M/xl.cfg" && echo ok
}

# NAME: xl's own receiver; its monitor stays with the machine.
free_xl_receive() {
  xl_open "$1"
  [ "$(xl_mark)" = arriving ] || { echo "$1 is not expected here" >&2; return 0; }
  XL_WATCHES=machines/$XL_N/xl.cfg timeout -k 5 7200 xl migrate-receive
}

# NAME [awake|asleep]: all of it came: from now on it is this host's, and goes on here if it has a memory, unless it slept before it was
# moved. Says `ok` when it is so already.
free_xl_take_over() {
  xl_open "$1"
  [ -s "$XL_M/head" ] || { echo "$1 is not here" >&2; return 0; }
  if [ "$(xl_mark)" = arriving ]; then
    rm -f "$XL_M/mark" && settle_file "$XL_M"
    xl_state
    case $XL_STATE in
    saved)
      # In a subshell: it may give up, and then its memory is back in its file.
      [ "${2-}" = asleep ] || ( xl_restore ) || { echo arriving >"$XL_M/mark"; return 0; }
      ;;
    running) [ -f "$XL_M/started" ] || xl_began ;;
    esac
  fi
  echo ok
}

# In `came`: id and state of any domain of this machine's record, also under the name that xl gives one on its way
# (NAME--incoming). One that is dying is none, and may be listed for as long as somebody holds a page of it. A list that did not come
# is none in which it is missing: the asker asks again.
xl_incoming() {
  all=$(xl_try 10 list -v) || exit 124
  came=$(printf '%s\n' "$all" | awk -v uuid="$(xl_fact id)" '$(NF-2) == uuid && $(NF-4) !~ /d$/ { print $(NF-7), $(NF-4); exit }')
}

# A domain that waits for the rest of itself is ended; 1: it runs, or cannot be ended.
xl_end_incoming() {
  xl_incoming
  case $came in
  '') return 0 ;;
  *' '??p???) xl_try 30 destroy "${came%% *}" >&2 ;;
  *) echo "$XL_N runs here" >&2; return 1 ;;
  esac
  tries=0
  while xl_incoming && [ -n "$came" ]; do
    [ $tries -lt 25 ] || { echo "$XL_N cannot be ended here" >&2; return 1; }
    sleep 0.2
    tries=$((tries + 1))
  done
}

# NAME: what it is here: nothing, arriving, or here.
free_xl_whether() {
  xl_open "$1"
  if [ ! -f "$XL_M/machine" ]; then echo nothing
  elif [ "$(xl_mark)" = arriving ]; then
    xl_incoming
    case $came in
    '' | *' '??p???) echo arriving ;;
    *) echo here ;;
    esac
  else echo here; fi
  echo ok
}

# NAME: what came of one that stays where it was.
free_xl_turn_away() {
  xl_open "$1"
  [ ! -d "$XL_M" ] || [ "$(xl_mark)" = arriving ] || { echo "$1 is this host's" >&2; return 0; }
  xl_end_incoming || return 0
  [ ! -f "$XL_M/disks" ] || while read -r name _; do
    disk_places | while read -r kind place pool where; do [ "$pool" != - ] || "${kind}_drop" "$where" "$name"; done
  done <"$XL_M/disks"
  rm -rf "$XL_M"
  echo ok
}

# --- on the host that it leaves

# What the worker has to know before it asks the other host: `id ID`, `needs MEMORY KIB`, `bridges …`.
look_xl_leaving() {
  xl_open "$OCCI_RESOURCE"
  xl_state
  echo "state $XL_STATE"
  [ -d "$XL_M" ] || return 0
  echo "id $(xl_fact id)"
  echo "mode $(xl_fact mode)"
  echo "mark $(xl_mark)"
  memory=0
  echo "caps $(xl_try 10 info | sed -n 's/^virt_caps *: //p')"
  case $XL_STATE in running | paused | saved) memory=$(xl_fact memory) ;; esac
  kib=$(xl_own_disks | { sum=0; while read -r _ bytes _; do sum=$((sum + bytes / 1024)); done; echo $sum; })
  echo "memory $memory"
  echo "kib $kib"
  echo "networks $(tr '\n' ' ' <"$XL_M/networks")"
}

xl_send_folder() {
  tar -C "$XL_M" -cf - --exclude ./mark --exclude ./xl.cfg . | xl_peer "$1" xl_take_folder "$XL_N" | grep -q -x ok ||
    { echo "$XL_N could not be sent to $1" >&2; return 1; }
}

# It stays here after all; the other host forgets it.
xl_stays() {
  xl_ask "$1" xl_turn_away "$XL_N" >/dev/null || case $(xl_mark) in
  handing*) echo "$1 does not say that it gave $XL_N up" >&2; exit 5 ;;
  esac
  rm -f "$XL_M/mark" "$XL_M/peer"
}

# All of it is there: nothing stays here.
xl_left() {
  xl_own_disks >"$OCCI_WORK/disks"
  while read -r disk _; do
    disk_places | while read -r kind place pool where; do [ "$pool" != - ] || "${kind}_drop" "$where" "$disk"; done
    images_release "$disk"
  done <"$OCCI_WORK/disks"
  rm -rf "$XL_M"
  images_release "$XL_N"
  watch_forget "$XL_N"
  departed
}

# Whether the other host took it, in `came`. Not heard of: exit 5, and the same call asks again.
xl_handed() {
  came=$(xl_ask "$1" xl_whether "$XL_N") || { echo "$1 does not say whether it took $XL_N" >&2; exit 5; }
}

# A handing-over that was cut: the other host says whose it is.
xl_resolve() {
  read -r peer how <"$XL_M/peer"
  xl_handed "$peer"
  if [ "$came" = here ]; then xl_finish_there "$peer" "$how"; else xl_stays "$peer"; fi
}

# PEER live|cold
effect_xl_move() {
  xl_ready "$OCCI_RESOURCE"
  [ "${came-}" != here ] || return 0
  xl_absent_refused
  # One that ran is to run there; by a try before that was cut it may sleep already, and then the worker wakes it.
  case $XL_STATE in
  running | paused) how=awake ;;
  *) how=asleep ;;
  esac
  echo "$1 $how" >"$XL_M/peer" && settle_file "$XL_M/peer" || refuse "no space left on device for its mark"
  case $2:$XL_STATE in
  live:running) xl_move_live "$1" ;;
  live:*) refuse "$XL_N is $XL_STATE: no live move" ;;
  cold:crashed) refuse "$XL_N is crashed: it cannot be moved" ;;
  cold:running | cold:paused)
    ( effect_xl_save ) || exit
    xl_move_cold "$1" $how
    ;;
  *) xl_move_cold "$1" $how ;;
  esac
}

# PEER awake|asleep
xl_move_cold() {
  if ! xl_send_folder "$1" || ! xl_send_disks "$1" still; then
    xl_back_here "$1" "$2"
    exit 3
  fi
  percent 90
  xl_set_mark handing || { xl_back_here "$1" "$2"; refuse "no space left on device for its mark"; }
  if xl_ask "$1" xl_take_over "$XL_N" "$2" >/dev/null; then xl_left; return 0; fi
  xl_handed "$1"
  [ "$came" != here ] || { xl_left; return 0; }
  xl_back_here "$1" "$2"
  refuse "Migration failed: $1 could not start $XL_N"
}
# PEER awake|asleep: what slept for the move goes on here.
xl_back_here() {
  xl_stays "$1"
  xl_state
  [ "$2:$XL_STATE" != awake:saved ] || ( xl_clear; xl_restore )
}

# PEER [awake|asleep]
xl_finish_there() {
  xl_ask "$1" xl_take_over "$XL_N" "${2:-awake}" >/dev/null || exit 5
  xl_left
}

# The guest runs on while its disks are copied once; what changed meanwhile goes behind while xl holds it still (xl_wait_ready).
xl_move_live() {
  if ! xl_send_folder "$1" || ! xl_send_disks "$1" moving; then
    xl_stays "$1"
    exit 3
  fi
  percent 85
  config=$(site_root)/ssh_config
  # Its disks may be called otherwise there.
  xl_ask "$1" xl_config "$XL_N" >"$OCCI_WORK/there.cfg" || { xl_stays "$1"; exit 3; }
  # xl(1) migrate: with an empty -s the host's word is the command itself. The guard's own first line is not xl's. It has a
  # session of its own: half a migration would lose the guest, so it is never cut.
  setsid sh -c '
    echo "handing $$" >"$1/mark"
    sync "$1/mark" 2>/dev/null || sync
    exec timeout -k 5 7200 xl migrate -s "" -C "$2/there.cfg" "$3" "$4" </dev/null' \
    sh "$XL_M" "$OCCI_WORK" "$XL_DOM" \
    "sh '$og_self' '$og_hash' free '$OCCI_SITE' xl_carry '$XL_N' '$1' '$OCCI_WORK' | { read -r line; exec cat; }" 2>"$OCCI_WORK/xl.err" &
  wait $!
  code=$?
  [ $code -eq 0 ] || xl_words
  if [ $code -eq 0 ]; then xl_finish_there "$1"; return; fi
  xl_handed "$1"
  if [ "$came" = here ]; then xl_finish_there "$1"; return; fi
  xl_stays "$1"
  case $code in 124 | 137) exit 124 ;; *) exit 3 ;; esac
}

# NAME PEER WORK: between the two xl: what this host's sends goes through as it is. The other's second word says that it has the
# memory and waits; the guest is still on both then, and the last of its disks is sent before the word is passed on.
free_xl_carry() {
  xl_open "$1"
  OCCI_WORK=$3
  xl_peer "$2" xl_receive "$1" | {
    read -r _
    dd bs=1 count=54 2>/dev/null
    ready=$(dd bs=1 count=33 2>/dev/null)
    if [ "$ready" = 'domain received, ready to unpause' ]; then
      xl_send_disks "$2" still >&2 </dev/null || exit 1
    fi
    printf '%s' "$ready"
    cat
  }
}
