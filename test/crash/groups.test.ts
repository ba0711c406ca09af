/** Rules of security groups on their way to the hosts: before a machine runs, when they change, when others come; crashes anywhere. */
import { randomUUID } from 'node:crypto'
import type { SecurityGroupId } from '../../src/model/ids'
import { lifecycle } from '../../src/model/lifecycle'
import { everythingOut, GROUP_NEVER_SEEN, type GroupRule, type SecurityGroupWish } from '../../src/model/records'
import { NOBODY } from '../../src/store/store'
import { Crash, openPump, type Pump, type PumpOptions } from '../support/pump'
import { NETWORK, PROJECT, type Site, startSite } from '../support/site'

let site: Site
let pump: Pump
const open = async (options: PumpOptions = {}) => {
  site = await startSite({ hosts: 1 })
  pump = openPump(site, options)
}
afterEach(() => site.close())

const rule = (id: string, more: Partial<GroupRule>): GroupRule => ({
  ...{ rule: `sgr-${id}`, direction: 'in', protocol: 'tcp', ports: null, description: null },
  ...{ peer: { cidr: '0.0.0.0/0' }, ...more },
})
const out = rule('out', { ...everythingOut })
const ssh = rule('ssh', { ports: { from: 22, to: 22 } })
const web = rule('web', { ports: { from: 80, to: 80 } })

async function makeGroup(name: string, rules: (id: SecurityGroupId) => readonly GroupRule[]): Promise<SecurityGroupId> {
  const id = randomUUID() as string as SecurityGroupId
  const about = { name, group: `sg-${name}`, description: name, tags: {}, createdAt: 1 }
  const wish: SecurityGroupWish = { ...about, rules: rules(id) }
  const ref = { kind: 'securitygroup', id } as const
  const create = { ref, project: PROJECT, wish, seen: GROUP_NEVER_SEEN, journal: null, place: null, wake: true }
  await site.store.change(
    { operationId: randomUUID(), actor: NOBODY, what: 'make-group', creates: [create] },
    pump.clock.now(),
  )
  return id
}

async function setRules(id: SecurityGroupId, rules: readonly GroupRule[]): Promise<void> {
  const group = await site.store.read('securitygroup', id)
  if (!group) throw new Error('no group')
  const ref = { kind: 'securitygroup', id } as const
  const update = { ref, project: PROJECT, generation: group.generation, wish: { ...group.wish, rules } }
  await site.store.change(
    {
      ...{ operationId: randomUUID(), actor: NOBODY, what: 'set-rules' },
      updates: [{ ...update, raisePhase: false, wake: true }],
    },
    pump.clock.now(),
  )
}

let machines = 0
async function run(groups: readonly SecurityGroupId[]): Promise<string> {
  machines += 1
  const nic = { device: 'eth0', network: NETWORK, mac: `02:00:00:00:01:0${machines % 10}`, name: `eni-${machines}` }
  const address = `10.0.1.${machines}`
  const [id = ''] = await site.order(1, { interfaces: [{ ...nic, address, groups }] })
  await site.store.wake(
    groups.map((group) => ({ kind: 'securitygroup', id: group })),
    pump.clock.now(),
  )
  return id
}
const given = async (id: string) => {
  const { wish } = await site.compute(id)
  const [found] = await site.found(wish.name)
  return found?.rules[wish.interfaces[0]?.mac ?? '']
}
const summary = async (id: string) =>
  (await given(id))?.map(({ direction, ports, peer }) => `${direction} ${ports?.from ?? 'all'} ${peer}`)
const runs = (id: string) => async () => lifecycle(await site.compute(id)) === 'running'
const has =
  (id: string, ...lines: string[]) =>
  async () =>
    JSON.stringify([...((await summary(id)) ?? ['none'])].sort()) === JSON.stringify([...lines].sort())
const addressOf = async (id: string) => (await site.compute(id)).wish.interfaces[0]?.address ?? ''

