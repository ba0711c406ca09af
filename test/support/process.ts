/** Real processes from the project's TypeScript sources, for tests that kill and freeze them. Ended by pid, never by name. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { until } from './until'

const ROOT = join(__dirname, '..', '..')
const REGISTER = join(__dirname, 'swc-register.js')
const KEPT_OUTPUT = 200_000

export interface StartedProcess {
  readonly pid: number
  /** What it wrote to both outputs so far (the newest part of it). */
  output(): string
  /** Waits until its output has this text; fails when it ends before, or after `timeoutMs` (20 s). */
  says(text: string | RegExp, timeoutMs?: number): Promise<void>
  /** Sends a signal (SIGKILL, SIGSTOP, SIGCONT, SIGTERM, …). */
  signal(signal: NodeJS.Signals): void
  /** Ends it as by `kill -9` and waits until it is gone. Nothing when it is gone already. */
  kill(): Promise<void>
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
}

const alive = new Set<ChildProcess>()
// A test that fails half-way leaves no process behind.
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/**
 * Starts `entry` (path from the repository's root, a .ts file) with arguments. Its standard input is a pipe that closes with
 * this process; `env` is added to this process's own.
 */
export function startProcess(
  entry: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): StartedProcess {
  const child = spawn(process.execPath, ['-r', REGISTER, join(ROOT, entry), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${entry} did not start`)
  alive.add(child)
  let written = ''
  const keep = (chunk: Buffer): void => {
    written = (written + chunk.toString('utf8')).slice(-KEPT_OUTPUT)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.stdin.on('error', () => undefined)
  let gone: 'no' | 'yes' = 'no'
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.on('close', (code, signal) => {
      gone = 'yes'
      alive.delete(child)
      resolve(code ?? signal ?? 0)
    }),
  )
  const has = (text: string | RegExp): boolean =>
    typeof text === 'string' ? written.includes(text) : text.test(written)
  return {
    pid,
    output: () => written,
    ended,
    says: async (text, timeoutMs = 20_000) => {
      await until(() => has(text) || gone === 'yes', {
        timeoutMs,
        what: `${entry} to say ${text}; it said: ${written}`,
      })
      if (!has(text)) throw new Error(`${entry} ended before it said ${text}: ${written}`)
    },
    signal: (signal) => {
      child.kill(signal)
    },
    kill: async () => {
      if (gone === 'no') child.kill('SIGKILL')
      await ended
    },
  }
}
