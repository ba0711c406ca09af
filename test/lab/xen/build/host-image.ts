/** What both hosts boot from: Xen, dom0's kernel and initramfs, their common disk, and the keys that they are known by. */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeInitramfs } from './archive'
import { command } from './command'
import { guest } from './guest'
import { HOSTS } from './hosts'
import { kernels } from './kernels'
import { imageOf, installModules, type Kernel, kernelOf } from './modules'
import { rootfs } from './rootfs'
import { keyOf, make, type Stage } from './stage'

const IN_HOST = join(__dirname, '..', 'in-host')
const SCRIPTS = ['rc', 'inittab', 'initramfs'].map((name) => join(IN_HOST, name))
const BOOT_MODULES = ['virtio_pci', 'virtio_blk', 'crc32c_generic', 'ext4']
/** Of the root disk: what Xen's back ends, bridges, VLANs, filters and shared folders need. */
const MODULES =
  'virtio_pci virtio_blk virtio_net virtio_rng ext4 crc32c_generic bridge xen-netback xen-blkback xen-evtchn xen-gntdev xen-gntalloc xen-privcmd xenfs loop tun dm-mod dm-snapshot iptable_nat iptable_filter ip_tables xt_physdev br_netfilter dummy 8021q nbd overlay isofs 9p 9pnet_virtio'.split(
    ' ',
  )
/** Sparse: room for images, their clones and saved memory. */
const DISK = '6G'

export const hostImage: Stage = {
  name: 'host',
  says: "putting the hosts' disk together",
  inputs: [keyOf(kernels), keyOf(rootfs), keyOf(guest), ...BOOT_MODULES, ...MODULES, DISK],
  files: [
    __filename,
    ...SCRIPTS,
    join(__dirname, 'hosts.ts'),
    join(__dirname, 'archive.ts'),
    join(__dirname, 'modules.ts'),
  ],
  async build(folder) {
    const tree = join(await make(kernels), 'tree')
    const kernel = kernelOf(tree, 'full')
    const root = join(folder, 'root')
    mkdirSync(root)
    await command('tar', ['-xpf', join(await make(rootfs), 'rootfs.tar'), '-C', root, '--numeric-owner'])
    await installModules(kernel, MODULES, root)
    await makeKeys(folder, root)
    await makeHost(root)
    cpSync(await make(guest), join(root, 'guest'), { recursive: true })
    await makeBootFiles(folder, root, kernel)
    await command('mke2fs', ['-q', '-t', 'ext4', '-L', 'dom0', '-m', '0', '-d', root, join(folder, 'disk.img'), DISK])
    rmSync(root, { recursive: true })
  },
}

const keygen = (file: string, comment: string) =>
  command('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file])

/** One key opens both hosts for the lab, another for each other (`xl migrate`); each host has its own host key. */
async function makeKeys(folder: string, root: string): Promise<void> {
  const ssh = join(root, 'root', '.ssh')
  mkdirSync(ssh, { recursive: true })
  await keygen(join(folder, 'id_lab'), 'lab')
  await keygen(join(ssh, 'id_ed25519'), 'hosts')
  const known: string[] = []
  for (const { name, address } of HOSTS) {
    const keys = join(root, 'etc', 'lab', 'keys', name)
    mkdirSync(keys, { recursive: true })
    await keygen(join(keys, 'ssh_host_ed25519_key'), name)
    const key = readFileSync(join(keys, 'ssh_host_ed25519_key.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
    writeFileSync(join(folder, `${name}.hostkey`), key)
    known.push(`${address},${name} ${key}\n`)
  }
  writeFileSync(join(ssh, 'known_hosts'), known.join(''))
  const mayEnter = [join(folder, 'id_lab.pub'), join(ssh, 'id_ed25519.pub')].map((file) => readFileSync(file, 'utf8'))
  writeFileSync(join(ssh, 'authorized_keys'), mayEnter.join(''))
  chmodSync(ssh, 0o700)
}

const SSHD = ['PermitRootLogin prohibit-password', 'UseDNS no', 'UsePAM no', 'HostKey /etc/ssh/ssh_host_ed25519_key']

async function makeHost(root: string): Promise<void> {
  cpSync(join(IN_HOST, 'rc'), join(root, 'etc', 'lab', 'rc'))
  chmodSync(join(root, 'etc', 'lab', 'rc'), 0o755)
  cpSync(join(IN_HOST, 'inittab'), join(root, 'etc', 'inittab'))
  writeFileSync(join(root, 'etc', 'ssh', 'sshd_config.d', 'lab.conf'), `${SSHD.join('\n')}\n`)
  writeFileSync(join(root, 'etc', 'lab', 'hosts'), HOSTS.map(({ name, address }) => `${address} ${name}\n`).join(''))
  for (const name of ['proc/xen', 'shared']) mkdirSync(join(root, name), { recursive: true })
  // An ordinary account that may enter with the lab's key; what it may do is the operator's to say (sudoers).
  await command('chroot', [root, 'useradd', '--create-home', '--shell', '/bin/sh', '--password', '*', 'operator1'])
  const home = join(root, 'home', 'operator1', '.ssh')
  mkdirSync(home)
  cpSync(join(root, 'root', '.ssh', 'authorized_keys'), join(home, 'authorized_keys'))
  await command('chroot', [root, 'chown', '-R', 'operator1:operator1', '/home/operator1/.ssh'])
}

async function makeBootFiles(folder: string, root: string, kernel: Kernel): Promise<void> {
  const gz = join(root, 'boot', 'xen-4.17-amd64.gz')
  if (!existsSync(gz)) throw new Error(`Debian's package has no ${gz.slice(root.length)}`)
  await command('sh', ['-c', 'gzip -dc "$1" > "$2"', 'sh', gz, join(folder, 'xen')])
  cpSync(imageOf(kernel), join(folder, 'vmlinuz'))
  const work = join(folder, 'initramfs')
  const init = join(IN_HOST, 'initramfs')
  await writeInitramfs({ kernel, tree: kernel.tree, modules: BOOT_MODULES, init }, work, join(folder, 'initrd.gz'))
  rmSync(work, { recursive: true })
}
