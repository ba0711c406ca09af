# Disks and interfaces of a machine, hot while it runs. A line is `adding` or `leaving` while xl is at it, so that a change that
# is cut in the middle is seen as one: looks then ask xl what is really there, and nobody takes the disk away.

# FILE, KEY (first word), STATE: the line's state changed.
xl_line_to() {
  awk -v key="$2" -v to="$3" '$1 == key { $3 = to } { print }' "$1" >"$1.new" && mv "$1.new" "$1" || refuse "its definition cannot be written"
}
xl_line_out() { awk -v key="$2" '$1 != key' "$1" >"$1.new" && mv "$1.new" "$1" || refuse "its definition cannot be written"; }
xl_line_in() {
  [ ! -e "$1" ] || cp "$1" "$1.new" || refuse "its definition cannot be written"
  printf '%s\n' "$2" >>"$1.new" && mv "$1.new" "$1" || refuse "its definition cannot be written"
}
xl_line() { awk -v key="$2" '$1 == key { print; exit }' "$1" 2>/dev/null; }

# After a hot change the domain's own configuration is made the same: else a restart of the guest would lose the device.
xl_config_update() {
  ( xl_compose ) && xl_try 10 config-update "$XL_DOM" "$XL_M/xl.cfg" >/dev/null 2>&1
  return 0
}

# What xl shows goes to XL_SEEN; nothing: it is not there. That xl cannot tell is no answer, and the deed ends as one that hung.
# XenBus state of a disk by its number: 4 is connected.
xl_see_disk() {
  XL_SEEN=$(xl_try 10 block-list "$XL_DOM" 2>/dev/null) || exit 124
  XL_SEEN=$(printf '%s\n' "$XL_SEEN" | awk -v number="$1" '$1 == number { print $4; exit }')
}
xl_has_disk() { xl_see_disk "$1" && [ -n "$XL_SEEN" ]; }
# The index of an interface by its MAC address.
xl_see_nic() {
  XL_SEEN=$(xl_try 10 network-list "$XL_DOM" 2>/dev/null) || exit 124
  XL_SEEN=$(printf '%s\n' "$XL_SEEN" | awk -v mac="$1" 'tolower($3) == mac { print $1; exit }')
}
xl_has_nic() { xl_see_nic "$1" && [ -n "$XL_SEEN" ]; }

xl_changeable() {
  xl_absent_refused
  [ "$XL_STATE" != saved ] || refuse "$XL_N is saved: its memory knows the devices that it had"
  # Between the end of its domain and the next one its monitor knows the devices, and xl shows none.
  ! xl_runs || [ -n "$XL_DOM" ] || exit 124
}
xl_runs() { [ "$XL_STATE" = running ] || [ "$XL_STATE" = paused ]; }

# libxl gives a host's script 40 s, as we give xl: what it then leaves is listed, never connects, and is in the way of the next try.
xl_half_disk_out() {
  xl_has_disk "$1" || return 0
  xl_try 14 block-detach "$XL_DOM" "$1" >&2
  ! xl_has_disk "$1" || exit 124
}

# DISK VDEV NUMBER
effect_xl_attach_disk() {
  check_name "$1"
  xl_ready "$OCCI_RESOURCE"
  xl_changeable
  there=$(xl_line "$XL_M/disks" "$1")
  if [ -n "$there" ]; then
    vdev=${there#* }
    [ "${vdev%% *}" = "$2" ] || refuse "$1 is attached as ${vdev%% *}"
    [ "${there##* }" != on ] || return 0
  else
    target=$(disk_target "$1") || exit
    [ -n "$target" ] || refuse "failed to stat: no disk $1"
    holder=$(xl_holder "$1")
    [ -z "$holder" ] || refuse "$1 is attached to $holder"
    taken=$(awk -v vdev="$2" '$2 == vdev { print $1 }' "$XL_M/disks")
    [ -z "$taken" ] || refuse "device $2 is taken by $taken"
    if xl_runs; then state=adding; else state=on; fi
    xl_one_holds xl_line_in "$XL_M/disks" "$1 $2 $state" || { code=$?; [ $code -eq 3 ] || code=5; exit $code; }
  fi
  xl_runs || { xl_line_to "$XL_M/disks" "$1" on; return 0; }
  xl_see_disk "$3"
  if [ "$XL_SEEN" != 4 ]; then
    xl_half_disk_out "$3"
    target=$(disk_target "$1") || exit
    xl_try 40 block-attach "$XL_DOM" "$(xl_disk_entry "${target%% *}" "$2" rw "${target#* }")" >&2
    code=$?
    case $code in
    0) ;;
    124 | 137) exit 124 ;;
    *)
      ( xl_half_disk_out "$3" ) 2>/dev/null
      xl_has_disk "$3" || xl_line_out "$XL_M/disks" "$1"
      exit 3
      ;;
    esac
  fi
  xl_line_to "$XL_M/disks" "$1" on
  xl_config_update
}

