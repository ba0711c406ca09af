# Networks of a host. An untagged one uses a bridge of the operator's, which has to be there and is never changed. One with a VLAN
# has a bridge of ours whose only port of ours is a VLAN device on the uplink of the operator's bridge; both are made when they are
# wanted, and go with the last network that has them.
#
#   <site>/networks/NAME   `BRIDGE VLAN OURS DEVICE` of each network that machines here may be on; VLAN -: untagged, OURS is BRIDGE
#
# Bridges and VLAN devices do not outlive a restart of the host, so what starts a machine calls `network_up NAME` first.
# What is ours bears our mark (its alias); what bears a name of ours without it is somebody else's and is left alone, unless it
# was just made: down, and without ports.

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
NETWORK_MARK=occi-gateway

# Hook for the hypervisor's deeds, which come after this file and define it anew: machines on a network, a line each.
network_users() { :; }

network_root() { printf '%s/%s/networks' "$OCCI_FOLDER" "$OCCI_SITE"; }
network_sys() { printf '%s/%s' "${NETWORK_SYS:-/sys/class/net}" "$1"; }
network_is_bridge() { [ -d "$(network_sys "$1")/bridge" ]; }
network_ports() { ls "$(network_sys "$1")/brif" 2>/dev/null; }

# What is no word of ours never becomes part of a path or a command.
network_word() {
  case $1 in
  '' | .* | -* | *[!A-Za-z0-9._:-]*) refuse "$1 is no name of a network or bridge" ;;
  esac
}

# One at a time on this host, whichever machine it is for; the lock ends with the process that holds it.
network_alone() {
  command -v ip >/dev/null 2>&1 || refuse "this host has no ip command (Debian: apt-get install iproute2)"
  [ -d "$OCCI_FOLDER/$OCCI_SITE/networks" ] || mkdir -p "$OCCI_FOLDER/$OCCI_SITE/networks" || refuse "its folder cannot be written"
  # Of all sites on this host, and gone with the guard.
  exec 8>"$OCCI_FOLDER/guard/networks.lock"
  wait_lock 8 20 || exit 5
}

network_ip() {
  # NETWORK_IP: for tests.
  said=$(timeout -k 2 10 "${NETWORK_IP:-ip}" "$@" 2>&1) && return 0
  case $? in 124 | 137) exit 124 ;; esac
  refuse "ip $*: $said"
}

network_is_ours() {
  [ "$(cat "$(network_sys "$1")/ifalias" 2>/dev/null)" = "$NETWORK_MARK" ] && return 0
  [ -z "$(network_ports "$1")" ] && [ "$(cat "$(network_sys "$1")/operstate" 2>/dev/null)" = down ]
}
network_set() { echo "$3" 2>/dev/null >"$(network_sys "$1")/$2" || refuse "$2 of $1 cannot be set"; }
network_mark() { network_set "$1" ifalias "$NETWORK_MARK"; }
network_taken() { refuse "the host has a device $1 that is not ours; rename it, for networks with VLANs need the name"; }

network_bridge_there() {
  network_is_bridge "$1" && return 0
  [ ! -e "$(network_sys "$1")" ] || refuse "$1 is no Linux bridge on this host; name one that is, or make it"
  refuse "the host has no bridge $1; make it: ip link add $1 type bridge && ip link set $1 up && ip link set UPLINK master $1 (and in its network configuration, so that it outlives a restart)"
}

# The port of the operator's bridge that leads out: as its settings say (`uplink.BRIDGE=DEVICE`), else the only one that is not
# a machine's.
network_uplink() {
  told=$(sed -n "s/^uplink\.$1=//p" "$OCCI_FOLDER/$OCCI_SITE/settings" 2>/dev/null | tail -n 1)
  if [ -n "$told" ]; then
    [ -e "$(network_sys "$told")" ] || refuse "the settings name the uplink $told of $1, which is not on this host"
    printf '%s\n' "$told"
    return
  fi
  set -- "$1" $(network_ports "$1" | grep -v -E '^(vif|tap|vnet|emu|veth-og)')
  case $# in
  1) refuse "the bridge $1 has no uplink for VLANs; give it one: ip link set UPLINK master $1" ;;
  2) printf '%s\n' "$2" ;;
  *)
    bridge=$1
    shift
    refuse "the bridge $bridge has several ports that may be its uplink ($*); say which: echo uplink.$bridge=$1 >>$OCCI_FOLDER/$OCCI_SITE/settings"
    ;;
  esac
}

