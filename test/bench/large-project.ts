/** A project of 20,000 machines: filtered by a tag, and by pages of 1,000, at 30 requests a second, while machines change. */

import { startChanging } from './support/changing'
import { signed } from './support/ec2'
import type { Figure } from './support/figure'
import { type Answer, type Client, openClient, type Shot, stream } from './support/load'
import { makeMachines } from './support/machines'
import { quantile } from './support/measure'
import type { Server } from './support/server'
import type { Tenant } from './support/site'
import { openSite } from './support/site'

const MACHINES = 20_000
/** Orders in turn: so many machines bear each tag. */
const STAGES = 40
const PER_SECOND = 30
const SECONDS = 15
const MOST_MS = 100

const FILTERED = { 'Filter.1.Name': 'tag:stage', 'Filter.1.Value.1': 'stage-7' }

/** How many machines an answer shows; -1 for one that is none. */
function instances({ status, body }: Answer): number {
  let count = status === 200 ? 0 : -1
  for (let at = body.indexOf(MACHINE); at >= 0; at = body.indexOf(MACHINE, at + MACHINE.length)) count++
  return count
}
const MACHINE = Buffer.from('<instanceId>')

/** All pages in order: the answers, and how to ask for each again. */
async function pagesOf(tenant: Tenant, gateway: Server, client: Client): Promise<readonly Shot[]> {
  const shots: Shot[] = []
  let [token, seen] = ['', 0]
  do {
    const shot = await signed(tenant, gateway.port, 'DescribeInstances', {
      MaxResults: '1000',
      ...(token === '' ? {} : { NextToken: token }),
    })
    const answer = await client.send(shot)
    shots.push(shot)
    seen += instances(answer)
    token = /<nextToken>([^<]*)</.exec(answer.body.toString('latin1'))?.[1] ?? ''
  } while (token !== '')
  if (seen !== MACHINES) throw new Error(`${seen} of ${MACHINES} machines on all pages`)
  return shots
}

async function asked(
  what: string,
  gateway: Server,
  client: Client,
  shots: readonly Shot[],
  each: number,
): Promise<Figure> {
  // Counted at once: hundreds of answers of some MB are not kept.
  const one = async (index: number) => {
    const answer = await client.send(shots[index % shots.length] as Shot)
    return { ms: answer.ms, machines: instances(answer) }
  }
  await stream(PER_SECOND, 3, one)
  const before = await gateway.cpuMs()
  const answers = await stream(PER_SECOND, SECONDS, one)
  const cpu = ((await gateway.cpuMs()) - before) / answers.length
  const wrong = answers.find(({ machines }) => machines !== each)
  if (wrong) throw new Error(`${what}: ${wrong.machines} machines`)
  const p99 = quantile(
    answers.map(({ ms }) => ms),
    0.99,
  )
  return {
    what: `${what} of ${MACHINES} machines, ${PER_SECOND} requests a second`,
    figure: `p99 ${p99.toFixed(0)} ms (${cpu.toFixed(1)} ms of CPU each)`,
    bar: `under ${MOST_MS} ms`,
    isMet: p99 < MOST_MS,
  }
}

export async function largeProject(): Promise<readonly Figure[]> {
  const site = await openSite()
  try {
    const tenant = await site.tenant('ann')
    await makeMachines(site, tenant, MACHINES, (order) => ({ Name: `web-${order}`, stage: `stage-${order % STAGES}` }))
    const gateway = await site.gateway()
    const client = openClient(gateway.port)
    const machines = await site.operations.listComputes(tenant.caller)
    const changing = await startChanging(site, tenant, { what: 'tags', perSecond: 20, machines })
    try {
      const filter = [await signed(tenant, gateway.port, 'DescribeInstances', FILTERED)]
      return [
        await asked(`filtered by a tag, ${MACHINES / STAGES}`, gateway, client, filter, MACHINES / STAGES),
        await asked('pages of 1000', gateway, client, await pagesOf(tenant, gateway, client), 1_000),
      ]
    } finally {
      await changing.stop()
      client.close()
    }
  } finally {
    await site.close()
  }
}
