/**
 * A partner cloud for tests of provider drivers: a whole gateway of ours with simulated hosts (Redis child, gateway, worker and
 * simulator in this process), and a project of ours there.
 */
import { rmSync } from 'node:fs'
import { pino } from 'pino'
import { z } from 'zod'
import { type AdminClient, adminClient, findAccess } from '../../src/cli/admin-client'
import { type Config, loadConfig } from '../../src/config'
import { startGateway } from '../../src/gateway'
import { startWorker } from '../../workers/worker'
import { startRedis } from './redis'
import { startSimulator } from './simulator'
import { until } from './until'

const made = z.object({
  user: z.string(),
  password: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
})
const images = z.object({ images: z.array(z.looseObject({ name: z.string(), ami: z.string() })) })

export interface Partner {
  /** Without a slash at its end; all its fronts. */
  readonly url: string
  readonly region: string
  readonly admin: AdminClient
  /** The operator's, for commands. */
  readonly token: string
  /** Our project there. */
  readonly account: z.infer<typeof made>
  /** Its image `tiny`. */
  readonly image: string
  /** Moves its clock on. */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

/** `site`: its region; another one than its customer's. `more`: settings as on the command line. */
export async function startPartner(site = 'partner-1', more: readonly string[] = []): Promise<Partner> {
  const redis = await startRedis()
  const simulator = await startSimulator({ hosts: 8, site })
  const flags = ['--region', site, '--data', simulator.folder, '--port', '0', '--redis', `unix:${redis.path}`, ...more]
  const config: Config = {
    ...loadConfig([...flags, '--simulated', 'true', '--simulator', simulator.socket], {}),
    clockSocket: simulator.socket,
  }
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const gateway = await startGateway({ ...config, requestsPerSecond: 0 }, log)
  const worker = await startWorker(config, { log })
  const access = findAccess({ data: simulator.folder, port: gateway.port }, {})
  const admin = adminClient(access)
  const account = made.parse(await admin.post('/projects', { name: 'guest' }))
  const tiny = images.parse(await admin.get('/images')).images.find(({ name }) => name === 'tiny')
  await until(
    async () =>
      z
        .object({ hosts: z.array(z.looseObject({ contact: z.string() })) })
        .parse(await admin.get('/hosts'))
        .hosts.every(({ contact }) => contact === 'ok'),
    { what: "the partner's hosts" },
  )
  return {
    url: access.url,
    region: site,
    admin,
    token: access.token,
    account,
    image: tiny?.ami ?? '',
    advance: async (ms) => void (await simulator.admin.advance(ms)),
    async close() {
      await gateway.close()
      await worker.close()
      await simulator.close()
      await redis.stop()
      rmSync(simulator.folder, { recursive: true, force: true })
    },
  }
}
