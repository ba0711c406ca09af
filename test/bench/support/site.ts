/**
 * A site to measure on: a Redis of its own (every write on disk before it is answered), the simulated pool's records, and the
 * inside of a gateway in this process. No worker runs: what one would have seen is written through the store as it would.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../../src/config'
import { seedSimulatedPool } from '../../../src/operations'
import type { Caller, Context } from '../../../src/operations/context'
import type { Operations } from '../../../src/operations/operations'
import type { NewProject } from '../../../src/operations/projects'
import { startRedis } from '../../support/redis'
import { openInside, REGION, type Shared } from './inside'
import { type Server, startServer } from './server'

export { REGION }

const OPERATOR = { actor: { user: 'operator', key: 'op-bench', source: '127.0.0.1', requestId: 'r-bench' } }
const PLENTY = {
  instances: 1e9,
  cores: 1e9,
  memoryMiB: 1e12,
  volumes: 1e9,
  volumeGiB: 1e12,
}

export interface Tenant extends NewProject {
  readonly caller: Caller
}

export interface BenchSite {
  readonly context: Context
  /** Of a gateway that is not the one that is measured: what it acknowledges, the other must show. */
  readonly operations: Operations
  readonly redisPid: number
  /** For other processes of the site. */
  readonly shared: Shared
  tenant(name: string): Promise<Tenant>
  /** A gateway in a process of its own, with its log on. */
  gateway(): Promise<Server>
  /** Express alone. */
  express(): Promise<Server>
  /** A file in the site's folder. */
  file(name: string): string
  close(): Promise<void>
}

export async function openSite(): Promise<BenchSite> {
  const data = mkdtempSync(join(tmpdir(), 'og-bench-'))
  const redis = await startRedis()
  const shared = { data, redis: redis.address }
  const inside = await openInside(shared)
  const { context, operations } = inside
  await seedSimulatedPool(context)
  const servers: Server[] = []
  const started = async (entry: string, args: readonly string[]): Promise<Server> => {
    const server = await startServer(entry, args, join(data, `${entry}.log`))
    servers.push(server)
    return server
  }
  return {
    context,
    operations,
    redisPid: redis.pid,
    shared,
    async tenant(name) {
      const made = await operations.addProject(OPERATOR, { name, quota: PLENTY })
      const from = { source: '127.0.0.1', requestId: 'r-bench' }
      const caller = await operations.identifyByPassword(name, made.password, from)
      if (!caller) throw new Error('the new user cannot log in')
      return { ...made, caller }
    },
    gateway() {
      const config: Config = {
        ...{ site: REGION, port: 0, listen: '127.0.0.1', data, images: join(data, 'images') },
        ...{ redis: redis.address, redisNamed: false, logLevel: 'info', concurrency: 1 },
        // A limit that is kept, and that nothing here reaches.
        ...{ requestsPerSecond: 100_000, placementPolicy: 'packing', placementBackfilling: 'aggressive' },
      }
      return started('gateway-server', [JSON.stringify(config)])
    },
    express: () => started('express-server', []),
    file: (name) => join(data, name),
    async close() {
      for (const server of servers.reverse()) await server.end()
      await inside.close()
      await redis.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
