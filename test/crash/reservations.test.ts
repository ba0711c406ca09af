/**
 * A worker dies before and after each arrow while reservations begin, end, are cancelled and lose a host. A fresh one takes over. At no
 * moment is more promised than there is; at the end each reservation holds what it should, and nothing is left of those that are over.
 */

import { LONG_SILENT_MS } from '../../src/model/host-records'
import type { ReservationChange } from '../../src/operations/reservations/operations'
import { dieAtEach, openArrows } from '../support/arrows'
import { type Ground, openGround, useCrashSite } from '../support/crash-site'
import type { PumpOptions } from '../support/pump'
import { SIZE } from '../support/reservations'
import { caller } from '../support/volumes'

const HOUR = 3_600_000
/** Five hosts, so that there are two in local-1a: sim-1 and sim-5. */
const here = useCrashSite({ hosts: 5, capacity: { cpuHundredths: 400, memoryMiB: 8192, diskGiB: 100 } })
const ground = (options: PumpOptions = {}): Promise<Ground> => openGround(here, options)

const placed = async (ids: readonly string[]) =>
  (await Promise.all(ids.map((id) => here.site.compute(id)))).flatMap(({ place }) =>
    place.host === null ? [] : [`${place.hostName}${place.reservation ? ' reserved' : ''}`],
  )
const waiting = async (id: string) => Object.keys((await here.site.compute(id)).place.waiting?.reasons ?? {})

test('what is reserved is kept for its project: matching machines take it, then it is free again', async () => {
  const { pump, reservations } = await ground()
  const made = await reservations.reserve({ count: 8 })
  expect(await reservations.on(made)).toEqual(['sim-1:4', 'sim-5:4'])
  const [other = ''] = await here.site.order(1, { zone: 'local-1a', size: { ...SIZE, type: 'm1.small' } })
  await pump.until(async () => (await waiting(other)).length > 0, 'a reason to wait')
  expect(await waiting(other)).toContain('not enough CPU')
  const machines = await here.site.order(8)
  await pump.until(async () => (await placed(machines)).length === 8, 'places')
  expect((await placed(machines)).toSorted()).toEqual([
    ...Array.from({ length: 4 }, () => 'sim-1 reserved'),
    ...Array.from({ length: 4 }, () => 'sim-5 reserved'),
  ])
  expect(await reservations.view(made)).toMatchObject({ state: 'active', used: 8 })
  await here.volumes.terminate(machines[0] ?? '')
  await pump.until(async () => (await reservations.view(made)).used === 7, 'a free place')
  const [again = ''] = await here.site.order(1)
  await pump.until(async () => (await placed([again])).length === 1, 'its place')
  expect(await placed([again])).toEqual([expect.stringMatching(/reserved$/)])
  expect(await placed([other])).toEqual([])
  await reservations.operations.cancelReservation(caller, { reservation: made.record.id })
  // Machines in its places keep them.
  await pump.until(async () => (await reservations.wrongs(pump.clock)).length === 0, 'nothing of it is held')
  expect(await placed([other])).toEqual([])
  expect(await placed([again])).toHaveLength(1)
})

test('a reservation for later: it is kept free until then, and given back at its end', async () => {
  const { pump, reservations } = await ground()
  const startsAt = pump.clock.now() + HOUR
  const made = await reservations.reserve({ count: 8, startsAt, endsAt: startsAt + HOUR })
  expect(made.state).toBe('scheduled')
  const [ordinary = '', elsewhere = ''] = [
    ...(await here.site.order(1, { zone: 'local-1a', capacity: { use: 'none' } })),
    ...(await here.site.order(1, { zone: 'local-1b' })),
  ]
  const target = { capacity: { use: 'only' as const, reservation: made.record.id } }
  const [targeted = ''] = await here.site.order(1, target)
  await pump.until(async () => (await placed([elsewhere])).length === 1, 'a place elsewhere')
  expect(await waiting(ordinary)).toContain('its place is reserved for later')
  expect(await waiting(targeted)).toContain('no free place of its reservation')
  pump.clock.advance(HOUR)
  await pump.until(async () => (await placed([targeted])).length === 1, 'its place')
  expect(await reservations.view(made)).toMatchObject({ state: 'active', used: 1 })
  expect(await placed([ordinary])).toEqual([])
  pump.clock.advance(HOUR)
  await pump.until(async () => (await placed([ordinary])).length === 1, 'the place that it waited for')
  expect(await reservations.view(made)).toMatchObject({ state: 'expired' })
  expect(await reservations.wrongs(pump.clock)).toEqual([])
  pump.clock.advance(2 * HOUR)
  await pump.until(async () => (await here.site.store.readAll('reservation')).length === 0, 'it is forgotten')
})

