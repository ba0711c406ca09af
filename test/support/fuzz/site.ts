/** A gateway on a port over a real Redis, with small limits, so that what a long run makes is bounded; no worker runs. */
import { pino } from 'pino'
import { buildApp } from '../../../src/http/app'
import { listen } from '../../../src/http/server'
import { startGateways } from '../gateways'
import { startRedis } from '../redis'
import { ec2Corpus } from './ec2-corpus'
import type { Corpus } from './harness'
import { occiCorpus } from './occi-corpus'

export interface FuzzSite {
  readonly url: string
  readonly corpora: readonly Corpus[]
  close(): Promise<void>
}

const QUOTA = { instances: 40, volumes: 60, volumeGiB: 500, images: 10, imageGiB: 100 }

export async function startFuzzSite(): Promise<FuzzSite> {
  const redis = await startRedis()
  const log = pino({ level: 'silent' })
  const site = await startGateways(redis, { log })
  Object.defineProperty(site.clock, 'at', { get: () => Date.now() })
  const ann = await site.project('ann', QUOTA)
  const app = buildApp({
    operations: site.first.operations,
    config: { site: site.site },
    product: { name: 'occi-gateway', version: '0.0.0' },
    log,
    clock: site.clock,
  })
  const listening = await listen(app, { host: '127.0.0.1', port: 0, log })
  const host = `127.0.0.1:${listening.port}`
  const url = `http://${host}`
  // Machines that run, so that verbs have something to do.
  const { computes } = await site.first.operations.runComputes(ann.caller, { minCount: 6, maxCount: 6 })
  for (const { id } of computes) await site.run(id)
  return {
    url,
    corpora: [
      occiCorpus({ base: url, host, user: 'ann', password: ann.password }),
      ec2Corpus({ host, region: site.site, key: ann.key }),
    ],
    async close() {
      await listening.close(500)
      await site.close()
      await redis.stop()
    },
  }
}
