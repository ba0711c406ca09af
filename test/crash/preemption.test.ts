/**
 * A worker dies before and after each arrow while machines that give way are saved for a reservation, wait, and go on after it. At no moment
 * does a host give away more than it has; the reservation has its places when it begins; at the end each machine runs, once, where
 * its disk is, with what it had in memory.
 */
import type { ComputeId } from '../../src/model/ids'
import { lifecycle, stateMessage } from '../../src/model/lifecycle'
import { setPower } from '../../src/operations/set-power'
import { reconcilePlacement } from '../../workers/reconcile/placement'
import { dieAtFirstAndLast, openArrows } from '../support/arrows'
import { type Ground, openGround, useCrashSite } from '../support/crash-site'
import { noneOvercommitted, wrongs } from '../support/invariants'
import { makeGroup } from '../support/make-group'
import { APART } from '../support/placement-group'
import type { PumpOptions } from '../support/pump'
import type { Site } from '../support/site'
import { caller } from '../support/volumes'

const MINUTE = 60_000
const here = useCrashSite({ hosts: 1, capacity: { cpuHundredths: 300, memoryMiB: 8192, diskGiB: 100 } })
const ground = (options: PumpOptions = {}): Promise<Ground> => openGround(here, { hostPollMs: 20_000, ...options })

const lease = { preemptible: true as const }
const states = async (ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => lifecycle(await here.site.compute(id))))
const domains = async () => {
  const { hosts } = await here.site.simulator.admin.snapshot()
  return hosts.flatMap((host) =>
    Object.values(host.resources).flatMap(({ sighting, departed }) => (departed ? [] : [sighting.domain])),
  )
}
const all = (state: string, ids: readonly string[]) => async () => (await states(ids)).every((found) => found === state)

test('the youngest is saved in time, waits with its reason, and goes on with its memory when there is room', async () => {
  const { pump, reservations } = await ground()
  const [old = '', firm = ''] = [...(await here.site.order(1, { lease, createdAt: 1 })), ...(await here.site.order(1))]
  const [young = ''] = await here.site.order(1, { lease, createdAt: 2 })
  await pump.until(all('running', [old, young, firm]), 'machines')
  const boots = (await here.site.compute(young)).seen.startedAt
  const startsAt = pump.clock.now() + 10 * MINUTE
  const made = await reservations.reserve({ count: 1, startsAt, endsAt: startsAt + 10 * MINUTE })
  pump.clock.advance(9 * MINUTE)
  await pump.turn()
  expect(await states([young])).toEqual(['running'])
  await pump.until(all('suspended', [young]), 'one that gives way')
  // In time, and no sooner than it had to: 18 s for 512 MiB, and what the jobs take.
  const early = startsAt - pump.clock.now()
  expect(early).toBeGreaterThanOrEqual(0)
  expect(early).toBeLessThan(40_000)
  expect(await states([old, firm])).toEqual(['running', 'running'])
  await pump.until(async () => (await here.site.compute(young)).place.parked?.released === true, 'its place given back')
  await pump.until(async () => (await here.site.compute(young)).place.waiting !== null, 'a reason')
  expect(stateMessage(await here.site.compute(young))).toContain(
    'it gave its place to a reservation: its memory is saved',
  )
  expect(stateMessage(await here.site.compute(young))).toContain('waits for a place: ')
  const [inside = ''] = await here.site.order(1, { capacity: { use: 'only', reservation: made.record.id } })
  await pump.until(async () => (await here.site.compute(inside)).place.reservation !== undefined, 'its place')
  await pump.until(all('running', [inside]), 'it runs')
  expect(pump.clock.now()).toBeGreaterThanOrEqual(startsAt)
  await here.volumes.terminate(inside)
  pump.clock.advance(10 * MINUTE)
  await pump.until(all('running', [young]), 'it goes on')
  expect((await here.site.compute(young)).seen.startedAt).not.toBe(boots)
  expect(await domains()).toEqual(['running', 'running', 'running'])
  expect((await here.site.compute(young)).place.parked).toBeUndefined()
})

test('an owner who ends or stops what gave way has the last word', async () => {
  const { pump, reservations } = await ground()
  const [one = '', two = ''] = await here.site.order(2, { lease })
  await pump.until(all('running', [one, two]), 'machines')
  const made = await reservations.reserve({ count: 3 })
  expect(made.state).toBe('assessing')
  await pump.until(all('suspended', [one, two]), 'both give way')
  await pump.until(async () => (await reservations.view(made)).state === 'active', 'an active reservation')
  await here.volumes.terminate(one)
  await pump.until(all('done', [one]), 'its end')
  await reservations.operations.cancelReservation(caller, {
    reservation: made.record.id,
  })
  await pump.until(all('running', [two]), 'the other goes on')
  await pump.until(async () => (await wrongs(here.site)).length === 0, 'nothing is wrong')
})

