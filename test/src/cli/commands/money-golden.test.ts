/** What costs, single uses and an account at a provider are exported as: the routes of the admin API over reports of a test, and the commands over these. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { accountRoutes } from '../../../../src/admin/routes/accounts'
import { providerRoutes } from '../../../../src/admin/routes/providers'
import type { CostLine, Use } from '../../../../src/model/accounts'
import type { HostId } from '../../../../src/model/ids'
import type { CostReport, UsesAsked } from '../../../../src/operations/accounts/operations'
import type { Operations } from '../../../../src/operations/operations'
import type { ListedProvider } from '../../../../src/operations/providers/operations'
import { OPERATOR } from '../../../support/gateways'
import { expectGolden } from '../../../support/golden'
import { providerRecord } from '../../../support/provider-record'
import { operatorAt, runCli } from '../../../support/run-cli'
import { HOUR_MS, useOf } from '../../../support/use'

const NOON = Date.UTC(2026, 10, 21, 12)
const NOTHING = { hostName: null, where: 'here', type: '', offer: '', hours: 0, gibHours: 0, gib: 0 } as const
const line = (parts: Partial<CostLine>): CostLine => ({
  ...{ kind: 'machine', project: 'p1', cost: null, ...NOTHING },
  ...parts,
})
const REPORT: CostReport = {
  ...{ month: '2026-11', at: NOON },
  projects: [
    {
      ...{ project: '=green, "the first"', totals: { EUR: 1_834_567, USD: 20_000 } },
      budget: {
        amount: 2_000_000,
        currency: 'EUR',
        alarmAt: 50,
        percent: 91.72835,
        alarm: { month: '2026-11', mark: 50, at: NOON },
      },
      lines: [
        line({
          hostName: 'host-1',
          type: 't2.nano',
          hours: 7 / 3,
          gibHours: 20,
          cost: { amount: 1_234_567, currency: 'EUR' },
        }),
        line({ kind: 'volume', gibHours: 60, cost: { amount: 600_000, currency: 'EUR' } }),
        line({ kind: 'address', hours: 2 }),
        line({
          ...{ hostName: 'ec2', where: 'provider', type: 't2.nano', offer: 't3.small', hours: 1 },
          cost: { amount: 20_000, currency: 'USD' },
        }),
        line({ kind: 'traffic', hostName: 'ec2', where: 'provider', gib: 0.5 }),
      ],
    },
    { project: 'red', totals: {}, lines: [], budget: null },
  ],
}

const offer = { type: 't3.small', price: 20_000, currency: 'USD' }
const PAGES: Readonly<Record<string, { readonly uses: readonly Use[]; readonly next: string | null }>> = {
  first: {
    next: 'second',
    uses: [
      useOf({ id: 'a', name: 'i-a', project: 'p1', from: NOON - 1, until: NOON + HOUR_MS }),
      useOf({
        id: 'b',
        name: 'i-b',
        project: 'p1',
        host: 'ec2' as HostId,
        hostName: 'ec2',
        offer,
        from: NOON,
        until: null,
      }),
    ],
  },
  second: {
    next: null,
    uses: [
      // It has ended since the first page was read.
      useOf({
        id: 'b',
        name: 'i-b',
        project: 'p1',
        host: 'ec2' as HostId,
        hostName: 'ec2',
        offer,
        from: NOON,
        until: NOON + 5000,
      }),
      useOf({
        ...{ kind: 'volume', id: 'c', name: 'vol-c', project: 'gone', host: null, hostName: null, type: '' },
        until: null,
      }),
    ],
  },
}

const host = providerRecord(
  'ec2',
  { budget: 5_000_000, stopAtBudget: true, prices: { diskGiB: 110, trafficGiB: 90_000 } },
  {
    ...{ contact: 'ok', orphans: ['i-lost', 'i-other'] },
    strays: {
      'i-lost': { object: 'i-0123', type: 'small', since: NOON, price: 40_000 },
      'i-other': { object: 'i-4567', type: null, since: null, price: null },
    },
  },
)
const LISTED: ListedProvider = {
  host: { ...host, used: { cpuHundredths: 100, memoryMiB: 512, diskGiB: 8, machines: 1 } } as ListedProvider['host'],
  ...{ taken: { small: 1 }, month: '2026-11', spent: 4_100_000, promised: 300_000, projects: { green: 4_100_000 } },
  ...{ alarm: { month: '2026-11', mark: 80, at: NOON }, images: { 'ami-ours': 'ami-theirs' } },
}

let server: Server
beforeAll(async () => {
  const operations = {
    costs: async () => REPORT,
    uses: async (_operator: unknown, { after = 'first' }: UsesAsked) => PAGES[after],
    project: (id: string) => (id === 'p1' ? { wish: { name: 'green' } } : undefined),
    listProviders: async () => [LISTED],
  } as unknown as Operations
  const app = express()
  app.use((req, _res, next) => {
    req.user = OPERATOR as unknown as NonNullable<typeof req.user>
    next()
  })
  app.use('/api/v1', accountRoutes(operations), providerRoutes(operations))
  await new Promise<void>((resolve) => {
    server = app.listen(0, '127.0.0.1', () => resolve())
  })
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

function run(...words: readonly string[]): Promise<string> {
  const { port } = server.address() as AddressInfo
  return runCli(operatorAt({ url: `http://127.0.0.1:${port}`, token: 'token' }), ...words)
}

test.each([
  ['cost.txt', ['cost']],
  ['cost.csv', ['cost', '--format', 'csv']],
  ['cost.json', ['cost', '--format', 'json']],
  ['uses.txt', ['cost', '--uses']],
  ['uses.csv', ['cost', '--uses', '--format', 'csv']],
  ['uses.json', ['cost', '--uses', '--format', 'json']],
  ['provider-show.txt', ['provider', 'show', 'provider-ec2']],
  ['provider-show.json', ['provider', 'show', 'provider-ec2', '--json']],
  ['provider-budget.txt', ['provider', 'budget', 'provider-ec2']],
  ['provider-prices.txt', ['provider', 'prices', 'provider-ec2']],
])('%s is what %j prints', async (file, words) => {
  expectGolden(`cli/${file}`, await run(...words))
})
