/**
 * A host for the deeds of networks: a network namespace of this machine, with a bridge of the operator's and an uplink. Its deeds
 * are run by sh at once; the guard is tested elsewhere. Where the kernel has no 802.1Q, `ip link add … type vlan` makes a pair of
 * virtual devices instead, so that all but the tagging itself is tried.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fault } from '../../src/faults'
import type { HostTarget } from '../../workers/drivers/driver'
import type { GuardedHost } from '../../workers/drivers/guard/guarded-host'

const succeeds = (command: string, words: readonly string[]): boolean =>
  spawnSync(command, words, { stdio: 'ignore' }).status === 0

const PROBE = `probe-${process.pid}`

function probe(): { readonly namespaces: boolean; readonly vlans: boolean } {
  if (process.getuid?.() !== 0 || !succeeds('ip', ['netns', 'add', PROBE])) return { namespaces: false, vlans: false }
  const inside = (...words: string[]) => succeeds('ip', ['-n', PROBE, 'link', 'add', ...words])
  try {
    const namespaces = inside('up0', 'type', 'veth', 'peer', 'name', 'up1') && inside('b0', 'type', 'bridge')
    return { namespaces, vlans: inside('link', 'up0', 'name', 'v7', 'type', 'vlan', 'id', '7') }
  } finally {
    execFileSync('ip', ['netns', 'del', PROBE])
  }
}
const can = probe()
export const hasVlans = can.vlans

/** Declares tests that need network namespaces with bridges. */
export function describeWithNamespaces(name: string, tests: () => void): void {
  if (can.namespaces) {
    describe(name, tests)
    return
  }
  const because = 'network namespaces need root, iproute2 and a kernel with bridges and veth'
  process.stderr.write(`SKIPPED: ${name}: ${because}\n`)
  // Nothing stands in for a kernel's bridges; the name and the line above say what is missing.
  describe.skip(`${name} (${because})`, tests)
}

/** Declares a test that needs real VLANs. */
export function testWithVlans(name: string, body: () => Promise<void>): void {
  if (can.namespaces && can.vlans) {
    test(name, body)
    return
  }
  const because = 'the kernel has no 802.1Q (module 8021q)'
  process.stderr.write(`SKIPPED: ${name}: ${because}\n`)
  // Nothing stands in for the kernel's VLANs; the name and the line above say what is missing.
  test.skip(`${name} (${because})`, body)
}

const STAND_IN = `#!/bin/sh
# link add link UPLINK name DEVICE type vlan id N
case "$1 $2 $3 $5 $7 $8 $9" in
'link add link name type vlan id') exec "$REAL_IP" link add name "$6" type veth peer name "p-$6" ;;
esac
exec "$REAL_IP" "$@"
`

export interface NetworkHost {
  readonly target: HostTarget
  readonly guarded: Pick<GuardedHost, 'effect' | 'free'>
  /** $OCCI_FOLDER */
  readonly folder: string
  /** `ip` in its namespace; throws with its words. */
  ip(...words: readonly string[]): string
  /** All devices but lo: name to state, master and alias. */
  links(): Readonly<Record<string, { readonly master?: string; readonly alias?: string; readonly up: boolean }>>
  /** Runs some shell with the deeds in front of it. */
  shell(text: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>
  close(): void
}

let hosts = 0

/** `users`: text of shell that stands for the hypervisor's deeds. */
export function openNetworkHost(options: {
  readonly deeds: readonly string[]
  readonly shell?: readonly string[]
  readonly site?: string
  readonly on?: NetworkHost
}): NetworkHost {
  const name = options.on?.target.name ?? `og-${process.pid}-${++hosts}`
  const folder = options.on?.folder ?? mkdtempSync(join(tmpdir(), 'network-host-'))
  mkdirSync(join(folder, 'guard'), { recursive: true })
  const ip = (...words: readonly string[]) =>
    execFileSync('ip', ['-n', name, ...words], { encoding: 'utf8', stdio: 'pipe' })
  if (!options.on) execFileSync('ip', ['netns', 'add', name])
  const path = standIn(folder)
  const shell = (text: string) =>
    ran(
      [
        'netns',
        'exec',
        name,
        ...(options.shell ?? ['sh']),
        '-c',
        `${PRELUDE}\n${options.deeds.join('\n')}\n${text}`,
        'deed',
      ],
      {
        ...process.env,
        ...path,
        LC_ALL: 'C',
        OCCI_FOLDER: folder,
        OCCI_SITE: options.site ?? 'local-1',
      },
    )
  const quoted = (words: readonly string[]) => words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const deed = async (word: string, args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await shell(`(${word} ${quoted(args)})`)
    if (code === 0) return stdout
    throw fault(code === 3 ? 'refused' : 'timeout', stderr.trim())
  }
  return {
    target: { id: 'host' as HostTarget['id'], name, address: '' },
    folder,
    ip,
    shell,
    links: () => linksOf(ip('-d', '-j', 'link', 'show')),
    guarded: {
      effect: async (_host, _ticket, word, args) => ({ state: 'done', value: await deed(`effect_${word}`, args) }),
      free: async (_host, word, args) => Buffer.from(await deed(`free_${word}`, args)),
    },
    close() {
      execFileSync('ip', ['netns', 'del', name])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const WORDS = readFileSync(join(__dirname, '..', '..', 'workers', 'drivers', 'guard', 'host', '10-words.sh'), 'utf8')
const PRELUDE = `${WORDS}\ndeparted() { echo departed; }\numask 077`

function standIn(folder: string): NodeJS.ProcessEnv {
  if (can.vlans) return {}
  const bin = join(folder, '.stand-in')
  mkdirSync(bin, { recursive: true })
  const real = execFileSync('sh', ['-c', 'command -v ip'], { encoding: 'utf8' }).trim()
  writeFileSync(join(bin, 'ip'), STAND_IN, { mode: 0o755 })
  return { REAL_IP: real, NETWORK_IP: join(bin, 'ip') }
}

const ran = (words: readonly string[], env: NodeJS.ProcessEnv) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = spawn('ip', words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [out, err]: Buffer[][] = [[], []]
    child.stdout.on('data', (data) => out?.push(data))
    child.stderr.on('data', (data) => err?.push(data))
    child.on('close', (code) =>
      resolve({
        code: code ?? 137,
        stdout: Buffer.concat(out ?? []).toString(),
        stderr: Buffer.concat(err ?? []).toString(),
      }),
    )
  })

interface Link {
  readonly ifname: string
  readonly master?: string
  readonly ifalias?: string
  readonly flags: readonly string[]
}

const linksOf = (json: string): ReturnType<NetworkHost['links']> =>
  Object.fromEntries(
    (JSON.parse(json) as readonly Link[]).flatMap(({ ifname, master, ifalias, flags }) =>
      ifname === 'lo' || ifname.startsWith('p-')
        ? []
        : [
            [
              ifname,
              {
                up: flags.includes('UP'),
                ...(master === undefined ? {} : { master }),
                ...(ifalias === undefined ? {} : { alias: ifalias }),
              },
            ],
          ],
    ),
  )
