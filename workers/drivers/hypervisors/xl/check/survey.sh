# What a host is, for `host add`: facts, a line each, `NAME TEXT`. It changes nothing. $1: the gateway's folder, then tools.
# SURVEY_ROOT: for tests, where the files of the host's own lie.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
LC_ALL=C
export PATH LC_ALL
folder=$1
shift
say() { printf '%s %s\n' "$1" "$2"; }
each() { while IFS= read -r line; do say "$1" "$line"; done; }
has() { command -v "$1" >/dev/null 2>&1; }
try() {
  seconds=$1
  shift
  if has timeout; then timeout -k 1 "$seconds" "$@" </dev/null 2>&1; else "$@" </dev/null 2>&1; fi
}

say survey 1
say uid "$(id -u)"
say now "$(date +%s)"
say kernel "$(uname -sr)"
for tool in "$@"; do has "$tool" || say lacks "$tool"; done

say hypervisor "$(cat /sys/hypervisor/type 2>/dev/null)"
if has xl; then
  info=$(try 10 xl info)
  say info-status $?
  printf '%s\n' "$info" | each info
  list=$(try 10 xl list)
  say list-status $?
  printf '%s\n' "$list" | each list
fi
if [ -e /etc/xensource-inventory ] || [ -d /opt/xensource ] || has xapi; then say xapi installed; fi
for it in /proc/[0-9]*/comm; do
  read -r name 2>/dev/null <"$it" || continue
  case $name in xapi | xenstored | oxenstored | xenconsoled | xenwatchdogd | libvirtd) say runs "$name" ;; esac
done
say autoballoon "$(sed -n 's/^[[:space:]]*autoballoon[[:space:]]*=[[:space:]]*//p' /etc/xen/xl.conf 2>/dev/null | tr -d '"')"

# What xendomains does with every domain when the host stops and starts, and what it has of machines of ours.
etc=${SURVEY_ROOT-}/etc
# NAME: of its settings, the last word.
set_there() {
  sed -n "s/^[[:space:]]*XENDOMAINS_$1=//p" "$config" | tail -n 1 | sed "s/[[:space:]]*#.*//; s/[\"']//g; s/[[:space:]]*\$//"
}
# SAVED AUTO: folders of it. A machine that was taken over may lie there under its old name.
left_there() {
  for machine in "$folder"/*/machines/i-*; do
    for name in "${machine##*/}" "$(cat "$machine/was" 2>/dev/null)"; do
      [ -n "$name" ] || continue
      if [ -n "$1" ] && [ -f "$1/$name" ]; then say xendomains-left "$1/$name"; fi
      [ -n "$2" ] || continue
      for file in "$2"/*; do
        is=$(sed -n "s/^[[:space:]]*name[[:space:]]*=[[:space:]]*[\"']\([^\"']*\).*/\1/p" "$file" 2>/dev/null | tail -n 1)
        [ "$is" != "$name" ] || say xendomains-left "$file"
      done
    done
  done
}
for config in "$etc/default/xendomains" "$etc/sysconfig/xendomains" "$etc/conf.d/xendomains"; do
  [ -f "$config" ] || continue
  say xendomains "$config"
  for name in SAVE RESTORE MIGRATE AUTO_ONLY; do say "xendomains-$name" "$(set_there $name)"; done
  left_there "$(set_there SAVE)" "$(set_there AUTO)"
  break
done
for it in "$etc"/rc[2-5S].d/S*xendomains "$etc"/runlevels/*/xendomains "$etc"/systemd/system/*.wants/xendomains.service; do
  if [ -e "$it" ] || [ -L "$it" ]; then say xendomains-starts yes; break; fi
done

# Where the folder is, or would be.
at=$folder
while [ ! -d "$at" ] && [ "$at" != / ]; do at=$(dirname "$at"); done
say folder-at "$at"
if [ -w "$at" ]; then say folder-writable yes; fi
df -Pk "$at" 2>/dev/null | sed -n 's/  */ /g; 2p' | each space
say filesystem "$(stat -f -c %T "$at" 2>/dev/null)"
if [ -f "$folder/guard/enter" ]; then say guard installed; fi
model=$(device_model) && say device-model "$model"
has qemu-img && say qemu-img "$(command -v qemu-img)"
for it in /sys/class/net/*/bridge; do
  [ -d "$it" ] || continue
  it=${it%/bridge}
  say bridge "${it##*/}"
done
sed -n 's/^[[:space:]]*nameserver[[:space:]]*//p' /etc/resolv.conf 2>/dev/null | each nameserver
say end 1
