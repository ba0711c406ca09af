/**
 * One gateway process: the fronts on one port, over a store, a mirror and a queue. Any number may run beside each other; what
 * one holds in memory is a cache.
 */
import { version } from './cli/version'
import { followClock, realClock } from './clock'
import { type Config, vlansOf } from './config'
import { buildApp } from './http/app'
import { messagesOf } from './http/born-express'
import { type Listening, listen } from './http/server'
import { openImageStore } from './images'
import { type Log, openLog } from './log'
import { type Model, openModel } from './occi'
import { bootstrapOperator, openOperations, seedSimulatedPool } from './operations'
import type { Context } from './operations/context'
import { operatorFile } from './operator-file'
import { openQueue } from './queue'
import { reachableUrl } from './reachable-url'
import { openStore } from './store'
import { noRedis } from './store/connect'
import { keyRingFile, openKeyRingFile } from './store/key-ring'
import { openMirror } from './store/mirror'

export interface Gateway {
  readonly port: number
  /** Takes no more requests, lets answers under way go out, then lets go of Redis. */
  close(): Promise<void>
}

/** How long answers under way may take when it ends: `up` gives all its processes 5 s. */
const GRACE_MS = 1_500

/** Between two tellings of the workers: a busy gateway tells of many orders at once, and placement is woken once for them. */
const QUEUE_REST_MS = 10

/**
 * Starts a gateway and resolves when it answers. Faults: 'unavailable' when Redis is away, 'in-use' for a taken port, 'invalid'
 * for a key ring, an operator's file or a file of his mixins that is none.
 */
export async function startGateway(config: Config, log: Log): Promise<Gateway> {
  const ends: (() => Promise<void> | void)[] = []
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse())
      await Promise.resolve(end()).catch((cause: unknown) => log.warn({ err: cause }, 'a part did not close'))
  }
  try {
    const model = openModel(config.mixins === undefined ? {} : { more: config.mixins })
    const context = { ...(await openContext(config, log, ends)), siteMixins: siteMixins(model) }
    const file = operatorFile(config.data)
    await bootstrapOperator(context, file)
    if (config.simulated === true) await seedSimulatedPool(context)
    const listening = await serve(config, context, model)
    ends.push(() => listening.close(GRACE_MS))
    file.setUrl(reachableUrl(config.listen, listening.port))
    log.info({ event: 'gateway.ready', site: config.site, port: listening.port }, 'gateway is ready')
    return { port: listening.port, close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** Opens what operations need; each part adds its own end. */
async function openContext(config: Config, log: Log, ends: (() => Promise<void> | void)[]): Promise<Context> {
  const { site, redis } = config
  const ring = openKeyRingFile(keyRingFile(config.data))
  const clock = config.clockSocket === undefined ? undefined : await followClock({ socket: config.clockSocket })
  if (clock) ends.push(() => clock.close())
  const store = openStore({ site, redis })
  ends.push(() => store.close())
  await store.open((clock ?? realClock).now())
  const queue = openQueue({ site, redis, restMs: QUEUE_REST_MS })
  ends.push(() => queue.close())
  const mirror = await openMirror({ site, redis, log })
  ends.push(() => mirror.close())
  const images = openImageStore(config)
  ends.push(() => images.close())
  const digest = config.digest === true ? 'on' : 'off'
  const vlans = vlansOf(config)
  const hostIds = config.tenantsNameHosts === true ? { hostIds: 'told' as const } : {}
  return { site, store, mirror, queue, images, clock: clock ?? realClock, ring, digest, log, vlans, ...hostIds }
}

const siteMixins = ({ tags }: Model): NonNullable<Context['siteMixins']> =>
  new Map(tags.flatMap(({ own, scheme, term }) => (own === null ? [] : [[own, { scheme, term }] as const])))

function serve(config: Config, context: Context, model: Model): Promise<Listening> {
  const { log, clock } = context
  const product = { name: 'occi-gateway', version: version() }
  const app = buildApp({ operations: openOperations(context), config, product, log, clock, model })
  return listen(app, { host: config.listen, port: config.port, log, messages: messagesOf(app) })
}

/** The process: starts a gateway and ends it in order when told to (SIGTERM, SIGINT). */
export async function runGateway(config: Config): Promise<void> {
  const log = openLog('gateway', config.logLevel)
  const told = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
  })
  const gateway = await startGateway(config, log).catch((thrown: unknown) => {
    throw noRedis(config, thrown)
  })
  log.info({ event: 'gateway.ending', signal: await told }, 'gateway is ending')
  await gateway.close()
}
