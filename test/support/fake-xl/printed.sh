# What the fake xl and xentop print of its domains, as real ones do. Read by `xl` beside it, whose functions it calls.

# Without a fork for each domain: a real xl lists a hundred in some milliseconds.
row() {
  name= memory= vcpus= flags= uuid=
  for fact in name memory vcpus flags uuid; do
    { read -r value && eval "$fact=\$value"; } 2>/dev/null <"$DOMAINS/$1/$fact"
  done
  printf '%-40s %5d %5d %5d     %s  %8.1f' "$name" "$1" "$memory" "$vcpus" "$flags" 1.5
  if [ "$2" = -v ]; then
    case $flags in ???sr?) code=1 ;; ???ss?) code=2 ;; ???sc?) code=3 ;; ???s\??) code=7f ;; *) code=- ;; esac
    printf ' %s        %s                -' "$uuid" "$code"
  fi
  echo
}

ids() { ls "$DOMAINS" 2>/dev/null | sort -n; }

list() {
  verbose=
  if [ "${1-}" = -v ]; then verbose=-v; shift; fi
  if [ -n "$verbose" ]; then sed -n 1p "$FAKE_XEN_FIXTURES/xl-list-v.out"; else sed -n 1p "$FAKE_XEN_FIXTURES/xl-list.out"; fi
  if [ $# -gt 0 ]; then domid=$(find_domain "$1") && row "$domid" "$verbose"; return; fi
  if [ -n "$verbose" ]; then
    printf '%-40s %5d %5d %5d     %s  %8.1f %s        -                -\n' Domain-0 0 512 1 r----- 66.9 00000000-0000-0000-0000-000000000000
  else printf '%-40s %5d %5d %5d     %s  %8.1f\n' Domain-0 0 512 1 r----- 66.9; fi
  for domid in $(ids); do row "$domid" "$verbose"; done
}

# As libxl keeps how a domain was made: from its configuration, with what a test put beside it (files json and build.json).
list_long() {
  comma=
  echo '['
  for domid in $(ids); do
    [ -z "$comma" ] || echo '    ,'
    comma=yes
    cfg=$DOMAINS/$domid/cfg
    cat <<END
    {
        "domid": $domid,
        "config": {
            "c_info": {
                "type": "$(get "$domid" type)",
                "name": "$(get "$domid" name)",
                "uuid": "$(get "$domid" uuid)",
                "run_hotplug_scripts": "True"
            },
            "b_info": {
                "max_vcpus": $(get "$domid" vcpus),
                "avail_vcpus": [ $(seq -s , 0 $(($(get "$domid" vcpus) - 1))) ],
                "max_memkb": $(($(get "$domid" memory) * 1024)),
                "target_memkb": $(($(get "$domid" memory) * 1024)),
                "sched_params": { "sched": "credit2", "weight": 256, "cap": 0 },
                "claim_mode": "True",
                "kernel": "$(setting "$cfg" kernel)",
                "cmdline": "$(setting "$cfg" extra)",
                "ramdisk": "$(setting "$cfg" ramdisk)",
                $(get "$domid" build.json)
                "type.$(get "$domid" type)": { }
            },
            "disks": [
$(entries "$cfg" disk | long_disks)
            ],
            "nics": [
$(entries "$cfg" vif | long_nics)
            ],
            $(get "$domid" json)
            "on_reboot": "restart",
            "on_soft_reset": "soft_reset"
        }
    }
END
  done
  echo ']'
}
long_disks() {
  between=
  while read -r entry; do
    [ -z "$between" ] || echo "$between"
    between=,
    case ,$entry, in *,access=ro,* | *,access=r,*) write=0 ;; *) write=1 ;; esac
    printf '                {\n                    "pdev_path": "%s",\n                    "vdev": "%s",\n                    "format": "%s",\n                    "readwrite": %s\n                }\n' \
      "${entry#*target=}" "$(part "$entry" vdev)" "$(part "$entry" format)" "$write"
  done
}
long_nics() {
  between= index=0
  while read -r entry; do
    [ -z "$between" ] || echo "$between"
    between=,
    printf '                { "devid": %s, "mac": "%s", "bridge": "%s", "ip": "%s", "nictype": "vif" }\n' \
      "$index" "$(part "$entry" mac)" "$(part "$entry" bridge)" "$(part "$entry" ip)"
    index=$((index + 1))
  done
}

info() {
  free=$((TOTAL - 24 - $(used_memory)))
  sed "s/^\\(nr_cpus *: \\).*/\\1$CPUS/; s/^\\(total_memory *: \\).*/\\1$TOTAL/; s/^\\(free_memory *: \\).*/\\1$free/" "$FAKE_XEN_FIXTURES/xl-info.out" |
    if [ -f "$FAKE_XEN/virt_caps" ]; then sed "s/^\\(virt_caps *: \\).*/\\1$(cat "$FAKE_XEN/virt_caps")/"; else cat; fi
}

block_list() {
  domid=$(find_domain "$1") || exit 1
  sed -n 1p "$FAKE_XEN_FIXTURES/xl-block-list.out"
  while read -r number _ half; do
    if [ -n "$half" ]; then state=3; else state=4; fi
    echo "$number 0   $domid      $state     8      8        /local/domain/0/backend/vbd/$domid/$number"
  done <"$DOMAINS/$domid/disks"
}

network_list() {
  sed -n 1p "$FAKE_XEN_FIXTURES/xl-network-list.out"
  domid=$(find_domain "$1") || exit 1
  while read -r index mac _; do echo "$index   0  $mac     $index     4     -1   522/523         /local/domain/0/backend/vif/$domid/$index"; done <"$DOMAINS/$domid/nics"
}

xentop() {
  sed -n 1p "$FAKE_XEN_FIXTURES/xentop.out"
  sed -n '/Domain-0/p' "$FAKE_XEN_FIXTURES/xentop.out"
  for domid in $(ids); do
    sed -n "s/^ *pv1 /  $(get "$domid" name) /p" "$FAKE_XEN_FIXTURES/xentop.out"
  done
}