test('a machine has its rules before it runs', async () => {
  const orders: string[] = []
  await open({
    between: (driver) => ({
      ...driver,
      network: {
        ...driver.network,
        rules: (...args) => {
          orders.push('rules')
          return driver.network.rules(...args)
        },
      },
      power: (...args) => {
        orders.push('power')
        return driver.power(...args)
      },
    }),
  })
  const group = await makeGroup('a', () => [out, ssh])
  const id = await run([group])
  await pump.until(runs(id), 'running')
  expect(orders.slice(0, 2)).toEqual(['rules', 'power'])
  expect(await summary(id)).toEqual(['in 22 0.0.0.0/0', 'out all 0.0.0.0/0'])
})

test('a change reaches every machine of the group, and no other, once', async () => {
  await open()
  const [group, other] = [await makeGroup('a', () => [out, ssh]), await makeGroup('b', () => [out, ssh])]
  const [one, two, far] = [await run([group]), await run([group]), await run([other])]
  for (const id of [one, two, far]) await pump.until(runs(id), 'running')
  await setRules(group, [web])
  for (const id of [one, two]) await pump.until(has(id, 'in 80 0.0.0.0/0'), 'the new rules')
  expect(await summary(far)).toContain('in 22 0.0.0.0/0')
  const effects = async () => (await site.found((await site.compute(one)).wish.name))[0]?.effects['network.rules']
  const before = await effects()
  await site.store.wake(
    [
      { kind: 'securitygroup', id: group },
      { kind: 'compute', id: one },
    ],
    pump.clock.now(),
  )
  await pump.turn()
  await pump.turn()
  expect(await effects()).toBe(before)
})

test('who comes and goes is known to those whose rules refer to the group', async () => {
  await open()
  const front = await makeGroup('front', () => [out])
  const back = await makeGroup('back', () => [rule('ref', { protocol: 'all', peer: { group: front } })])
  const server = await run([back])
  await pump.until(runs(server), 'running')
  expect(await summary(server)).toEqual([])
  const client = await run([front])
  await pump.until(has(server, `in all ${await addressOf(client)}/32`), 'the new member')
  await site.wish(client, () => ({ exists: false }))
  await site.store.wake([{ kind: 'securitygroup', id: front }], pump.clock.now())
  await pump.until(has(server), 'its leaving')
})

test.each(Array.from({ length: 13 }, (_, index) => index * 3))('a crash at point %i loses no rule', async (crashAt) => {
  let crashed = false
  await open({
    queue: 'loses-all',
    at: (point, ref, passed) => {
      if (crashed || passed < crashAt || (ref.kind !== 'securitygroup' && ref.kind !== 'compute')) return
      crashed = true
      throw new Crash(`at ${point}`)
    },
  })
  const group = await makeGroup('a', (id) => [out, rule('self', { protocol: 'all', peer: { group: id } })])
  const [one, two] = [await run([group]), await run([group])]
  const members = [await addressOf(one), await addressOf(two)].map((address) => `in all ${address}/32`)
  for (const id of [one, two]) await pump.until(has(id, 'out all 0.0.0.0/0', ...members), 'each other')
  expect(crashed).toBe(true)
})

test('a host that cannot filter is not asked to, and its machines run', async () => {
  await open()
  await site.simulator.admin.lack('sim-1', [{ verb: 'rules', because: 'it has no packet filter' }])
  const group = await makeGroup('a', () => [out, ssh])
  await pump.until(async () => (await site.host('sim-1')).seen.capabilities?.lacks.length === 1, 'the lack')
  // As one of `default` alone: placement would put no other there.
  const [id = ''] = await site.order(1)
  await pump.until(runs(id), 'running')
  const other = await run([group])
  await pump.until(async () => (await site.compute(other)).place.waiting !== null, 'its waiting')
  expect((await site.compute(other)).place.waiting?.reasons).toEqual({ 'cannot filter traffic': 1 })
})
