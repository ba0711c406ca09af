/** A machine's life at a simulated zone, in both formats and both dialects; what it is made with; that no call waits for a copy. */
import type { PowerOrder } from '../../../../../workers/drivers/driver'
import type { Habits } from '../../../../clouds/elastichosts/world'
import {
  definitionFor,
  type ElasticStage,
  freshName,
  openElasticStage,
  poll,
  type StageOrder,
  through,
  ticketFor,
} from '../../../../support/elastichosts-stage'

let stage: ElasticStage
const open = async (order: StageOrder = {}): Promise<void> => {
  stage = await openElasticStage(order)
}
afterEach(() => stage.close())

const define = async (name: string, some: Parameters<typeof definitionFor>[1] = {}): Promise<void> => {
  const { driver, here } = stage
  const key = ticketFor(name).key
  await through(stage, () => driver.define(here, ticketFor(name, key), definitionFor(name, some)))
}
const power = (name: string, order: PowerOrder): Promise<void> => {
  const key = ticketFor(name).key
  return through(stage, () => stage.driver.power(stage.here, ticketFor(name, key), order))
}
const end = (name: string): Promise<void> => through(stage, () => stage.driver.undefine(stage.here, ticketFor(name)))
const see = (name: string) => stage.driver.find(stage.here, ticketFor(name))
const serverOf = (name: string) =>
  [...stage.zone.world.servers.values()].find(({ config }) => config['user:vm'] === name)
const ownDrives = () => [...stage.zone.world.drives.values()].filter(({ user }) => user === stage.zone.account.user)

const kinds = [
  { format: 'json', dialect: 'new' },
  { format: 'text', dialect: 'new' },
  { format: 'json', dialect: 'old' },
  { format: 'text', dialect: 'old' },
] as const
test.each(kinds)('$format, $dialect zone: made, off, on, restarted, reset, ended; nothing is left', async (kind) => {
  await open({ habits: { dialect: kind.dialect }, settings: { format: kind.format } })
  const name = freshName()
  const absent = {
    name,
    id: null,
    domain: 'absent',
    disks: [],
    interfaces: [],
    work: null,
    startedAt: null,
    whole: true,
  }
  expect(await see(name)).toEqual(absent)
  await define(name)
  const seen = await see(name)
  expect(seen).toMatchObject({
    id: definitionFor(name).id,
    domain: 'running',
    startedAt: expect.any(Number),
    whole: true,
  })
  expect(seen.given).toEqual({
    object: serverOf(name)?.id,
    type: 'small',
    addresses: [{ ip: '203.0.113.2', scope: 'public' }],
  })
  expect((await stage.driver.list(stage.here)).machines).toEqual([seen])
  for (const [order, domain] of [
    [{ to: 'on' }, 'running'],
    [{ again: 'reboot' }, 'running'],
    [{ again: 'reset' }, 'running'],
    [{ to: 'off', how: 'graceful' }, 'off'],
    [{ to: 'off', how: 'hard' }, 'off'],
    [{ to: 'on' }, 'running'],
    [{ to: 'off', how: 'hard' }, 'off'],
  ] as const) {
    await power(name, order)
    expect((await see(name)).domain).toBe(domain)
  }
  await end(name)
  expect(await see(name)).toEqual(absent)
  await end(name)
  expect([stage.zone.world.servers.size, ownDrives(), await poll(stage)]).toEqual([0, [], []])
})

test('what it is made with: persistent, its size, our marks, its image unpacked', async () => {
  await open({ settings: { mhzPerCore: '1500', bus: 'virtio', nic: 'e1000' } })
  const name = freshName()
  await define(name)
  const [drive] = ownDrives()
  expect(serverOf(name)?.config).toMatchObject({
    ...{ name: `og-local-1-${name}`, cpu: '1500', smp: '1', mem: '512', persistent: 'true', boot: 'block:0' },
    ...{ 'block:0': drive?.id, 'nic:0:model': 'e1000', 'nic:0:dhcp': 'auto', 'user:site': 'local-1', 'user:vm': name },
    'user:record': definitionFor(name).id,
  })
  expect(drive).toMatchObject({ size: 1024 ** 3, holds: 'system', config: { 'user:vm': name, 'user:role': 'root' } })
})

test('a guest is told who it is by a small drive, written whole, that ends with its machine', async () => {
  await open()
  const name = freshName()
  const bytes = Buffer.from('#cloud-config of nobody else'.repeat(30))
  await define(name, { seed: bytes.toString('base64') })
  const seed = ownDrives().find(({ config }) => config['user:role'] === 'seed')
  expect([seed?.size, seed?.written.get(0)]).toEqual([bytes.length, bytes])
  expect(serverOf(name)?.config).toMatchObject({ 'ide:1:0': seed?.id, 'ide:1:0:media': 'cdrom' })
  await end(name)
  expect(ownDrives()).toEqual([])
})

test('what the guest is told is what its owner said last, though it was written before', async () => {
  await open()
  const { driver, here, zone } = stage
  const name = freshName()
  const seeded = (text: string) => definitionFor(name, { seed: Buffer.from(text).toString('base64') })
  const seed = () => ownDrives().find(({ config }) => config['user:role'] === 'seed')
  zone.troubles.add({ on: /^POST \/servers\/create/, trouble: { what: 'answers', status: 507, code: 'full' } })
  const early = through(stage, () => driver.define(here, ticketFor(name), seeded('first')))
  await expect(early).rejects.toMatchObject({ kind: 'refused' })
  expect(seed()?.written.get(0)?.toString()).toBe('first')
  await through(stage, () => driver.define(here, ticketFor(name), seeded('second, and longer')))
  expect(seed()?.written.get(0)?.toString()).toBe('second, and longer')
  expect(ownDrives()).toHaveLength(2)
})

