/** A signed DescribeRegions, with logs, metrics and limits on: what a request costs beside Express alone sending the same bytes. */
import { writeFileSync } from 'node:fs'
import { signed } from './support/ec2'
import type { Figure } from './support/figure'
import { openClient, type Shot, volley } from './support/load'
import { beside } from './support/measure'
import { openSite } from './support/site'

const REQUESTS = 1_000
const WIDTH = 8
const ROUNDS = 15
const LEAST = 0.25

export async function signedRequest(): Promise<readonly Figure[]> {
  const site = await openSite()
  try {
    const tenant = await site.tenant('ann')
    const [gateway, express] = [await site.gateway(), await site.express()]
    const clients = { gateway: openClient(gateway.port), express: openClient(express.port) }
    const shot = await signed(tenant, gateway.port, 'DescribeRegions')
    const { body } = await clients.gateway.send(shot)
    writeFileSync(site.file('regions'), body)
    await express.tell({ file: site.file('regions'), type: 'text/xml' })
    const ask = (client: { send(shot: Shot): Promise<{ readonly status: number }> }) => async () => {
      const answers = await volley(REQUESTS, WIDTH, () => client.send(shot))
      if (answers.some(({ status }) => status !== 200)) throw new Error('a request was refused')
      return answers.length
    }
    const cost = await beside(
      { server: gateway, round: ask(clients.gateway) },
      { server: express, round: ask(clients.express) },
      ROUNDS,
    )
    for (const client of Object.values(clients)) client.close()
    return [
      {
        what: 'signed DescribeRegions, logs, metrics and limits on',
        figure: `${(1 / cost.times).toFixed(2)} of Express (${(cost.subject * 1000).toFixed(0)} µs of CPU)`,
        base: `${(cost.base * 1000).toFixed(0)} µs`,
        bar: `at least ${LEAST}`,
        isMet: 1 / cost.times >= LEAST,
      },
    ]
  } finally {
    await site.close()
  }
}