test.each(['saved', 'off'] as const)(
  'stopped by its owner while it is %s, it stays so until it is started',
  async (how) => {
    const { pump, reservations } = await ground()
    if (how === 'off') {
      await here.site.simulator.admin.lack('sim-1', [{ verb: 'suspend', because: 'no room for memory' }] as never)
      const listed = async () => (await here.site.host('sim-1')).seen.capabilities?.lacks.length !== 0
      await pump.until(listed, 'a host that lacks it')
    }
    const [one = ''] = await here.site.order(1, { lease })
    await pump.until(all('running', [one]), 'a machine')
    const made = await reservations.reserve({ count: 3 })
    const aside = how === 'saved' ? 'suspended' : 'poweroff'
    await pump.until(all(aside, [one]), 'it gives way')
    const order = { ids: [one as ComputeId], already: 'accept' } as const
    await setPower(here.volumes.context, caller, { ...order, to: 'off' })
    await pump.until(async () => (await here.site.compute(one)).place.parked?.released === true, 'its place given back')
    await reservations.operations.cancelReservation(caller, { reservation: made.record.id })
    await pump.until(async () => (await reservations.view(made)).state === 'cancelled', 'room')
    for (let turn = 0; turn < 3; turn += 1) {
      pump.clock.advance(10 * MINUTE)
      await pump.turn()
    }
    expect(await states([one])).toEqual([aside])
    expect(await wrongs(here.site)).toEqual([])
    await setPower(here.volumes.context, caller, { ...order, to: 'on' })
    await pump.until(all('running', [one]), 'its start')
    await pump.until(async () => (await wrongs(here.site)).length === 0, 'nothing is wrong')
  },
)

test('one of a group that keeps its machines apart comes back to where it was, and no other one comes there meanwhile', async () => {
  const { pump, reservations } = await ground()
  const placementGroup = { id: await makeGroup(here.site, APART) }
  const [one = ''] = await here.site.order(1, { lease, placementGroup })
  await pump.until(all('running', [one]), 'a machine')
  const { name } = (await here.site.compute(one)).wish
  await reservations.reserve({ count: 3, endsAt: pump.clock.now() + 10 * MINUTE })
  await pump.until(async () => (await here.site.compute(one)).place.parked?.released === true, 'its place given away')
  const [other = ''] = await here.site.order(1, { placementGroup })
  for (const id of [one, other])
    await pump.until(async () => (await here.site.compute(id)).place.waiting !== null, 'reasons')
  expect(stateMessage(await here.site.compute(one))).not.toContain(name)
  expect((await here.site.compute(other)).place.waiting?.wouldFit).toContain(`anti-affinity with ${name}:`)
  pump.clock.advance(10 * MINUTE)
  await pump.until(all('running', [one]), 'its way back')
  await pump.turn()
  expect(await states([one, other])).toEqual(['running', 'pending'])
})

test('a host that cannot save shuts it down, and starts it again afterwards', async () => {
  const { pump, reservations } = await ground()
  const lacks = [{ verb: 'suspend' as const, because: 'no room for memory' }]
  await here.site.simulator.admin.lack('sim-1', lacks as never)
  const listed = async () =>
    (await here.site.host('sim-1')).seen.capabilities?.lacks.some(({ verb }) => verb === 'suspend')
  await pump.until(async () => (await listed()) === true, 'a host that lacks it')
  const [one = ''] = await here.site.order(1, { lease })
  await pump.until(all('running', [one]), 'a machine')
  const made = await reservations.reserve({ count: 3, endsAt: pump.clock.now() + 10 * MINUTE })
  await pump.until(all('poweroff', [one]), 'it is off')
  expect(stateMessage(await here.site.compute(one))).toContain('it was shut down')
  pump.clock.advance(10 * MINUTE)
  await pump.until(async () => (await reservations.view(made)).state === 'expired', 'its end')
  await pump.until(all('running', [one]), 'it runs again')
})

test('a machine that gives way is not started for less than its saving takes', async () => {
  const { pump, reservations } = await ground()
  const startsAt = pump.clock.now() + 20_000
  await reservations.reserve({ count: 3, startsAt, endsAt: startsAt + 5 * MINUTE })
  const [one = ''] = await here.site.order(1, { lease })
  await pump.until(async () => (await here.site.compute(one)).place.waiting !== null, 'a reason')
  expect(Object.keys((await here.site.compute(one)).place.waiting?.reasons ?? {})).toEqual([
    'its place is reserved for later',
  ])
  pump.clock.advance(MINUTE)
  await pump.turn()
  expect(await states([one])).toEqual(['pending'])
  pump.clock.advance(4 * MINUTE)
  await pump.until(all('running', [one]), 'its turn')
  expect(pump.clock.now()).toBeGreaterThanOrEqual(startsAt + 5 * MINUTE)
})

