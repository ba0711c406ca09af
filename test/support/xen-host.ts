/**
 * A Xen host that is none, behind a real sshd: the fake xl (test/support/fake-xl) keeps its domains in a folder and speaks what
 * real tools said; guard, deeds, ssh and files are real. Its folder is its own although all run on one machine: a forced
 * command in authorized_keys leads to it.
 */
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { HostId } from '../../src/model/ids'
import type { HostTarget } from '../../workers/drivers/driver'
import { enterScript } from '../../workers/drivers/guard/script'
import { startSshd, type TestSshd } from './sshd'

const FAKE = join(__dirname, 'fake-xl', 'xl')
const FIXTURES = join(__dirname, '..', 'fixtures', 'xen')
const FOREIGN_UUID = '11111111-2222-4333-8444-555555555555'

export interface XenHostOptions {
  readonly site: string
  readonly cpus?: number
  readonly memoryMiB?: number
  /** `virt_caps` of xl info. */
  readonly virtCaps?: string
  /** What its key may: call the guard, which is there already, or (as on a host that nothing of ours is on yet) everything. */
  readonly way?: 'guard' | 'login'
}

/** How somebody else made a domain. */
export interface ForeignMade {
  readonly uuid?: string
  readonly type?: 'pv' | 'pvh' | 'hvm'
  /** Entries of `disk` and `vif` of xl.cfg(5). */
  readonly disks?: readonly string[]
  readonly vifs?: readonly string[]
  readonly kernel?: string
  /** Members of libxl's JSON of it, each with a comma behind: of its own, and of its b_info. */
  readonly json?: string
  readonly build?: string
}

export interface XenHost {
  readonly target: HostTarget
  readonly sshd: TestSshd
  /** Of the site, where the driver keeps its files. */
  readonly folder: string
  /** What its xl does next time: see fake-xl/xl. */
  knob(command: string, word: string, times?: 'once' | 'always'): void
  clearKnobs(): void
  /** Words of every call of xl so far. */
  calls(): readonly string[]
  /** When xl was told to create that machine last, ms since 1970. */
  createdAt(name: string): number
  /** A domain that somebody else made. */
  foreign(name: string, memoryMiB: number, made?: ForeignMade): void
  /** As its guest, or Xen, would: a domain's file changed. */
  setDomain(name: string, file: 'flags' | 'name' | 'uuid', value: string): void
  /** As its guest would write on its console. */
  says(name: string, text: string): void
  /** As its guest would power off: the domain is gone. */
  dropDomain(name: string): void
  domains(): readonly { readonly domid: number; readonly name: string; readonly flags: string; readonly cfg: string }[]
  /** Every file of the host but the guard's, sorted. */
  files(): readonly string[]
  /** Every file and folder of the host, sorted; not the fake xl's notes of what it was asked. */
  everything(): readonly string[]
  close(): Promise<void>
}

