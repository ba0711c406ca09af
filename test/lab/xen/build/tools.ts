/** Programs of this machine that the lab needs, by Debian package: installed when we may, else named. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { attempt } from './command'
import { step } from './progress'

/** A program of each package shows whether it is there. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'qemu-system-x86': 'qemu-system-x86_64',
  'qemu-utils': 'qemu-img',
  'openssh-client': 'ssh',
}
/** Needed only to build: from a full cache, anybody may run the lab. */
const BUILDERS: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  kmod: 'depmod',
  cpio: 'cpio',
  e2fsprogs: 'mke2fs',
}

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin']
const has = (program: string): boolean =>
  [...(process.env.PATH ?? '').split(':'), ...FOLDERS].some((folder) => existsSync(join(folder, program)))

const lacking = (programs: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(programs).flatMap(([name, program]) => (has(program) ? [] : [name]))

export const isRoot = (): boolean => process.getuid?.() === 0

/** Why the lab cannot be had here, for a person; undefined when it can. Installs packages when root. */
export async function missingTools(purpose: 'build' | 'run'): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `the hosts are emulated with Debian packages of linux x64; this is ${process.platform} ${process.arch}`
  if (purpose === 'build' && !isRoot())
    return 'the hosts are not built yet, and building them takes root: run it once as root'
  const wanted = purpose === 'build' ? { ...PROGRAMS, ...BUILDERS } : PROGRAMS
  if (lacking(wanted).length === 0) return undefined
  if (isRoot() && has('apt-get')) await install(lacking(wanted))
  const still = lacking(wanted)
  if (still.length === 0) return undefined
  return `programs are missing. On Debian: sudo apt-get install ${still.join(' ')}`
}

async function install(packages: readonly string[]): Promise<void> {
  await step(`installing Debian's ${packages.join(', ')}`, async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    const ask = () => attempt('apt-get', ['-q', '-y', '--no-install-recommends', 'install', ...packages], { env })
    if ((await ask()).code === 0) return
    // Lists may be empty (containers) or old.
    await attempt('apt-get', ['-q', 'update'], { env })
    await ask()
  })
}
