/** `cost`, `prices` and `quote` as people and spreadsheets read them, and over a gateway. */
import { type Costs, costCsv, costTable } from '../../../../src/cli/commands/cost'
import { toldPrices } from '../../../../src/cli/commands/prices'
import { toldQuote } from '../../../../src/cli/commands/quote'
import type { Study } from '../../../../src/cli/commands/study'
import { rows } from '../../../docs/tables'
import { startApp, type TestApp } from '../../../support/http'
import { startRedis, type TestRedis } from '../../../support/redis'
import { operatorAt, runCli } from '../../../support/run-cli'

const COSTS: Costs = {
  ...{ month: '2026-11', at: '2026-11-21T12:00:00Z' },
  projects: [
    {
      ...{ project: 'green', totals: { EUR: 1_234_567, USD: 20_000 } },
      budget: {
        ...{ amount: 2_000_000, currency: 'EUR', alarmAt: 50, percent: 61.7 },
        alarm: { mark: 50, at: '2026-11-20T00:00:00Z' },
      },
      lines: [
        {
          ...{ kind: 'machine', where: 'here', host: 'host-1', type: 't2.nano', offer: '', hours: 2.5, gibHours: 20 },
          ...{ gib: 0, amount: 1_234_567, currency: 'EUR' },
        },
        {
          ...{ kind: 'machine', where: 'provider', host: 'ec2', type: 't2.nano', offer: 't3.small', hours: 1 },
          ...{ gibHours: 0, gib: 0, amount: 20_000, currency: 'USD' },
        },
        {
          ...{ kind: 'volume', where: 'here', host: null, type: '', offer: '', hours: 0, gibHours: 7, gib: 0 },
          ...{ amount: null, currency: null },
        },
      ],
    },
  ],
}

test('a table: each sort of use, then what a project’s come to and how far its budget is used', () => {
  const told = costTable(COSTS)
  expect(told).toMatch(/^2026-11, up to 2026-11-21 12:00:00Z\n/)
  expect(told).toMatch(/green +machine t2\.nano +host-1 +2\.50 +20\.00 +- +1\.234567 EUR\n/)
  expect(told).toMatch(/machine t2\.nano as t3\.small +ec2 +1\.00 +- +- +0\.02 USD\n/)
  expect(told).toMatch(/volume +- +- +7\.00 +- +no price\n/)
  expect(told).toMatch(/\ngreen: 1\.234567 EUR \+ 0\.02 USD, 61\.7 % of 2\.00 EUR \(told at 50 %\)\n$/)
  expect(costTable({ ...COSTS, projects: [] })).toContain('nothing was used')
})

test('comma-separated values have the columns of docs/costs.md', () => {
  const [head = '', first, , third] = costCsv(COSTS).split('\r\n')
  expect(rows('costs.md', 'column of the CSV').map(([name]) => name)).toEqual(
    head.split(',').map((name) => `\`${name}\``),
  )
  expect(first).toBe('2026-11,green,machine,here,host-1,t2.nano,,2.5,20,0,1.234567,EUR')
  expect(third).toBe('2026-11,green,volume,here,,,,0,7,0,,')
})

test('prices that nobody said are no price', () => {
  const told = toldPrices({
    ...{ currency: 'EUR', types: { 't2.nano': 5_800 }, core: null, memoryGiB: null },
    ...{ diskGiB: 110, snapshotGiB: 50, address: 0, trafficGiB: null },
  })
  expect(told).toMatch(/t2\.nano, an hour +0\.0058 EUR\n/)
  expect(told).toMatch(/a GiB of disk, an hour +0\.00011 EUR\n/)
  expect(told).toMatch(/a GiB of a snapshot, an hour +0\.00005 EUR\n/)
  expect(told).toMatch(/a core, an hour +-\n/)
})

test('a quote: the sum, each place, who would wait, what has no price', () => {
  const quote: NonNullable<Study['quote']> = {
    ...{ type: 't2.micro', count: 6, hours: 10, project: 'green', totals: { EUR: 430_000 } },
    parts: [
      {
        ...{ host: 'ec2', where: 'provider', offer: 't3.small', count: 1 },
        ...{ hour: { amount: 43_000, currency: 'EUR' }, cost: { amount: 430_000, currency: 'EUR' } },
      },
      { host: 'host-1', where: 'here', offer: null, count: 2, hour: null, cost: null },
    ],
    left: [{ count: 3, because: 'not enough CPU (1 host)' }],
  }
  const told = toldQuote({ quote } as Study)
  expect(told).toMatch(/^6 machines t2\.micro of green for 10 h: 0\.43 EUR\n/)
  expect(told).toMatch(/\n1 +ec2 +t3\.small +0\.043 EUR +0\.43 EUR\n2 +host-1 +- +no price +no price\n/)
  expect(told).toMatch(/no price is known for 2 machines: /)
  expect(told).toMatch(/3 machines would wait: not enough CPU \(1 host\)\n$/)
})

describe('over a gateway', () => {
  let redis: TestRedis
  let app: TestApp
  beforeAll(async () => {
    redis = await startRedis()
    app = await startApp(redis)
    await app.admin('POST', '/projects', { name: 'ann' })
  })
  afterAll(async () => {
    await app.close()
    await redis.stop()
  })

  const run = (...words: readonly string[]): Promise<string> => runCli(operatorAt(app), ...words)

  test('prices are set and shown', async () => {
    expect(await run('prices', '--disk', '0.00011', '--core', '0.02', '--currency', 'EUR')).toMatch(
      /disk, an hour +0\.00011 EUR/,
    )
    expect(await run('prices', '--core', 'none')).toMatch(/a core, an hour +-\n/)
    await expect(run('prices', '--disk', 'much')).rejects.toMatchObject({ kind: 'unknown-field' })
    await expect(run('prices', '--type', 't2.nano')).rejects.toMatchObject({ kind: 'unknown-field' })
    await expect(run('prices', '--type', 'm9.none=1')).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('costs in each format; a format or a month that is none is wrong usage', async () => {
    await run('project', 'set', 'ann', '--budget', '250', '--alarm-at', '75')
    expect(await run('cost')).toMatch(/ann: nothing that has a price, 0 % of 250\.00 EUR\n/)
    expect(await run('cost', '--format', 'csv')).toMatch(/^month,project,/)
    expect(JSON.parse(await run('cost', 'ann', '--format', 'json'))).toMatchObject({ projects: [{ project: 'ann' }] })
    expect(await run('cost', '--uses', '--format', 'csv')).toMatch(/^kind,name,project,/)
    await expect(run('cost', '--format', 'xml')).rejects.toMatchObject({ kind: 'unknown-field' })
    await expect(run('cost', '--month', '2026-13')).rejects.toMatchObject({ kind: 'refused' })
  })

  test('when a budget is told can be changed alone, where there is a budget', async () => {
    await run('project', 'set', 'ann', '--budget', '250')
    expect(await run('project', 'set', 'ann', '--alarm-at', '60')).toMatch(/budget +250\.00 EUR a month, told at 60 %/)
    expect(await run('project', 'set', 'ann', '--budget', 'none')).toMatch(/budget +-\n/)
    const alone = run('project', 'set', 'ann', '--alarm-at', '75')
    await expect(alone).rejects.toThrow(/budget\.amount is missing: it has no budget yet/)
    await expect(run('project', 'set', 'ann', '--budget', 'much')).rejects.toMatchObject({ kind: 'unknown-field' })
  })
})