export async function startXenHost(name: string, options: XenHostOptions): Promise<XenHost> {
  const root = mkdtempSync(join(tmpdir(), 'og-xen-'))
  const at = (...path: string[]): string => join(root, ...path)
  const xen = at('xen')
  for (const folder of ['xen/knobs', 'xen/net/xenbr0/bridge', 'xen/domains', 'consoles'])
    mkdirSync(at(folder), { recursive: true })
  const command = options.way === 'login' ? door(root) : guardOnly(root)
  writeFileSync(join(xen, 'cpus'), String(options.cpus ?? 4))
  writeFileSync(join(xen, 'total_memory'), String(options.memoryMiB ?? 16_384))
  if (options.virtCaps !== undefined) writeFileSync(join(xen, 'virt_caps'), options.virtCaps)
  const sshd = await startSshd({
    env: {
      FAKE_XEN: xen,
      FAKE_XEN_FIXTURES: FIXTURES,
      FAKE_XEN_TOOLS: dirname(FAKE),
      NETWORK_SYS: join(xen, 'net'),
      XL_CONSOLES: at('consoles'),
      XL_TAKES_SECONDS: '2',
    },
    keyOptions: () => `command="${command}"`,
  })
  for (const tool of ['xl', 'xentop']) symlinkSync(FAKE, join(sshd.bin, tool))
  writeFileSync(join(sshd.bin, 'qemu-system-i386'), '', { mode: 0o755 })
  if (options.way === 'login') writeFileSync(join(sshd.bin, 'sudo'), SUDO, { mode: 0o755 })
  const consoled = options.way === 'login' ? startDaemon(sshd.bin, 'xenconsoled') : undefined
  const domain = (domid: string, file: string): string => {
    const path = join(xen, 'domains', domid, file)
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd() : ''
  }
  const ids = (): string[] => readdirSync(join(xen, 'domains')).sort((a, b) => Number(a) - Number(b))
  const domidOf = (wanted: string): string => {
    const found = ids().find((domid) => domain(domid, 'name') === wanted)
    if (found === undefined) throw new Error(`no domain ${wanted}`)
    return found
  }
  return {
    target: { ...sshd.target, id: name as HostId, name },
    sshd,
    folder: at('occi', options.site),
    knob: (command, word, times = 'once') =>
      writeFileSync(join(xen, 'knobs', times === 'once' ? `${command}.once` : command), `${word}\n`),
    clearKnobs: () => {
      for (const file of readdirSync(join(xen, 'knobs'))) rmSync(join(xen, 'knobs', file))
    },
    calls: () => (existsSync(join(xen, 'log')) ? readFileSync(join(xen, 'log'), 'utf8').trimEnd().split('\n') : []),
    createdAt: (wanted) => {
      const line = readFileSync(join(xen, 'creates'), 'utf8')
        .trimEnd()
        .split('\n')
        .findLast((one) => one.includes(wanted))
      return Math.floor(Number(line?.split(' ')[0] ?? 0) / 1e6)
    },
    foreign: (wanted, memoryMiB, { uuid = FOREIGN_UUID, type = 'pvh', disks = [], vifs = [], ...made } = {}) => {
      const folder = join(xen, 'domains', String(900 + ids().length))
      mkdirSync(folder)
      const list = (key: string, entries: readonly string[]) =>
        [`${key} = [`, ...entries.map((entry) => `  "${entry}",`), ']'].join('\n')
      const kernel = made.kernel === undefined ? [] : [`kernel = "${made.kernel}"`]
      const facts = {
        name: wanted,
        uuid,
        memory: memoryMiB,
        vcpus: 2,
        type,
        flags: '-b----',
        disks: disks.map((_, at) => `${51_712 + at * 16} disk`).join('\n'),
        nics: vifs.map((vif, at) => `${at} ${/mac=([^,]*)/.exec(vif)?.[1]} xenbr0`).join('\n'),
        cfg: [`name = "${wanted}"`, ...kernel, list('vif', vifs), list('disk', disks)].join('\n'),
        console: `${wanted} booted long ago`,
        json: made.json ?? '',
        'build.json': made.build ?? '',
      }
      for (const [file, value] of Object.entries(facts))
        writeFileSync(join(folder, file), value === '' ? '' : `${value}\n`)
    },
    setDomain: (wanted, file, value) => writeFileSync(join(xen, 'domains', domidOf(wanted), file), `${value}\n`),
    says: (wanted, text) => appendFileSync(join(xen, 'domains', domidOf(wanted), 'console'), text),
    dropDomain: (wanted) => rmSync(join(xen, 'domains', domidOf(wanted)), { recursive: true }),
    domains: () =>
      ids().map((domid) => ({
        domid: Number(domid),
        name: domain(domid, 'name'),
        flags: domain(domid, 'flags'),
        cfg: domain(domid, 'cfg'),
      })),
    files: () => filesBelow(at('occi'), at('occi')).filter((file) => !file.startsWith('guard/')),
    everything: () => readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(isNotNote).sort(),
    close: async () => {
      consoled?.()
      await sshd.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** The guard is there, and the key may call it alone. */
function guardOnly(root: string): string {
  const enter = join(root, 'occi/guard/enter')
  mkdirSync(dirname(enter), { recursive: true })
  writeFileSync(enter, enterScript().text, { mode: 0o755 })
  return `sh ${enter} --line \\"$SSH_ORIGINAL_COMMAND\\"`
}

/** The key may do everything, but finds the host's own folders where the machine's would be. */
function door(root: string): string {
  const enter = join(root, 'occi/guard/enter')
  const words = [
    `s,/var/lib/occi-gateway,${join(root, 'occi')},g`,
    `s,/sys/class/net,${join(root, 'xen/net')},g`,
    // As another host calls it by where it has its own.
    `s,/[^' $]*/guard/enter,${enter},g`,
  ]
  writeFileSync(
    join(root, 'door'),
    `#!/bin/sh\nexec sh -c "$(printf '%s\\n' "$SSH_ORIGINAL_COMMAND" | sed "${words.join('; ')}")"\n`,
    { mode: 0o755 },
  )
  return `sh ${join(root, 'door')}`
}

/** Where the tests' user is not root: this host's may do everything. */
const SUDO = '#!/bin/sh\n[ "$1" != -n ] || shift\nexec "$@"\n'

/** A process of that name, as a host's check looks for; ends it. */
function startDaemon(bin: string, name: string): () => void {
  const path = join(bin, name)
  symlinkSync('/bin/sh', path)
  const child = spawn(path, ['-c', 'read -r _'], { argv0: 'sh', stdio: ['pipe', 'ignore', 'ignore'] })
  return () => void child.kill('SIGKILL')
}

/** `ssh NAME` on each of them leads to the other, as operators arrange it between hosts that machines move between. */
export function introduce(hosts: readonly XenHost[]): void {
  for (const host of hosts) {
    mkdirSync(host.folder, { recursive: true })
    writeFileSync(
      join(host.folder, 'ssh_config'),
      hosts
        .map(({ target, sshd }) =>
          [
            `Host ${target.name}`,
            '  HostName 127.0.0.1',
            `  Port ${sshd.port}`,
            `  User ${sshd.user}`,
            `  IdentityFile ${sshd.keyFile}`,
            '  IdentitiesOnly yes',
            '  StrictHostKeyChecking no',
            '  UserKnownHostsFile /dev/null',
            '  LogLevel ERROR',
            '',
          ].join('\n'),
        )
        .join('\n'),
    )
  }
}

/** What the fake xl keeps for itself. */
const isNotNote = (path: string): boolean => !/^xen\/(log|lock|calls|creates|domid)/.test(path)

function filesBelow(folder: string, root: string): string[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const path = join(folder, name)
      return lstatSync(path).isDirectory() ? filesBelow(path, root) : [relative(root, path)]
    })
    .sort()
}
