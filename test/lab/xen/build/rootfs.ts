/** The hosts' Debian, before it is made a lab host: installed packages, as an archive. */
import { join } from 'node:path'
import { debianTree } from './debian'
import type { Stage } from './stage'

/** Xen, and what an operator's host has besides; `sudo` for hosts that are driven without root. */
const PACKAGES = [
  'xen-utils-4.17',
  'xen-hypervisor-4.17-amd64',
  'qemu-system-xen',
  'qemu-utils',
  'grub-xen-host',
  'openssh-server',
  'sudo',
  'iproute2',
  'busybox-static',
  'kmod',
  'bridge-utils',
  'e2fsprogs',
  'procps',
  'iputils-ping',
]

export const rootfs: Stage = {
  name: 'rootfs',
  says: "installing Debian and Xen for the hosts' disk",
  inputs: PACKAGES,
  files: [__filename, join(__dirname, 'debian.ts')],
  build: (folder) => debianTree({ variant: 'minbase', packages: PACKAGES }, join(folder, 'rootfs.tar')),
}
