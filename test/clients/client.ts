/** Clients that others wrote against a gateway of their own: found, or skipped loudly; run with a bound on their time. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { plainEnvironment, type Ran, tenantEnvironment, type Up } from '../support/gateway-process'

interface Clients {
  clientNamed(name: 'python' | 'boto2' | 'fog' | 'packer' | 'ansible'): string | undefined
  ansiblePython(playbook: string): string | undefined
  findTerraform(): { readonly terraform: string; readonly mirror: string } | { readonly lacks: string }
}
export const { clientNamed, ansiblePython, findTerraform } = require('../../scripts/setup/clients') as Clients

/** libcloud, fog and boto 2 know Amazon's regions only, so the site bears the name of one. */
export const SITE = ['--port', '0', '--region', 'us-east-1']

/** Tests that need what is not there are skipped, loudly (`node scripts/setup.js clients` says how to get it). */
export function describeIfThere<T>(
  name: string,
  there: T | { readonly lacks: string },
  tests: (there: T) => void,
): void {
  if (!isLack(there)) {
    describe(name, () => tests(there))
    return
  }
  process.stderr.write(`SKIPPED: ${name}: ${there.lacks}\n`)
  // It cannot run without what is missing; the name and the line above say what that is.
  describe.skip(`${name} (${there.lacks})`, () => {
    test('not run', () => undefined)
  })
}

const isLack = (there: unknown): there is { readonly lacks: string } =>
  typeof there === 'object' && there !== null && 'lacks' in there

/** A client by its name in scripts/setup/clients. */
export const orLack = (found: string | undefined, name: string): string | { readonly lacks: string } =>
  found ?? { lacks: `no ${name} on this machine; run "node scripts/setup.js clients"` }

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly withinMs: number
}

/** What a client printed and how it ended; ended by force when it takes longer. Never throws for its exit code. */
export const runClient = (program: string, words: readonly string[], options: RunOptions): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const { env = plainEnvironment(), cwd = __dirname, withinMs } = options
    execFile(
      program,
      [...words],
      { env, cwd, timeout: withinMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error?.killed) reject(new Error(`${program} took longer than ${withinMs} ms:\n${stdout}\n${stderr}`))
        else if (error && typeof error.code !== 'number') reject(error)
        else resolve({ code: Number(error?.code ?? 0), stdout, stderr })
      },
    )
  })

/** The same, of a client that has to succeed. */
export async function succeed(program: string, words: readonly string[], options: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await runClient(program, words, options)
  if (code !== 0) throw new Error(`${[program, ...words].join(' ')} ended with ${code}:\n${stdout}\n${stderr}`)
  return stdout
}

/** What a script of this folder printed as JSON. */
export async function sawBy(program: string, script: string, words: readonly string[], up: Up): Promise<unknown> {
  const env = tenantEnvironment(up.session())
  return JSON.parse(await succeed(program, [join(__dirname, script), ...words], { env, withinMs: 100_000 }))
}
