/** Hard groups whatever happens on the way: workers that die at each arrow of placement, moves that set out at the same moment. */
import type { PlacementGroupId } from '../../src/model/ids'
import { lifecycle } from '../../src/model/lifecycle'
import { membersIn } from '../../src/model/placement'
import type { PlacementRule } from '../../src/model/records'
import { reconcile } from '../../workers/reconcile/dispatch'
import { reconcilePlacement } from '../../workers/reconcile/placement'
import type { Point } from '../../workers/reconcile/work'
import { wrongs } from '../support/invariants'
import { makeGroup } from '../support/make-group'
import { APART, TOGETHER } from '../support/placement-group'
import { Crash, openPump, type Pump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'

let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 3, capacity: { cpuHundredths: 400, memoryMiB: 8192, diskGiB: 100 } })
})
afterEach(() => site.close())

const group = (rule: PlacementRule): Promise<PlacementGroupId> => makeGroup(site, rule)
async function ready(options: PumpOptions = {}): Promise<Pump> {
  const pump = openPump(site, options)
  await pump.until(async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok'), 'hosts')
  return pump
}
const hostOf = async (id: string) => (await site.compute(id)).place.hostName
const hosts = (ids: readonly string[]) => Promise.all(ids.map(hostOf))
const running = (pump: Pump, ids: readonly string[]) =>
  pump.until(
    async () => (await Promise.all(ids.map((id) => site.compute(id)))).every((one) => lifecycle(one) === 'running'),
    'running machines',
  )
const waits = (pump: Pump, id: string) =>
  pump.until(async () => (await site.compute(id)).place.waiting !== null, 'reasons to wait')
/** Hosts of the group's machines, by what is claimed. */
async function claimed(id: PlacementGroupId): Promise<readonly string[]> {
  const all = await site.store.readAll('host')
  const members = membersIn(await site.store.hostClaims(all.map((host) => host.id))).get(id) ?? []
  return members.map(({ host }) => all.find((one) => one.id === host)?.wish.name ?? '').sort()
}
const move = async (id: string, to: string, level = 1) => {
  const host = (await site.host(to)).id
  await site.wish(id, () => ({ move: { level, to: host, how: 'live' } }))
}
const movesThrough = (pump: Pump, id: string, level = 1) =>
  pump.until(async () => (await site.compute(id)).seen.moves === level, 'the end of the order')

/** sim-2 and sim-3 are in one rack. What prefers a host by its rank may be moved anywhere. */
const twoRacks = async () => {
  await site.setHost('sim-1', { labels: { priority: '1' } })
  await site.setHost('sim-2', { labels: { rack: 'r2', priority: '2' } })
  await site.setHost('sim-3', { labels: { rack: 'r2', priority: '3' } })
}
const at1 = { placement: { own: { rank: '- PRIORITY' } } }
const at3 = { placement: { own: { rank: 'PRIORITY' } } }

test('three apart on two hosts: one waits, says why, and gets its place when another one goes', async () => {
  await site.setHost('sim-3', { enabled: false })
  const pump = await ready()
  const id = await group(APART)
  const ids = await site.order(3, { placementGroup: { id } })
  const left = async () => (await Promise.all(ids.map((one) => site.compute(one)))).filter(({ place }) => place.waiting)
  await pump.until(async () => (await left()).length === 1, 'one that waits')
  const third = (await left())[0]?.id ?? ''
  const [first = '', second = ''] = ids.filter((one) => one !== third)
  await running(pump, [first, second])
  expect((await hosts([first, second])).toSorted()).toEqual(['sim-1', 'sim-2'])
  const freed = await hostOf(second)
  const names = await Promise.all([first, second].map(async (one) => (await site.compute(one)).wish.name))
  const { waiting } = (await site.compute(third)).place
  expect(waiting?.reasons).toEqual({ disabled: 1, 'has a machine of its group already': 2 })
  expect(waiting?.wouldFit).toBe(
    `anti-affinity with ${names.sort().join(', ')}: its group front has one machine for each host`,
  )
  await site.wish(second, () => ({ exists: false }))
  await running(pump, [third])
  expect(await hostOf(third)).toBe(freed)
  expect(await wrongs(site)).toEqual([])
})

test('together: all on one host, or none until there is one', async () => {
  const pump = await ready()
  const id = await group(TOGETHER)
  const [filler = ''] = await site.order(1)
  await running(pump, [filler])
  const size = { type: '', cores: 2, cpuHundredths: 200, memoryMiB: 512, diskGiB: 1 }
  const three = await site.order(3, { placementGroup: { id }, size })
  await waits(pump, three[2] ?? '')
  expect(await hosts(three)).toEqual([null, null, null])
  expect((await site.compute(three[0] ?? '')).place.waiting?.reasons).toEqual({
    'not enough room for its whole group': 3,
  })
  await site.wish(three[1] ?? '', () => ({ exists: false }))
  const rest = three.filter((_, at) => at !== 1)
  await running(pump, rest)
  expect(new Set(await hosts(rest)).size).toBe(1)
})

test('an order to move is not carried out against the rule, and says so', async () => {
  const pump = await ready()
  const id = await group(APART)
  const [first = '', second = ''] = await site.order(2, { placementGroup: { id } })
  await running(pump, [first, second])
  await move(first, (await hostOf(second)) ?? '')
  await movesThrough(pump, first)
  expect(await hostOf(first)).not.toBe(await hostOf(second))
  const other = await site.compute(second)
  expect((await site.compute(first)).journal.trouble?.message).toBe(
    `it was not moved: the other host has ${other.wish.name} of its group front (anti-affinity)`,
  )
  await move(first, 'sim-3', 2)
  await movesThrough(pump, first, 2)
  expect([await hostOf(first), await claimed(id)]).toEqual(['sim-3', [other.place.hostName, 'sim-3']])
})

test('a move that sets out while placement comes into the same rack from elsewhere begins anew, and stays', async () => {
  await twoRacks()
  const racks = await group({ ...APART, over: 'rack' })
  let meanwhile: (() => Promise<void>) | undefined
  const at = async (point: Point, ref: { readonly kind: string }) => {
    if (point !== 'before:place' || ref.kind !== 'compute') return
    const once = meanwhile
    meanwhile = undefined
    await once?.()
  }
  const pump = await ready({ at })
  const [first = ''] = await site.order(1, { placementGroup: { id: racks }, ...at1 })
  await running(pump, [first])
  let second = ''
  meanwhile = async () => {
    ;[second = ''] = await site.order(1, { placementGroup: { id: racks }, ...at3 })
    await reconcilePlacement(site.work())
    expect(await hostOf(second)).toBe('sim-3')
  }
  await move(first, 'sim-2')
  await movesThrough(pump, first)
  await running(pump, [first, second])
  expect(await hosts([first, second])).toEqual(['sim-1', 'sim-3'])
  expect((await site.compute(first)).journal.trouble?.message).toContain('(anti-affinity)')
  expect(await claimed(racks)).toEqual(['sim-1', 'sim-3'])
})

test('a placement that is overtaken by a move into the same rack is decided anew', async () => {
  await twoRacks()
  const racks = await group({ ...APART, over: 'rack' })
  const pump = await ready()
  const [first = ''] = await site.order(1, { placementGroup: { id: racks }, ...at1 })
  await running(pump, [first])
  const [second = ''] = await site.order(1, { placementGroup: { id: racks }, ...at3 })
  let once = true
  const work = site.work({
    at: async (point, ref) => {
      if (point !== 'before:place' || ref.kind !== 'placement' || !once) return
      once = false
      await move(first, 'sim-2')
      const mover = site.work()
      for (let turn = 0; turn < 5 && !(await claimed(racks)).includes('sim-2'); turn += 1)
        await reconcile(mover, { kind: 'compute', id: first })
    },
  })
  await reconcilePlacement(work)
  expect(await hostOf(second)).toBeNull()
  await movesThrough(pump, first)
  expect(await claimed(racks)).toEqual(['sim-2'])
})

test.each(['before:claim', 'after:claim', 'before:place', 'after:place', 'before:settle'] as const)(
  'a worker of placement that dies %s: all of a set are on one host in the end, and never some',
  async (where) => {
    const pump = await ready()
    const id = await group(TOGETHER)
    const three = await site.order(3, { placementGroup: { id } })
    let crashes = 0
    const dying = site.work({
      at: (point, ref) => {
        if (point !== where || ref.kind !== 'placement' || crashes > 0) return
        crashes += 1
        throw new Crash(point)
      },
    })
    await expect(reconcilePlacement(dying)).rejects.toThrow(Crash)
    expect([0, 3]).toContain((await claimed(id)).length)
    await running(pump, three)
    expect(new Set(await hosts(three)).size).toBe(1)
    expect(await wrongs(site)).toEqual([])
  },
)
