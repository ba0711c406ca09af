/**
 * A whole Debian on one disk, as vendors make cloud images: systemd, Debian's cloud-init (only its NoCloud source) and sshd.
 * The disk is one file system without a partition table; it boots with the kernel and initramfs that are in it, handed out beside
 * it, so that PVH can start it without a boot loader.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from './command'
import { debianTree } from './debian'
import type { Stage } from './stage'

const PACKAGES = [
  'linux-image-cloud-amd64',
  'initramfs-tools',
  'systemd-sysv',
  'udev',
  'dbus',
  'ifupdown',
  'iproute2',
  'cloud-init',
  'openssh-server',
  'sudo',
]
const SIZE = '1500M'
/** Debian's own account of cloud images. */
export const LOGIN = 'debian'
export const COMMAND_LINE = 'root=/dev/xvda rw console=hvc0 net.ifnames=0 mitigations=off quiet'

const FILES: Readonly<Record<string, string>> = {
  'etc/cloud/cloud.cfg.d/90-lab.cfg': 'datasource_list: [NoCloud]\n',
  'etc/fstab': '/dev/xvda / ext4 defaults,noatime 0 1\n',
  'etc/hostname': 'whole-disk\n',
}
/** Housekeeping that an emulated processor has no time for. */
const MASKED = [
  // Its device is late by more than systemd's patience.
  'serial-getty@hvc0.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'dpkg-db-backup.timer',
]

export const wholeDisk: Stage = {
  name: 'whole-disk',
  says: 'making a whole Debian with cloud-init',
  inputs: [...PACKAGES, ...MASKED, SIZE, JSON.stringify(FILES)],
  files: [__filename, join(__dirname, 'debian.ts')],
  async build(folder) {
    const [root, tar, raw] = ['root', 'root.tar', 'disk.raw'].map((name) => join(folder, name))
    if (!root || !tar || !raw) throw new Error('three paths were to be made')
    await debianTree({ variant: 'minbase', packages: PACKAGES }, tar)
    mkdirSync(root)
    await command('tar', ['-xpf', tar, '-C', root, '--numeric-owner'])
    await settle(root)
    takeBootFiles(root, folder)
    await command('mke2fs', ['-q', '-t', 'ext4', '-L', 'root', '-m', '0', '-d', root, raw, SIZE])
    await command('qemu-img', ['convert', '-c', '-O', 'qcow2', raw, join(folder, 'disk.qcow2')])
    for (const path of [root, tar, raw]) rmSync(path, { recursive: true })
  },
}

async function settle(root: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(root, path), text)
  for (const unit of MASKED) await command('chroot', [root, 'systemctl', 'mask', unit])
  // Each machine makes its own, as cloud-init does at the first boot.
  rmSync(join(root, 'etc', 'machine-id'), { force: true })
  writeFileSync(join(root, 'etc', 'machine-id'), '')
  for (const name of readdirSync(join(root, 'etc', 'ssh')).filter((file) => file.startsWith('ssh_host_')))
    rmSync(join(root, 'etc', 'ssh', name))
}

function takeBootFiles(root: string, folder: string): void {
  for (const [prefix, name] of [
    ['vmlinuz-', 'vmlinuz'],
    ['initrd.img-', 'initrd.img'],
  ] as const) {
    const file = readdirSync(join(root, 'boot')).find((entry) => entry.startsWith(prefix))
    if (!file) throw new Error(`no ${prefix} in the image`)
    cpSync(join(root, 'boot', file), join(folder, name))
  }
}

export const wholeDiskFiles = (folder: string) => ({
  disk: join(folder, 'disk.qcow2'),
  kernel: join(folder, 'vmlinuz'),
  ramdisk: join(folder, 'initrd.img'),
  cmdline: COMMAND_LINE,
  login: LOGIN,
})