# DISK NUMBER-OF-ITS-VDEV is not known to the caller: it is in the line.
effect_xl_detach_disk() {
  check_name "$1"
  xl_ready "$OCCI_RESOURCE"
  there=$(xl_line "$XL_M/disks" "$1")
  [ -n "$there" ] || return 0
  xl_changeable
  vdev=${there#* } vdev=${vdev%% *}
  if xl_runs; then
    number=$(xl_vdev_number "$vdev")
    if xl_has_disk "$number"; then
      xl_line_to "$XL_M/disks" "$1" leaving
      xl_try 40 block-detach "$XL_DOM" "$number" >&2
      code=$?
      if xl_has_disk "$number"; then
        # The guest holds on to it: nothing has changed.
        xl_line_to "$XL_M/disks" "$1" on
        case $code in 124 | 137) exit 124 ;; *) refuse "the guest of $XL_N does not let go of $1" ;; esac
      fi
    fi
  fi
  xl_line_out "$XL_M/disks" "$1"
  ! xl_runs || xl_config_update
}

# xen-vbd-interface(7): the first sixteen by major and minor, the rest in the extended scheme.
xl_vdev_number() {
  echo "$1" | awk '{
    sub(/^xvd/, "")
    n = 0
    for (i = 1; i <= length($0); i++) n = n * 26 + index("abcdefghijklmnopqrstuvwxyz", substr($0, i, 1))
    n--
    printf "%d\n", n < 16 ? 51712 + n * 16 : 268435456 + n * 256
  }'
}

# The line of `nics` as pieces.ts writes it, and that of its network: MAC BRIDGE on NETWORK, NAME BRIDGE VLAN OURS DEVICE
effect_xl_attach_nic() {
  xl_ready "$OCCI_RESOURCE"
  xl_changeable
  ( effect_network_ensure "$5" "$6" "$7" "$8" "$9" ) || exit
  grep -q -x -F "$5 $6 $7 $8 $9" "$XL_M/networks" || xl_line_in "$XL_M/networks" "$5 $6 $7 $8 $9"
  there=$(xl_line "$XL_M/nics" "$1")
  if [ -n "$there" ]; then
    case $there in "$1 $2 on "*) return 0 ;; "$1 $2 "*) ;; *) refuse "$1 is connected otherwise: $there" ;; esac
  else
    if xl_runs; then state=adding; else state=on; fi
    xl_line_in "$XL_M/nics" "$1 $2 $state $4"
  fi
  xl_runs || { xl_line_to "$XL_M/nics" "$1" on; return 0; }
  if ! xl_has_nic "$1"; then
    xl_try 40 network-attach "$XL_DOM" "mac=$1" "bridge=$2" >&2
    code=$?
    if [ $code -ne 0 ]; then
      xl_has_nic "$1" || xl_line_out "$XL_M/nics" "$1"
      case $code in 124 | 137) exit 124 ;; *) exit 3 ;; esac
    fi
  fi
  xl_line_to "$XL_M/nics" "$1" on
  xl_config_update
}

# MAC
effect_xl_detach_nic() {
  xl_ready "$OCCI_RESOURCE"
  there=$(xl_line "$XL_M/nics" "$1")
  [ -n "$there" ] || return 0
  xl_changeable
  if xl_runs; then
    if xl_has_nic "$1"; then
      index=$XL_SEEN
      xl_line_to "$XL_M/nics" "$1" leaving
      xl_try 40 network-detach "$XL_DOM" "$index" >&2
      code=$?
      if xl_has_nic "$1"; then
        xl_line_to "$XL_M/nics" "$1" on
        case $code in 124 | 137) exit 124 ;; *) refuse "the guest of $XL_N does not let go of $1" ;; esac
      fi
    fi
  fi
  xl_line_out "$XL_M/nics" "$1"
  # Or its next start would bring the network back that it is on no more.
  grep -q " ${there##* }\$" "$XL_M/nics" || xl_line_out "$XL_M/networks" "${there##* }"
  ! xl_runs || xl_config_update
}
