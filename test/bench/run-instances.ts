/**
 * RunInstances: how many machines a second one gateway acknowledges, 100 a call and 1 a call, over a Redis that has each of them on
 * its disk before it answers. No worker runs; requests are signed before, each with a ClientToken of its own.
 */
import { signed } from './support/ec2'
import type { Figure } from './support/figure'
import { openClient, volley } from './support/load'
import { cpuMsOf, median } from './support/measure'
import type { Server } from './support/server'
import { type BenchSite, openSite, type Tenant } from './support/site'

const ROUNDS = 5
const WIDTH = 8
const SORTS = [
  { each: 100, calls: 40, bar: 2_000, unit: 'machines' },
  { each: 1, calls: 600, bar: 500, unit: 'calls' },
] as const

interface Round {
  readonly seconds: number
  /** CPU time of gateway and Redis, seconds. */
  readonly gateway: number
  readonly redis: number
}

async function round(
  site: BenchSite,
  tenant: Tenant,
  gateway: Server,
  { each, calls, name }: { readonly each: number; readonly calls: number; readonly name: string },
): Promise<Round> {
  const image = site.operations.defaults().image?.wish.ami ?? ''
  const parameters = { ImageId: image, InstanceType: 't2.micro', MinCount: String(each), MaxCount: String(each) }
  const shots = await Promise.all(
    Array.from({ length: calls }, (_, call) =>
      signed(tenant, gateway.port, 'RunInstances', { ...parameters, ClientToken: `${name}-${call}` }),
    ),
  )
  const client = openClient(gateway.port)
  const before = { at: performance.now(), gateway: await gateway.cpuMs(), redis: cpuMsOf(site.redisPid) }
  const answers = await volley(calls, WIDTH, (call) => client.send(shots[call] ?? (shots[0] as never)))
  const seconds = (performance.now() - before.at) / 1000
  client.close()
  const made = answers.reduce((sum, { body }) => sum + body.toString('latin1').split('<instanceId>').length - 1, 0)
  if (made !== each * calls) throw new Error(`${made} of ${each * calls} machines were acknowledged`)
  return {
    seconds,
    gateway: ((await gateway.cpuMs()) - before.gateway) / 1000,
    redis: (cpuMsOf(site.redisPid) - before.redis) / 1000,
  }
}

export async function runInstances(): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const { each, calls, bar, unit } of SORTS) {
    const site = await openSite()
    try {
      const tenant = await site.tenant('ann')
      const gateway = await site.gateway()
      await round(site, tenant, gateway, { each, calls, name: 'first' })
      const rounds: Round[] = []
      for (let i = 0; i < ROUNDS; i++) rounds.push(await round(site, tenant, gateway, { each, calls, name: `r${i}` }))
      const count = unit === 'calls' ? calls : each * calls
      const rate = median(rounds.map(({ seconds }) => count / seconds))
      const us = (of: (one: Round) => number): string => `${((median(rounds.map(of)) / count) * 1e6).toFixed(0)} µs`
      figures.push({
        what: `RunInstances, ${each} a call, ${WIDTH} at a time`,
        figure: `${rate.toFixed(0)} ${unit} a second (CPU for each: gateway ${us((one) => one.gateway)}, Redis ${us((one) => one.redis)})`,
        bar: `more than ${bar}`,
        isMet: rate > bar,
      })
    } finally {
      await site.close()
    }
  }
  return figures
}
