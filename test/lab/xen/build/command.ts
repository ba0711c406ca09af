/** Programs run for the lab: as argument arrays, never through a shell line made of strings. */
import { execFile } from 'node:child_process'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Default 10 minutes. */
  readonly timeoutMs?: number
}

const OUTPUT = 64 * 1024 * 1024
const KEPT = 2_000

/** Runs a program to its end; never throws for its exit code (-1: ended by a signal, as at its deadline). */
export function attempt(program: string, args: readonly string[], options: CommandOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      {
        cwd: options.cwd,
        env: { ...process.env, LC_ALL: 'C', PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`, ...options.env },
        maxBuffer: OUTPUT,
        timeout: options.timeoutMs ?? 600_000,
        killSignal: 'SIGKILL',
      },
      (error, stdout, stderr) => {
        if (!error) resolve({ code: 0, stdout, stderr })
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr })
        else if (error.killed || error.signal) resolve({ code: -1, stdout, stderr })
        else reject(error)
      },
    )
    // A program may end without having read all of it.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input ?? '')
  })
}

/** What a program prints; throws with its last words when it fails. */
export async function command(program: string, args: readonly string[], options?: CommandOptions): Promise<string> {
  const { code, stdout, stderr } = await attempt(program, args, options)
  if (code === 0) return stdout
  throw new Error(`${program} ${args.join(' ').slice(0, 300)}: exit ${code}\n${(stderr || stdout).trim().slice(-KEPT)}`)
}
