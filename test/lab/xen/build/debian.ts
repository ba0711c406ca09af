/** Trees of Debian packages, by mmdebstrap. */
import { existsSync, readFileSync } from 'node:fs'
import { attempt } from './command'

/** The release whose Xen the lab runs: 4.17. */
export const RELEASE = 'bookworm'

const OWN_SOURCES = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']

/** On the same release its own mirror is asked, else mmdebstrap's own choice. */
function mirror(): readonly string[] {
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (!system.includes(`VERSION_CODENAME=${RELEASE}`)) return []
  const own = OWN_SOURCES.find((file) => existsSync(file) && readFileSync(file, 'utf8').includes(RELEASE))
  return own ? [own] : []
}

const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*']

export interface Tree {
  /** 'extract': packages are unpacked only; 'minbase': a small system with them installed. */
  readonly variant: 'extract' | 'minbase'
  readonly packages: readonly string[]
}

/** Debian's packages cannot be had here: nothing is wrong with the lab. */
export class NoPackages extends Error {}

const OUT_OF_REACH =
  /could not resolve|failed to fetch|unable to connect|could not connect|connection (?:failed|refused|timed out)/i
const KEPT = 2_000

/** Fills `target` (a folder, or a file named `.tar`) with packages and what they depend on. Throws NoPackages where the archive is out of reach. */
export async function debianTree({ variant, packages }: Tree, target: string): Promise<void> {
  const { code, stdout, stderr } = await attempt('mmdebstrap', [
    '--quiet',
    '--mode=root',
    `--variant=${variant}`,
    `--include=${packages.join(',')}`,
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    // It is a cache that can be made again: no waiting for the disk after each file.
    '--dpkgopt=force-unsafe-io',
    RELEASE,
    target,
    ...mirror(),
  ])
  if (code === 0) return
  const said = (stderr || stdout).trim().slice(-KEPT)
  if (OUT_OF_REACH.test(said)) throw new NoPackages(`Debian's packages cannot be fetched: ${said}`)
  throw new Error(`mmdebstrap: exit ${code}\n${said}`)
}
