/** The processes of one `up`, and the order in which they start and end. */
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Config, environmentOf } from '../../config'
import { fault } from '../../faults'
import { packageRoot } from '../../package-root'
import type { RedisAddress } from '../../store/connect'
import { endLeftBehind } from '../../store/private-redis'
import { type Child, keepRunning } from './child'
import { lastLines, logFile } from './log-file'
import { type RedisReady, redisFolder } from './redis-child'

export interface Starting {
  readonly config: Config
  readonly runtime: string
  readonly logs: string
  /** Where the gateway answers, without a slash at its end. */
  readonly url: string
  readonly tell: (line: string) => void
  readonly started: (name: string, pid: number) => void
  /** Aborted: it is to end while it starts. */
  readonly told: AbortSignal
}

const READY_MS = 30_000
/** A process that died so often before it was ready will not become so. */
const HOPELESS = 3
// Together less than the 5 s within which all must have ended.
const GRACE_MS = { front: 2_000, simulator: 800, redis: 1_800 }

/**
 * Starts all and returns, once each answers, the way to end them in order: gateway and worker, the simulator, Redis. When one
 * does not start, ends what runs and says why ('unavailable').
 */
export async function startAll(starting: Starting): Promise<() => Promise<void>> {
  const groups: Record<keyof typeof GRACE_MS, Child[]> = { front: [], simulator: [], redis: [] }
  const stop = async () => {
    for (const group of ['front', 'simulator', 'redis'] as const)
      await Promise.all(groups[group].map((child) => child.stop(GRACE_MS[group])))
    // Its holder may have died a moment ago, and Redis lives on without it.
    await endLeftBehind(redisFolder(starting.config.data))
  }
  try {
    const { config } = starting
    const simulated = config.simulated ?? true
    const simulator = simulated ? join(starting.runtime, 'simulator.sock') : undefined
    const settled: Config = { ...config, simulated, ...(simulator ? { simulator } : {}) }
    if (simulator) groups.simulator.push(run(starting, settled, 'simulator'))
    const redis = config.redisNamed ? config.redis : await startRedis(starting, settled, groups.redis)
    const full: Config = { ...settled, redis, redisNamed: true }
    groups.front.push(run(starting, full, 'gateway'), run(starting, full, 'worker'))
    for (const child of groups.simulator) await ready(starting, child, () => listens(simulator ?? ''))
    for (const child of groups.front.slice(0, 1)) await ready(starting, child, () => answers(`${starting.url}/readyz`))
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

function run(starting: Starting, config: Config, name: string, message?: (message: unknown) => void): Child {
  return keepRunning(join(packageRoot(), 'bin', 'occi-gateway.js'), {
    name,
    words: [name],
    env: { ...environmentOf(config), ...(name === 'redis' ? { OCCI_GATEWAY_RUNTIME: starting.runtime } : {}) },
    logs: starting.logs,
    tell: starting.tell,
    started: (pid) => starting.started(name, pid),
    ...(message ? { message } : {}),
  })
}

async function startRedis(starting: Starting, config: Config, group: Child[]): Promise<RedisAddress> {
  let path: string | undefined
  const child = run(starting, config, 'redis', (message) => {
    if (isReady(message)) path = message.path
  })
  group.push(child)
  await ready(starting, child, async () => path !== undefined)
  return { kind: 'socket', path: path ?? '' }
}

const isReady = (message: unknown): message is RedisReady =>
  typeof message === 'object' && message !== null && 'ready' in message && message.ready === 'redis'

async function ready(starting: Starting, child: Child, condition: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + READY_MS
  while (!(await condition())) {
    starting.told.throwIfAborted()
    if (performance.now() > giveUpAt || child.deaths >= HOPELESS) {
      const file = logFile(starting.logs, child.name)
      throw fault(
        'unavailable',
        `the ${child.name} does not start; its log ${file} ends with:\n${lastLines(file, 5).join('\n')}`,
      )
    }
    await pause(25)
  }
}

const listens = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}
