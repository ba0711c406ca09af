/** A running QEMU: started on a leash, asked by its monitor, ended by its own pid. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type HostPlan, qemuArguments } from './qemu'
import { type Monitor, openMonitor } from './qmp'

const LEASH = join(__dirname, 'leash.sh')
/** Other work on this machine goes first. */
const NICE = ['nice', '-n', '5']

export interface HostProcess {
  readonly monitor: Monitor
  readonly sshPort: number
  /** As a power cut: what the guest had not yet written to its disk is lost, what it wrote is there. */
  cutPower(): Promise<void>
  /** The last lines of its console. */
  console(): string
}

const alive = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGTERM')
})

/** Starts QEMU; resolves when its monitor answers (a snapshot is loaded by then). */
export async function startHost(plan: HostPlan): Promise<HostProcess> {
  const child = spawn('sh', [LEASH, ...NICE, 'qemu-system-x86_64', ...qemuArguments(plan)], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  alive.add(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000)
  })
  child.stdin.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  void ended.then(() => alive.delete(child))
  const early = ended.then(() => {
    throw new Error(`qemu of ${plan.host.name} ended: ${said || tail(plan.console)}`)
  })
  early.catch(() => undefined)
  const monitor = await Promise.race([openMonitor(plan.monitor), early])
  const sshPort = await Promise.race([forwardedPort(monitor), early])
  return {
    monitor,
    sshPort,
    console: () => tail(plan.console),
    cutPower: async () => {
      // `quit` writes QEMU's own tables out; the guest is not asked.
      await monitor.execute('quit').catch(() => child.kill('SIGTERM'))
      await ended
      monitor.close()
    },
  }
}

/** The port that QEMU picked: third column from `info usernet`'s forwarding line. */
async function forwardedPort(monitor: Monitor): Promise<number> {
  const listed = await monitor.human('info usernet')
  const port = Number(/TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)/.exec(listed)?.[1])
  if (!(port > 0)) throw new Error(`no forwarded port in ${listed}`)
  return port
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-2_000)
  } catch {
    return '(nothing on its console)'
  }
}
