/** Modules of an unpacked Linux package, with what they need, in the order in which to load them. */
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { command } from './command'

export interface Kernel {
  /** The unpacked package. */
  readonly tree: string
  readonly version: string
}

/** Versions are those of the day: `cloud` is Debian's kernel for guests, which cannot be a dom0 (CONFIG_XEN_DOM0 is off). */
export function kernelOf(tree: string, flavour: 'full' | 'cloud'): Kernel {
  const versions = readdirSync(join(tree, 'lib', 'modules'))
  const version = versions.find((name) => name.includes('-cloud-') === (flavour === 'cloud'))
  if (!version) throw new Error(`no ${flavour} kernel in ${tree}`)
  return { tree, version }
}

export const imageOf = ({ tree, version }: Kernel): string => join(tree, 'boot', `vmlinuz-${version}`)

/** Paths below `lib/modules/<version>`, each after those it depends on. */
export async function modulesFor(kernel: Kernel, names: readonly string[]): Promise<readonly string[]> {
  const paths = new Set<string>()
  for (const name of names) {
    const args = ['-d', kernel.tree, '-S', kernel.version, '--show-depends', name]
    const lines = (await command('modprobe', args)).split('\n')
    for (const [, path] of lines.map((line) => /^insmod (\S+)/.exec(line) ?? []))
      if (path) paths.add(relative(kernel, path))
  }
  return [...paths]
}

const relative = ({ version }: Kernel, path: string): string => path.slice(path.indexOf(version) + version.length + 1)

/** Copies modules into another tree, for modprobe there. */
export async function installModules(kernel: Kernel, names: readonly string[], root: string): Promise<void> {
  const below = join('lib', 'modules', kernel.version)
  const copy = (path: string): void => {
    const target = join(root, below, path)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(kernel.tree, below, path), target)
  }
  for (const path of await modulesFor(kernel, names)) copy(path)
  for (const path of ['modules.order', 'modules.builtin', 'modules.builtin.modinfo']) copy(path)
  await command('depmod', ['-b', root, kernel.version])
}

/** Copies modules flat into an initramfs' folder; returns their file names in the order in which to load them. */
export async function flatModules(
  kernel: Kernel,
  names: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true })
  const paths = await modulesFor(kernel, names)
  for (const path of paths)
    cpSync(join(kernel.tree, 'lib', 'modules', kernel.version, path), join(folder, basename(path)))
  return paths.map((path) => basename(path))
}
