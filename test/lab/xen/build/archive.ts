/** An initramfs: a folder as a compressed cpio archive. */
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from './command'
import { flatModules, type Kernel } from './modules'

export interface Initramfs {
  readonly kernel: Kernel
  /** Tree that busybox is taken from. */
  readonly tree: string
  readonly modules: readonly string[]
  /** The script that becomes /init; it loads what /mod/order names. */
  readonly init: string
  /** Links to busybox beside /bin/sh, as absolute paths. */
  readonly links?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
}

const FOLDERS = ['bin', 'sbin', 'mod', 'proc', 'sys', 'dev', 'etc', 'run', 'tmp', 'new']

/** Writes the archive; `folder` is where it may be put together. */
export async function writeInitramfs(what: Initramfs, folder: string, target: string): Promise<void> {
  for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true })
  cpSync(join(what.tree, 'bin', 'busybox'), join(folder, 'bin', 'busybox'))
  for (const link of ['/bin/sh', ...(what.links ?? [])]) symlinkSync('/bin/busybox', join(folder, link))
  const order = await flatModules(what.kernel, what.modules, join(folder, 'mod'))
  writeFileSync(join(folder, 'mod', 'order'), `${order.join('\n')}\n`)
  cpSync(what.init, join(folder, 'init'))
  chmodSync(join(folder, 'init'), 0o755)
  for (const [path, text] of Object.entries(what.files ?? {})) {
    writeFileSync(join(folder, path), text)
    chmodSync(join(folder, path), 0o755)
  }
  // The file names stand in arguments of ours only.
  await command('sh', ['-c', 'cd "$1" && find . | cpio -o -H newc --quiet | gzip -6 > "$2"', 'sh', folder, target])
}