test('an address of its own that it keeps while it is off, and a VLAN by name', async () => {
  await open({ settings: { address: 'static', vlan: 'inner' } })
  const { world } = stage.zone
  const vlan = '7d0e2b1c-0000-4000-8000-00000000000a'
  world.resources.set(vlan, { id: vlan, type: 'vlan', user: stage.zone.account.user, config: { name: 'inner' } })
  const name = freshName()
  await define(name)
  const given = (await see(name)).given?.addresses
  expect(given).toEqual([{ ip: '192.0.2.2', scope: 'public' }])
  expect(serverOf(name)?.config).toMatchObject({ 'nic:1:vlan': vlan })
  await power(name, { to: 'off', how: 'hard' })
  await power(name, { to: 'on' })
  expect((await see(name)).given?.addresses).toEqual(given)
  await end(name)
  expect([...world.resources.values()].map(({ type }) => type)).toEqual(['vlan'])
})

describe('a copy that takes its time', () => {
  const slow: Partial<Habits> = { imagingMs: 600_000 }

  test('each call starts it or looks at it; anybody goes on with it; it is no machine yet, and can be ended', async () => {
    await open({ habits: slow })
    const name = freshName()
    const { here, zone } = stage
    expect(await stage.driver.define(here, ticketFor(name), definitionFor(name))).toMatchObject({ state: 'running' })
    zone.advance(250_000)
    const [another, more] = [stage.another(), ticketFor(name)]
    expect(await another.define(here, more, definitionFor(name))).toMatchObject({ state: 'running', percent: 41 })
    expect(await see(name)).toMatchObject({ id: null, domain: 'off', work: null })
    expect(zone.asked.filter((one) => /\/image\//.test(one))).toHaveLength(1)
    zone.advance(600_000)
    await define(name)
    expect([await see(name), ownDrives()]).toMatchObject([{ domain: 'running' }, [{}]])
    const other = freshName()
    await stage.driver.define(here, ticketFor(other), definitionFor(other))
    await end(other)
    expect(ownDrives()).toHaveLength(1)
  })

  test('a zone that falls silent in the middle is not believed', async () => {
    await open({
      habits: {
        ...slow,
        hush: [
          { from: 0, to: 0.1 },
          { from: 0.5, to: 0.9 },
        ],
      },
    })
    const name = freshName()
    const { driver, here, zone } = stage
    for (let minute = 0; minute < 9; minute++) {
      expect(await driver.define(here, ticketFor(name), definitionFor(name))).toMatchObject({ state: 'running' })
      zone.advance(60_000)
      expect(serverOf(name)).toBeUndefined()
    }
    zone.advance(120_000)
    await define(name)
    expect(serverOf(name)?.status).toBe('active')
  })
})

test('an image that the zone does not have, or a type that it does not take, is for another provider', async () => {
  await open()
  const { driver, here } = stage
  const order = definitionFor('i-1').order
  if (!order) throw new Error('no order')
  const wrong = [
    { ...order, image: '00000000-0000-4000-8000-00000000dead' },
    { ...order, image: 'ami-1' },
    { ...order, type: { ...order.type, memoryMiB: 900_000 } },
  ]
  for (const one of wrong) {
    const name = freshName()
    const made = through(stage, () => driver.define(here, ticketFor(name), definitionFor(name, { order: one })))
    await expect(made).rejects.toMatchObject({ kind: 'refused', detail: { reason: 'elsewhere' } })
    await end(name)
  }
  expect([ownDrives(), stage.zone.world.servers.size]).toEqual([[], 0])
})

test('what crashed is started from stopped; what the provider paused is left to it; what is away is not started', async () => {
  await open()
  const name = freshName()
  await define(name)
  const server = serverOf(name)
  if (!server) throw new Error('there is no server')
  server.status = 'dumped'
  expect((await see(name)).domain).toBe('crashed')
  await power(name, { to: 'on' })
  server.status = 'paused'
  expect((await see(name)).domain).toBe('paused')
  await expect(power(name, { to: 'on' })).rejects.toMatchObject({ kind: 'refused' })
  await expect(power(name, { to: 'paused' })).rejects.toMatchObject({ kind: 'unsupported' })
  await power(name, { to: 'off', how: 'graceful' })
  for (const again of ['reboot', 'reset'] as const)
    await expect(power(name, { again })).rejects.toMatchObject({ kind: 'refused' })
  await expect(power(freshName(), { to: 'on' })).rejects.toMatchObject({ kind: 'refused' })
  await power(freshName(), { to: 'off', how: 'hard' })
})

test('looks at the same time are one look, and a thousand machines are listed in three calls', async () => {
  await open()
  const { zone, driver, here } = stage
  const names = Array.from({ length: 1000 }, () => freshName())
  for (const [at, name] of names.entries()) {
    const id = `00000000-0000-4000-9000-${String(at).padStart(12, '0')}`
    const config = { ...{ name, cpu: '500', mem: '256', persistent: 'true' }, 'user:vm': name, 'user:site': 'local-1' }
    zone.world.servers.set(id, {
      id,
      user: zone.account.user,
      config,
      status: 'stopped',
      started: null,
      ip: null,
      obeysAt: null,
    })
  }
  const before = zone.asked.length
  const { machines } = await driver.list(here)
  expect(machines.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
  expect(zone.asked.length - before).toBe(3)
  const seen = await Promise.all(names.slice(0, 100).map(see))
  expect(seen.map(({ name, domain }) => `${name} ${domain}`)).toEqual(names.slice(0, 100).map((name) => `${name} off`))
  expect(zone.asked.length - before).toBeLessThanOrEqual(9)
})