test.each(['sets out', 'stays'] as const)(
  'one that has its place again in the moment in which it %s keeps it',
  async (does) => {
    await here.exchange({ hosts: 2, capacity: { cpuHundredths: 100, memoryMiB: 8192, diskGiB: 100 } })
    let meanwhile: (() => Promise<void>) | undefined
    const { pump, reservations } = await ground({
      at: async (point, { kind }) => {
        if (point !== 'before:place' || kind !== 'compute') return
        const first = meanwhile
        meanwhile = undefined
        await first?.()
      },
    })
    const [one = ''] = await here.site.order(1, { lease })
    const [firm = ''] = await here.site.order(1)
    await pump.until(all('running', [one, firm]), 'machines')
    const { hostName } = (await here.site.compute(one)).place
    const other = hostName === 'sim-1' ? 'sim-2' : 'sim-1'
    const made = await reservations.reserve({ count: 1 })
    await pump.until(async () => (await here.site.compute(one)).place.parked?.released === true, 'its place given away')
    await here.volumes.terminate(firm)
    await pump.until(all('done', [firm]), 'room on the other host')
    meanwhile = async () => {
      await reservations.operations.cancelReservation(caller, { reservation: made.record.id })
      await reconcilePlacement(here.site.work({ clock: pump.clock }))
      expect((await here.site.compute(one)).place.parked).toBeUndefined()
    }
    if (does === 'stays') await here.site.setHost(other, { enabled: false })
    const to = (await here.site.host(other)).id
    await here.site.wish(one, () => ({ move: { level: 1, to, how: 'cold' } }))
    if (does === 'sets out') {
      await pump.until(async () => (await here.site.compute(one)).place.moving !== undefined, 'its setting out')
      expect((await here.site.compute(one)).place.parked).toBeUndefined()
    }
    await pump.until(async () => (await here.site.compute(one)).seen.moves === 1, 'the end of the order')
    await pump.until(all('running', [one]), 'its place')
    const { place } = await here.site.compute(one)
    expect([meanwhile, place.hostName, place.use]).toEqual([
      undefined,
      does === 'stays' ? hostName : other,
      expect.objectContaining({ since: place.at }),
    ])
    expect(await wrongs(here.site)).toEqual([])
  },
)

test('a worker that dies at any arrow loses and doubles nothing', async () => {
  const arrows = openArrows({ of: ({ kind }) => kind !== 'host', check: () => noneOvercommitted(here.site) })
  const { pump, reservations } = await ground({ at: arrows.at })
  const [one = '', firm = ''] = [...(await here.site.order(1, { lease })), ...(await here.site.order(1))]
  await pump.until(all('running', [one, firm]), 'machines')
  const live = async (dieAt: number): Promise<readonly string[]> => {
    arrows.count(dieAt)
    const startsAt = pump.clock.now() + 30_000
    const made = await reservations.reserve({ count: 2, startsAt, endsAt: startsAt + 30_000 })
    await pump.until(
      async () => (await reservations.view(made)).state === 'active',
      `its beginning, a death at ${dieAt}`,
    )
    await pump.until(async () => (await reservations.view(made)).state === 'expired', `its end, a death at ${dieAt}`)
    await pump.until(
      async () => (await all('running', [one, firm])()) && (await wrongs(here.site)).length === 0,
      `all of it runs, a death at ${dieAt}`,
    )
    await pump.until(async () => (await reservations.wrongs(pump.clock)).length === 0, 'nothing is left')
    return arrows.rest()
  }
  await dieAtFirstAndLast(live, 21)
}, 600_000)

test('one that gives way is released although the queue before it is longer than what is read of it', async () => {
  const hidden = new Set<string>()
  const work: Site['work'] = (...words) => {
    const plain = here.site.work(...words)
    const waiting = async (most: number) => (await plain.store.waiting(most)).filter((id) => !hidden.has(id))
    return { ...plain, store: { ...plain.store, waiting } }
  }
  const { pump, reservations } = await openGround(
    { site: { ...here.site, work }, volumes: here.volumes },
    { hostPollMs: 20_000 },
  )
  const [young = ''] = await here.site.order(1, { lease })
  const [firm = ''] = await here.site.order(2)
  await pump.until(all('running', [young, firm]), 'machines')
  hidden.add(young)
  await reservations.reserve({ count: 1 })
  await pump.until(async () => (await here.site.compute(young)).place.parked?.released === true, 'its place given back')
})
