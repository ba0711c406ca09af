# Where a QEMU for Xen is: the hardware of hvm machines, and what serves qcow2 disks to machines of every mode. xl has the place of its
# own built in and tells it nobody, so it is looked for where it is installed. Checking a host (check/survey.sh) asks the same.

# Prints its path; false: there is none.
device_model() {
  for model in /usr/libexec/xen-qemu-system-i386 /usr/libexec/xen*/bin/qemu-system-i386 /usr/lib*/xen*/bin/qemu-system-i386 \
    /usr/local/lib*/xen*/bin/qemu-system-i386 /opt/xen*/lib*/xen*/bin/qemu-system-i386; do
    [ -x "$model" ] || continue
    printf '%s\n' "$model"
    return 0
  done
  command -v xen-qemu-system-i386 || command -v qemu-system-i386 || command -v qemu-system-x86_64
}

# For the deeds of disks.
disk_served() { [ "$1" != qcow2 ] || device_model >/dev/null; }
