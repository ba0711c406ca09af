/** The tiny guest: Debian's cloud kernel and an initramfs that is all of it. A few seconds to boot, 96 MiB are enough. */
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeInitramfs } from './archive'
import { kernels } from './kernels'
import { imageOf, kernelOf } from './modules'
import { keyOf, make, type Stage } from './stage'

const INIT = join(__dirname, '..', 'in-guest', 'init')
const SEED = join(__dirname, '..', 'in-guest', 'seed')
const MODULES = ['xen-blkfront', 'xen-netfront', 'isofs', 'ext4']

/** The kernel's Xen shutdown watch calls /sbin/poweroff and /sbin/reboot: without them a guest ignores `xl shutdown`. */
const LINKS = ['/sbin/poweroff', '/sbin/reboot', '/sbin/halt', '/sbin/init']

export const guest: Stage = {
  name: 'guest',
  says: 'making the tiny guest',
  inputs: [keyOf(kernels), ...MODULES],
  files: [__filename, INIT, SEED, join(__dirname, 'archive.ts'), join(__dirname, 'modules.ts')],
  async build(folder) {
    const tree = join(await make(kernels), 'tree')
    const kernel = kernelOf(tree, 'cloud')
    const work = join(folder, 'work')
    const files = { seed: readFileSync(SEED, 'utf8') }
    await writeInitramfs(
      { kernel, tree, modules: MODULES, init: INIT, links: LINKS, files },
      work,
      join(folder, 'initrd.gz'),
    )
    rmSync(work, { recursive: true })
    cpSync(imageOf(kernel), join(folder, 'vmlinuz'))
  },
}

export const guestFiles = (folder: string) => ({ kernel: join(folder, 'vmlinuz'), ramdisk: join(folder, 'initrd.gz') })
