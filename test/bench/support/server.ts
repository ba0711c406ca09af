/**
 * Servers in processes of their own, so that what is measured is theirs alone: CPU time by process.cpuUsage, asked for over
 * node's channel between parent and child. With BENCH_PROFILE=<folder> each writes a CPU profile there when it ends.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

const REGISTER = join(__dirname, '..', '..', 'support', 'swc-register.js')

export interface Server {
  readonly port: number
  readonly pid: number
  /** CPU time of all its threads since it began, ms. */
  cpuMs(): Promise<number>
  /** Hands it something and waits until it has taken it. */
  tell(order: Readonly<Record<string, unknown>>): Promise<void>
  end(): Promise<void>
}

const alive = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** Starts `<entry>.ts` of this folder; its log goes to a file, as a service's would. `hears`: what it says without being asked. */
export async function startServer(
  entry: string,
  args: readonly string[],
  log: string,
  hears: (said: object) => void = () => undefined,
): Promise<Server> {
  const folder = process.env.BENCH_PROFILE
  const file = openSync(log, 'a')
  const child = fork(join(__dirname, `${entry}.ts`), [...args], {
    execArgv: ['-r', REGISTER, ...(folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [])],
    stdio: ['ignore', file, file, 'ipc'],
  })
  closeSync(file)
  alive.add(child)
  const gone = new Promise<never>((_resolve, reject) =>
    child.once('exit', () => {
      alive.delete(child)
      reject(new Error(`${entry} ended; its log is ${log}`))
    }),
  )
  gone.catch(() => undefined)
  let answers = (_answer: number): void => undefined
  child.on('message', (said: number | object) => (typeof said === 'number' ? answers(said) : hears(said)))
  const answer = async (order?: Readonly<Record<string, unknown>>): Promise<number> => {
    const answered = new Promise<number>((resolve) => {
      answers = resolve
    })
    if (order) child.send(order)
    return await Promise.race([answered, gone])
  }
  const port = await answer()
  return {
    port,
    pid: child.pid ?? -1,
    cpuMs: () => answer({ ask: 'cpu' }),
    async tell(order) {
      await answer(order)
    },
    async end() {
      child.disconnect()
      await gone.catch(() => undefined)
    },
  }
}

/** The child's side: tells its port (0: none), then answers by numbers; ends when its parent lets go of it or is gone. */
export function serveParent(port: number, take: (order: Readonly<Record<string, unknown>>) => void): void {
  process.on('message', (order: Readonly<Record<string, unknown>>) => {
    const { user, system } = process.cpuUsage()
    if (order.ask !== 'cpu') take(order)
    process.send?.((user + system) / 1000)
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.(port)
}