# BRIDGE VLAN OURS DEVICE, all there and up afterwards.
network_make() {
  network_bridge_there "$1"
  [ "$2" != - ] || return 0
  uplink=$(network_uplink "$1") || exit 3
  if [ ! -e "$(network_sys "$3")" ]; then
    network_ip link add name "$3" type bridge
  else
    network_is_bridge "$3" && network_is_ours "$3" || network_taken "$3"
  fi
  network_mark "$3"
  # No loops here, so no waiting either.
  network_set "$3" bridge/stp_state 0
  network_set "$3" bridge/forward_delay 0
  # Nobody on that VLAN is to reach the host itself.
  echo 1 2>/dev/null >"/proc/sys/net/ipv6/conf/$3/disable_ipv6" || :
  if [ ! -e "$(network_sys "$4")" ]; then
    network_ip link add link "$uplink" name "$4" type vlan id "$2"
  else
    network_is_ours "$4" || network_taken "$4"
  fi
  network_mark "$4"
  [ -e "$(network_sys "$3")/brif/$4" ] || network_ip link set dev "$4" master "$3"
  network_ip link set dev "$4" up
  network_ip link set dev "$3" up
}

# NAME: as it was ordered, once more. Ends the deed as refused when it was never ordered here, or what it needs of the operator's
# is gone.
network_up() {
  network_word "$1"
  [ -f "$(network_root)/$1" ] || refuse "the network $1 is not known on this host"
  # The lock is let go of with the subshell.
  (
    network_alone
    read -r bridge vlan ours device <"$(network_root)/$1"
    network_make "$bridge" "$vlan" "$ours" "$device"
  ) || exit $?
}

# NAME BRIDGE VLAN OURS DEVICE
effect_network_ensure() {
  for word in "$1" "$2" "$4" "$5"; do network_word "$word"; done
  case $3 in
  -) ;;
  *[!0-9]* | '') refuse "$3 is no VLAN" ;;
  esac
  network_alone
  file=$OCCI_FOLDER/$OCCI_SITE/networks/$1 is=
  [ ! -f "$file" ] || read -r is <"$file" || :
  if [ -f "$file" ] && [ "$is" != "$2 $3 $4 $5" ]; then
    users=$(network_users "$1" | tr '\n' ' ')
    [ -z "$users" ] || refuse "network $1 is there otherwise and in use by ${users% }"
    network_drop "$1"
  fi
  network_make "$2" "$3" "$4" "$5"
  [ -f "$file" ] || { printf '%s\n' "$2 $3 $4 $5" >"$file.part" && mv "$file.part" "$file"; } || refuse "its folder cannot be written"
}

# Takes away what only this network has. Its file goes last, so that a call that was cut is done again.
network_drop() {
  file=$(network_root)/$1
  read -r bridge vlan ours device <"$file"
  # The same wire may be another network's, or another site's.
  others=$(grep -l -x -F "$bridge $vlan $ours $device" "$OCCI_FOLDER"/*/networks/* 2>/dev/null | grep -v -x -F "$file" | head -n 1)
  if [ "$vlan" != - ] && [ -z "$others" ]; then
    ports=$(network_ports "$ours" | grep -v -x -F "$device" | tr '\n' ' ')
    [ -z "$ports" ] || refuse "the bridge $ours of network $1 still has ${ports% }"
    for link in "$ours" "$device"; do
      [ -e "$(network_sys "$link")" ] && network_is_ours "$link" || continue
      network_ip link delete dev "$link"
    done
  fi
  rm -f "$file"
}

# NAME
effect_network_remove() {
  network_word "$1"
  network_alone
  if [ -f "$(network_root)/$1" ]; then
    users=$(network_users "$1" | tr '\n' ' ')
    [ -z "$users" ] || refuse "network $1 is used by ${users% }"
    network_drop "$1"
  fi
  departed
}
