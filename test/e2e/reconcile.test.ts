/**
 * Two whole gateways, one that lends and one that orders: machines are ordered, stopped, started and ended at the partner, and both sides'
 * books of the month say the same to the second once they are reconciled; whatever else is there is told.
 */
import {
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { z } from 'zod'
import { COMPUTE_CATEGORY, occiClient } from '../support/occi-client'
import { type Partner, startPartner } from '../support/partner'
import { endCli, operatorAt } from '../support/run-cli'
import { until } from '../support/until'

const COUNT = 4
const PRICE = 5_800
const month = new Date().toISOString().slice(0, 7)
let north: Partner
let south: Partner
let tenant: EC2Client
/** South's account at north. */
let guest: z.infer<typeof credential>

const credential = z.object({ user: z.string(), password: z.string() })
const hosts = z.object({ hosts: z.array(z.looseObject({ name: z.string() })) })
const uses = z.object({
  uses: z.array(z.looseObject({ name: z.string(), where: z.string(), from: z.string(), until: z.string().nullable() })),
})

beforeAll(async () => {
  north = await startPartner('north-1')
  south = await startPartner('south-1', ['--host-poll-ms', '500'])
  const { accessKeyId, secretAccessKey } = south.account
  tenant = new EC2Client({
    region: south.region,
    endpoint: `${south.url}/ec2`,
    credentials: { accessKeyId, secretAccessKey },
  })
  guest = credential.parse(
    await north.admin.post('/partners', {
      ...{ name: 'south', quota: { instances: 20, cores: 40, memoryMiB: 40_960 }, currency: 'EUR' },
      offers: [{ type: 't2.nano', price: PRICE }],
    }),
  )
  for (const { name } of hosts.parse(await south.admin.get('/hosts')).hosts)
    await south.admin.post(`/hosts/${name}/disable`)
  await south.admin.post('/providers', {
    ...{ name: 'north', kind: 'occi', endpoint: `${north.url}/`, region: 'north-1', currency: 'EUR' },
    ...{ account: guest.user, secret: guest.password },
  })
  const type = { name: 't2.nano', cores: 1, memoryMiB: 512, diskGiB: null, price: PRICE, count: null }
  await south.admin.patch('/providers/north', { type, images: { [south.image]: north.image } })
}, 90_000)
afterAll(async () => {
  tenant?.destroy()
  await south?.close()
  await north?.close()
})

const states = async (): Promise<ReadonlyMap<string, string>> => {
  const { Reservations = [] } = await tenant.send(new DescribeInstancesCommand({}))
  const all = Reservations.flatMap(({ Instances = [] }) => Instances)
  return new Map(all.map(({ InstanceId = '', State }) => [InstanceId, State?.Name ?? '']))
}
const are = (names: readonly string[], state: string) =>
  until(
    async () => {
      const now = await states()
      return names.every((name) => now.get(name) === state)
    },
    { timeoutMs: 60_000, everyMs: 250, what: `${names.length} machines to be ${state}` },
  )

/** What a command at south prints, and why it fails. */
const command = (...words: readonly string[]) => endCli(operatorAt(south), ...words)
const reconcile = (...more: readonly string[]) => command('provider', 'reconcile', 'north', '--month', month, ...more)
const answer = z.object({
  agreed: z.number(),
  seconds: z.number(),
  taken: z.number(),
  differences: z.array(z.unknown()),
})

/** Begin and end of all that ran at north, by one side's books, to the second. */
async function times(of: Partner, isIt: (use: z.infer<typeof uses>['uses'][number]) => boolean) {
  const found = uses.parse(await of.admin.get('/uses', { month })).uses.filter(isIt)
  return found.map(({ from, until: end }) => `${from} ${end}`).toSorted()
}

let names: readonly string[] = []

test('machines run at the partner; one is stopped and started, two are ended', async () => {
  const asked = { ImageId: south.image, InstanceType: 't2.nano' as const, MinCount: COUNT, MaxCount: COUNT }
  const { Instances = [] } = await tenant.send(new RunInstancesCommand(asked))
  names = Instances.map(({ InstanceId = '' }) => InstanceId)
  await are(names, 'running')
  await tenant.send(new StopInstancesCommand({ InstanceIds: names.slice(0, 1) }))
  await are(names.slice(0, 1), 'stopped')
  await tenant.send(new StartInstancesCommand({ InstanceIds: names.slice(0, 1) }))
  await tenant.send(new TerminateInstancesCommand({ InstanceIds: names.slice(2) }))
  await are(names.slice(2), 'terminated')
  await are(names.slice(0, 2), 'running')
}, 200_000)

test('reconciled, both books have the same begin and end of each to the second', async () => {
  // Nothing is taken over: whatever is counted at all is found at both sides.
  const before = answer.parse(JSON.parse((await reconcile('--within', '0', '--json')).said))
  expect(before.agreed + before.differences.length).toBe(COUNT)
  expect(before.taken).toBe(0)

  const { said, failed } = await reconcile('--json')
  expect(failed).toBeNull()
  expect(answer.parse(JSON.parse(said))).toMatchObject({ agreed: COUNT, differences: [] })
  const [here, there] = [
    await times(south, ({ where }) => where === 'provider'),
    await times(north, ({ project }) => project === 'south'),
  ]
  expect(here).toHaveLength(COUNT)
  expect(here).toEqual(there)
  expect(here.filter((one) => one.endsWith('null'))).toHaveLength(2)

  const again = await reconcile('--within', '0')
  expect(again.failed).toBeNull()
  expect(again.said).toMatch(/4 machines at north agree to the second, \d+ s in all\n$/)
}, 60_000)

test('what is there without being ours is told, and the command fails', async () => {
  const { user, password } = guest
  const account = { ...{ user, password, occiUrl: `${north.url}/` } }
  const occi = occiClient(account as Parameters<typeof occiClient>[0])
  const size = 't2_nano; scheme="http://occi-gateway.org/occi/infrastructure/resource_tpl#"; class="mixin"'
  const made = await occi('POST', 'compute/', { 'content-type': 'text/occi', category: `${COMPUTE_CATEGORY}, ${size}` })
  expect([made.status, made.body]).toEqual([201, expect.anything()])
  // From its first second on.
  const { said, failed } = await until(
    async () => {
      const found = await reconcile()
      return found.failed ? found : undefined
    },
    { timeoutMs: 30_000, everyMs: 500, what: 'it to be told' },
  )
  expect(said).toMatch(/\ni-[0-9a-f]+ +only there +0 s, no price +\d+ s, [\d.]+ EUR +-\d+\n/)
  expect(failed).toMatchObject({ kind: 'conflict', message: /differ in 1 machine$/ })
}, 60_000)

test('only a partner is told anything, and only of itself', async () => {
  const asGuest = occiClient({ ...north.account, occiUrl: `${north.url}/` } as Parameters<typeof occiClient>[0])
  expect((await asGuest('GET', 'federation/uses')).status).toBe(404)
  const ours = occiClient({ ...guest, occiUrl: `${north.url}/` } as Parameters<typeof occiClient>[0])
  expect((await ours('GET', 'federation/uses?month=2026-13')).status).toBe(400)
  expect((await ours('POST', 'federation/uses')).status).toBe(405)
  const told = await ours('GET', `federation/uses?month=${month}`, { accept: 'application/json' })
  const page = z.object({
    currency: z.string(),
    uses: z.array(z.object({ order: z.string().nullable(), price: z.number() })),
  })
  const { currency, uses: all } = page.parse(JSON.parse(told.body))
  expect([currency, all.length, new Set(all.map(({ price }) => price))]).toEqual(['EUR', COUNT + 1, new Set([PRICE])])
  expect(all.filter(({ order }) => order === null)).toHaveLength(1)
}, 30_000)
