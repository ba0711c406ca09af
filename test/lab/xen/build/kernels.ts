/** Kernels and busybox, unpacked only: no boot loader and no initramfs of Debian's is wanted here. */
import { join } from 'node:path'
import { command } from './command'
import { debianTree } from './debian'
import type { Stage } from './stage'

const PACKAGES = ['linux-image-amd64', 'linux-image-cloud-amd64', 'busybox-static']

export const kernels: Stage = {
  name: 'kernels',
  says: "fetching Debian's kernels and busybox",
  inputs: PACKAGES,
  files: [__filename],
  async build(folder) {
    const tree = join(folder, 'tree')
    await debianTree({ variant: 'extract', packages: PACKAGES }, tree)
    const versions = (await command('ls', [join(tree, 'lib', 'modules')])).trim().split('\n')
    for (const version of versions) await command('depmod', ['-b', tree, version])
  },
}
