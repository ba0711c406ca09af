/** What a host has that machines, disks and networks leave behind: to compare before and after. */
import type { LabHost } from './lab-host'

const ROOT = '/var/lib/occi-gateway'

/** Domains, network devices, loop devices, processes of Xen's tools, and files of ours but the guard's ledger. */
export const leftOn = async (host: LabHost): Promise<readonly string[]> =>
  (
    await host.print(
      [
        'xl list | awk \'NR > 1 { print "domain", $1 }\'',
        'ls /sys/class/net | sed "s/^/device /"',
        'losetup -a | sed "s/^/loop /"',
        'xenstore-list /local/domain | sed "s/^/store /"',
        'for p in /proc/[0-9]*; do tr "\\000" " " <$p/cmdline; echo; done 2>/dev/null | grep -E "^(xl|/usr/lib/xen[^ ]*/bin/(xl|qemu-dm)|[^ ]*qemu-system-i386|[^ ]*qemu-nbd) " | sed "s/^/process /"',
        `[ ! -d ${ROOT} ] || find ${ROOT} -path ${ROOT}/guard -prune -o -type f -print | sed "s/^/file /"`,
      ].join('\n'),
    )
  )
    .split('\n')
    .filter((line) => line !== '')
    .toSorted()
