/**
 * A real sshd on 127.0.0.1 for one test file: its own host key, user key and folder; commands find programs of `bin` first. The
 * session's user is whoever runs the tests. Everything that ran in it, detached work too, is ended by pid when it closes.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { utils } from 'ssh2'
import type { HostId } from '../../src/model/ids'
import type { HostTarget } from '../../workers/drivers/driver'
import { until } from './until'

const { findSshd } = require('../../scripts/setup/sshd') as {
  findSshd: () => { readonly bin: string; readonly env: Record<string, string> } | undefined
}

const FOUND = findSshd()

/** For `describe`: the tests of hosts reached by ssh run where an sshd can be had, and say so where not. */
export const describeWithSshd = (name: string, tests: () => void): void =>
  FOUND ? describe(name, tests) : describe.skip(`${name} (skipped: no sshd can be had on this machine)`, tests)

export interface TestSshdOptions {
  /** More lines of sshd_config, as `MaxSessions 2`. */
  readonly settings?: readonly string[]
  /** Added to the sessions' environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Options before the key in authorized_keys, as `command="…",restrict`, for a host with that folder. */
  readonly keyOptions?: (folder: string) => string
}

export interface TestSshd {
  readonly user: string
  readonly port: number
  /** `ssh://user@127.0.0.1:port` */
  readonly address: string
  /** `SHA256:…` of its host key. */
  readonly hostKey: string
  /** For a driver. */
  readonly target: HostTarget
  /** The user's private key. */
  readonly keyFile: string
  /** Programs of this folder are found before all others. */
  readonly bin: string
  /** An empty folder, for the host's files. */
  readonly folder: string
  /** The listening process. */
  readonly pid: number
  log(): string
  /** Pids of what runs below it now: connections, their commands, detached work. */
  processes(): readonly number[]
  /** As when the host restarts: listener, sessions and all their commands are killed; `start` brings it back at its port. */
  crash(): Promise<void>
  /** Only the connections: their commands run on. */
  dropConnections(): void
  start(): Promise<void>
  /** Another host key from the next `start` on. */
  changeHostKey(): string
  close(): Promise<void>
}

/** Starts one. Throws where there is no sshd: guard the tests by describeWithSshd. */
export async function startSshd(options: TestSshdOptions = {}): Promise<TestSshd> {
  if (!FOUND) throw new Error('no sshd on this machine')
  const found = FOUND
  const root = mkdtempSync(join(tmpdir(), 'og-sshd-'))
  chmodSync(root, 0o755)
  const file = (name: string): string => join(root, name)
  const mark = `OCCI_TEST_SSHD=${randomBytes(8).toString('hex')}`
  for (const name of ['bin', 'home', 'host']) mkdirSync(file(name))
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const user = userInfo().username
  const port = await freePort()
  let hostKey = writeHostKey(file('host-key'))
  const key = newKey()
  writeFileSync(file('user-key'), key.private, { mode: 0o600 })
  writeFileSync(
    file('authorized_keys'),
    `${options.keyOptions ? `${options.keyOptions(file('host'))} ` : ''}${key.public}\n`,
  )
  const path = [file('bin'), process.env.PATH ?? '/usr/bin:/bin'].join(delimiter)
  // Without the person's own start-up files, which may take their time and put other programs first.
  const env = { PATH: path, HOME: file('home'), ...options.env }
  writeFileSync(
    file('sshd_config'),
    [
      'ListenAddress 127.0.0.1',
      `Port ${port}`,
      `HostKey ${file('host-key')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'UseDNS no',
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PrintMotd no',
      'MaxStartups 100:30:200',
      'LogLevel VERBOSE',
      `SetEnv ${[mark, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)].map((it) => `"${it}"`).join(' ')}`,
      ...(options.settings ?? []),
    ].join('\n'),
  )
  let child: ChildProcess | undefined
  let log = ''
  const processes = (): number[] => [...new Set([...below(child?.pid), ...marked(mark)])]
  const crash = async (): Promise<void> => {
    const listener = child
    await until(() => {
      const pids = [...processes(), ...(listener?.pid === undefined ? [] : [listener.pid])].filter(alive)
      for (const pid of pids) end(pid)
      return pids.length === 0
    })
    child = undefined
  }
  const start = async (): Promise<void> => {
    const fresh = spawn(found.bin, ['-D', '-e', '-f', file('sshd_config')], {
      env: { ...process.env, ...found.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child = fresh
    running.add(crashNow)
    let said = ''
    fresh.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      log = (log + chunk.toString('utf8')).slice(-200_000)
    })
    await until(() => /Server listening/.test(said) || fresh.exitCode !== null, { what: 'sshd to listen' })
    if (fresh.exitCode !== null) throw new Error(`sshd ended: ${said}`)
  }
  const crashNow = (): void => {
    for (const pid of [...processes(), ...(child?.pid === undefined ? [] : [child.pid])]) end(pid)
  }
  await start()
  return {
    user,
    port,
    address: `ssh://${user}@127.0.0.1:${port}`,
    get hostKey() {
      return hostKey
    },
    get target() {
      const name = `sshd-${port}`
      return { id: name as HostId, name, address: `ssh://${user}@127.0.0.1:${port}`, hostKeys: [hostKey] }
    },
    keyFile: file('user-key'),
    bin: file('bin'),
    folder: file('host'),
    get pid() {
      return child?.pid ?? 0
    },
    log: () => log,
    processes,
    crash,
    dropConnections: () => {
      for (const pid of below(child?.pid)) if (/^sshd/.test(commandOf(pid))) end(pid)
    },
    start,
    changeHostKey: () => {
      hostKey = writeHostKey(file('host-key'))
      return hostKey
    },
    close: async () => {
      await crash()
      running.delete(crashNow)
      rmSync(root, { recursive: true, force: true })
    },
  }
}

const running = new Set<() => void>()
// A test run that dies leaves no sshd behind.
process.on('exit', () => {
  for (const crashNow of running) crashNow()
})

/** Name and key, each behind its length (RFC 8709). */
const ED25519_BLOB = 4 + 'ssh-ed25519'.length + 4 + 32

/** ssh2 1.17 strips a public key's leading zero bytes (lib/keygen.js), so one key in 256 is none that sshd reads. */
function newKey(): { readonly private: string; readonly public: string } {
  for (;;) {
    const key = utils.generateKeyPairSync('ed25519')
    if (Buffer.from(key.public.split(' ')[1] ?? '', 'base64').length === ED25519_BLOB) return key
  }
}

/** Writes a new host key; its fingerprint. */
function writeHostKey(path: string): string {
  const { private: text, public: line } = newKey()
  rmSync(path, { force: true })
  writeFileSync(path, text, { mode: 0o600 })
  const blob = Buffer.from(line.split(' ')[1] ?? '', 'base64')
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // gone already
  }
}

/** Neither gone nor a zombie that nobody fetched. */
const alive = (pid: number): boolean => /^\d+ \(.*\) [^ZX]/s.test(read(`/proc/${pid}/stat`))

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`)
const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

/** All descendants. */
function below(pid: number | undefined): number[] {
  if (pid === undefined) return []
  const parents = new Map(pids().map((it) => [it, Number(/\) \S (\d+)/.exec(read(`/proc/${it}/stat`))?.[1] ?? 0)]))
  const all = [pid]
  for (const one of all) for (const [child, parent] of parents) if (parent === one) all.push(child)
  return all.slice(1).filter(alive)
}

/** What was started in a session of ours, wherever it hangs by now. */
const marked = (mark: string): number[] =>
  pids().filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(mark) && alive(pid))
