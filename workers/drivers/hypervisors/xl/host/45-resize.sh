# Another size of a machine that runs. Its guest brings processors up and takes memory when it is told to, so what counts is what the
# domain has a little later, not what xl says: xl says nothing of a guest that does not listen.

xl_head() { sed -n "s/^$1 = //p" "$XL_M/head"; }

# CORES MIB: whether the domain has them (0 MiB: whatever it has). A guest keeps a page or two: Xen counts what is there, in MiB rounded down.
xl_has_size() {
  xl_domain
  [ -n "$XL_DOM" ] || refuse "$XL_N stopped meanwhile"
  printf '%s\n' "$all" | awk -v id="$XL_DOM" -v cores="$1" -v mib="$2" \
    '$2 == id && $4 == cores && $3 >= mib - 2 { found = 1 } END { exit !found }'
}

# GROWS: as it was before, also for a guest that wakes up later.
xl_put_back() {
  [ "$1" -eq 0 ] || xl_try 20 mem-set "$XL_DOM" "$(xl_head memory)m" >/dev/null 2>&1
  xl_try 20 vcpu-set --ignore-host "$XL_DOM" "$(xl_head vcpus)" >/dev/null 2>&1
  xl_try 10 sched-credit2 -d "$XL_DOM" -w "$(xl_head cpu_weight)" >/dev/null 2>&1 ||
    xl_try 10 sched-credit -d "$XL_DOM" -w "$(xl_head cpu_weight)" >/dev/null 2>&1
}

# CORES MIB CPU-HUNDREDTHS WEIGHT. A guest that is still booting does not listen yet: it is waited for, detached.
effect_xl_resize() {
  check_number "$1" && check_number "$2" && check_number "$3" && check_number "$4"
  xl_ready "$OCCI_RESOURCE"
  xl_absent_refused
  [ "$XL_STATE" = running ] && [ -n "$XL_DOM" ] || refuse "$XL_N is $XL_STATE: it is resized by its definition"
  [ "$2" -ge "$(xl_head memory)" ] || refuse "its guest gives no memory back while it runs"
  [ "$1" -le "$(xl_head maxvcpus)" ] || refuse "it was started to have $(xl_head maxvcpus) cores at most"
  [ "$2" -le "$(xl_head maxmem)" ] || refuse "it was started to have $(xl_head maxmem) MiB of memory at most"
  # Memory that stays is not asked after: an HVM domain's has its screen's taken off.
  grows=0
  [ "$2" -eq "$(xl_head memory)" ] || grows=$2
  # A word for the unit: xl(1) and xl itself do not agree on what a bare number is.
  [ $grows -eq 0 ] || xl_must 20 mem-set "$XL_DOM" "${2}m" >&2
  # As at its start: a machine may have more cores than its host, of which it gets its share.
  xl_must 20 vcpu-set --ignore-host "$XL_DOM" "$1" >&2
  # The host may have the other scheduler; what it shares out by is no reason to refuse.
  xl_try 10 sched-credit2 -d "$XL_DOM" -w "$4" >/dev/null 2>&1 || xl_try 10 sched-credit -d "$XL_DOM" -w "$4" >/dev/null 2>&1
  rounds=0
  until xl_has_size "$1" $grows; do
    [ $rounds -lt $((${XL_TAKES_SECONDS:-60} * 5 / 2)) ] || {
      xl_put_back $grows
      refuse "its guest does not take what it is given: it has Xen's drivers, or it has to be stopped for that"
    }
    sleep 0.4
    rounds=$((rounds + 1))
  done
  # What it is started with from now on, should its guest restart or its host.
  sed "s/^memory = .*/memory = $2/; s/^vcpus = .*/vcpus = $1/; s/^cpu_weight = .*/cpu_weight = $4/" "$XL_M/head" >"$XL_M/head.new" &&
    sed "s/^cores .*/cores $1/; s/^cpu .*/cpu $3/; s/^memory .*/memory $2/" "$XL_M/machine" >"$XL_M/machine.new" &&
    settle_file "$XL_M/head.new" && settle_file "$XL_M/machine.new" &&
    mv "$XL_M/head.new" "$XL_M/head" && mv "$XL_M/machine.new" "$XL_M/machine" || refuse "its definition cannot be written"
  # Another definition than the one that was sent: the same one again is no longer the same.
  rm -f "$XL_M/sum"
  xl_config_update
}
