/** Runs a fence command of an operator's: its words as they are, no shell. */
import { spawn } from 'node:child_process'

const KEPT_BYTES = 4096
/** So long after its end what it said last is waited for. */
const LAST_WORDS_MS = 200

export interface CommandCame {
  readonly outcome: 'done' | 'failed'
  /** The newest 4 KiB of what it said on both outputs, and how it ended if not well. */
  readonly output: string
}

/**
 * Done only if it exits with 0 within `ms`; then its whole process group is ended. What it leaves behind in a session of its own (`ssh` with
 * ControlPersist) is not waited for. It is told the host in OCCI_HOST and OCCI_ADDRESS and inherits nothing else but PATH and HOME.
 */
export function runCommand(
  [program = '', ...words]: readonly string[],
  host: { readonly name: string; readonly address: string },
  ms: number,
): Promise<CommandCame> {
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin', HOME = '/' } = process.env
  const env = { PATH, HOME, OCCI_HOST: host.name, OCCI_ADDRESS: host.address }
  return new Promise((resolve) => {
    const child = spawn(program, words, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = Buffer.alloc(0)
    let how: string | undefined
    let late: NodeJS.Timeout | undefined
    const hear = (more: Buffer): void => {
      said = Buffer.concat([said, more]).subarray(-KEPT_BYTES)
    }
    const end = (because: string | undefined): void => {
      clearTimeout(timer)
      clearTimeout(late)
      child.stdout.destroy()
      child.stderr.destroy()
      const output = [said.toString('utf8').trim(), because].filter(Boolean).join('\n')
      resolve({ outcome: because === undefined ? 'done' : 'failed', output })
    }
    // Not until `close`: what it left behind in a session of its own may hold its outputs for ever. What came meanwhile is read before the end.
    const endSoon = (): void => {
      late ??= setTimeout(() => setImmediate(() => end(how)), LAST_WORDS_MS)
    }
    const timer = setTimeout(() => {
      how = `it did not end within ${ms / 1000} s`
      if (child.pid !== undefined) endGroup(child.pid)
      endSoon()
    }, ms)
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', (error) => end(error.message))
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      if (code !== 0) how ??= `it ended with ${code ?? signal}`
      endSoon()
    })
    child.on('close', () => end(how))
  })
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
  }
}