test('one of which places are missing is changed for all that, but it is not made larger; what is left is looked for', async () => {
  const { pump, reservations } = await ground()
  const made = await reservations.reserve({ count: 6 })
  expect(await reservations.on(made)).toEqual(['sim-1:4', 'sim-5:2'])
  await here.site.simulator.admin.vanish('sim-1')
  pump.clock.advance(LONG_SILENT_MS)
  await pump.until(async () => (await reservations.on(made)).join() === 'sim-5:4', 'the loss of two of its places')
  const change = (what: Omit<ReservationChange, 'reservation'>) =>
    reservations.operations.changeReservation(caller, { reservation: made.record.id, ...what })
  await expect(change({ count: 7 })).rejects.toMatchObject({ kind: 'no-capacity' })
  const endsAt = pump.clock.now() + HOUR
  expect((await change({ count: 6, endsAt, title: 'less' })).record.wish).toMatchObject({
    count: 6,
    endsAt,
    title: 'less',
  })
  expect((await change({ match: 'targeted' })).record.wish).toMatchObject({ count: 6, match: 'targeted' })
  expect((await change({ count: 5 })).record.wish.count).toBe(5)
  expect(await reservations.on(made)).toEqual(['sim-5:4'])
  await change({ count: 2 })
  expect(await reservations.on(made)).toEqual(['sim-5:2'])
  await change({ count: 4 })
  expect(await reservations.on(made)).toEqual(['sim-5:4'])
  pump.clock.advance(HOUR)
  await pump.until(async () => (await reservations.on(made)).length === 0, 'its new end')
  expect(await reservations.wrongs(pump.clock)).toEqual([])
})

interface Story {
  readonly name: string
  /** Answers what holds at its end. */
  happen(ground: Ground): Promise<() => Promise<boolean>>
}

const STORIES: readonly Story[] = [
  {
    name: 'an end',
    async happen({ pump, reservations }) {
      const made = await reservations.reserve({ count: 3, endsAt: pump.clock.now() + HOUR })
      pump.clock.advance(HOUR)
      return async () => (await reservations.on(made)).length === 0
    },
  },
  {
    name: 'a cancellation',
    async happen({ reservations }) {
      const made = await reservations.reserve({ count: 3 })
      await reservations.operations.cancelReservation(caller, { reservation: made.record.id })
      const over = async () => (await reservations.view(made)).record.seen.goneAt !== null
      return async () => (await over()) && (await reservations.on(made)).length === 0
    },
  },
  {
    name: 'a host that is lost',
    async happen({ pump, reservations }) {
      const made = await reservations.reserve({ count: 3 })
      expect(await reservations.on(made)).toEqual(['sim-1:3'])
      await here.site.simulator.admin.vanish('sim-1')
      pump.clock.advance(LONG_SILENT_MS)
      return async () => (await reservations.on(made)).join() === 'sim-5:3'
    },
  },
]

test.each(STORIES)(
  '$name, with a worker that dies at any arrow of it',
  async (story) => {
    const arrows = openArrows({ of: ({ kind }) => kind === 'reservation' })
    const there = await ground({ at: arrows.at })
    const { pump, reservations } = there
    const live = async (dieAt: number): Promise<readonly string[]> => {
      arrows.count(dieAt)
      const isThrough = await story.happen(there)
      const right = async () => (await isThrough()) && (await reservations.wrongs(pump.clock)).length === 0
      await pump.until(right, `${story.name}, a death at ${dieAt}`)
      const passed = arrows.rest()
      await here.site.simulator.admin.giveBack('sim-1')
      for (const { record, state } of await reservations.operations.listReservations(caller))
        if (state !== 'expired') await reservations.operations.cancelReservation(caller, { reservation: record.id })
      const answers = async () => (await here.site.host('sim-1')).seen.contact === 'ok'
      await pump.until(async () => (await answers()) && (await reservations.wrongs(pump.clock)).length === 0, 'rest')
      return passed
    }
    await dieAtEach(live, 5)
  },
  300_000,
)
