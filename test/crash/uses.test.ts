/**
 * A worker dies before and after each arrow while a machine is placed, resized, moved and ended, and while it gives way to a reservation.
 * What it was counted as is told without a gap, without an overlap, each use once: from its first place to the end of its last.
 */
import type { Use } from '../../src/model/accounts'
import { monthOf } from '../../src/model/providers/money'
import { resizeCompute } from '../../src/operations/modify/resize-compute'
import { usesOf } from '../../src/store/single-uses'
import { dieAtFirstAndLast, openArrows } from '../support/arrows'
import { useCrashSite } from '../support/crash-site'
import { openPump, type Pump } from '../support/pump'
import { openSiteReservations } from '../support/reservations'
import { caller } from '../support/volumes'

const MINUTE = 60_000
const here = useCrashSite({ hosts: 2, capacity: { cpuHundredths: 300, memoryMiB: 8192, diskGiB: 100 } })

/** What is kept of it, in the order of its begins. */
async function usesOfMachine(id: string, pump: Pump): Promise<readonly Use[]> {
  const now = pump.clock.now()
  const all = await usesOf(here.site.store, monthOf(now - 86_400_000), [], now)
  const next = await usesOf(here.site.store, monthOf(now), [], now)
  const known = new Map([...all, ...next].filter((use) => use.id === id).map((use) => [JSON.stringify(use), use]))
  return [...known.values()].toSorted((a, b) => a.from - b.from)
}

/** How often it is in the list itself: a reader that takes two for one would hide a second one. */
async function linesOf(id: string, pump: Pump): Promise<number> {
  const lines = await here.site.store.used(monthOf(pump.clock.now()), 0, 10_000)
  return lines.filter((use) => use.id === id).length
}

const gapless = (uses: readonly Use[]): boolean =>
  uses.every(({ from }, at) => at === 0 || uses[at - 1]?.until === from)

/** A machine's life with a death at that arrow of it; answers all that it passed. */
async function live(dieAt: number): Promise<readonly string[]> {
  const arrows = openArrows({ of: ({ kind }) => kind !== 'host' })
  const pump = openPump(here.site, { hostPollMs: 20_000, at: arrows.at })
  await pump.until(here.site.answering, 'hosts')
  arrows.count(dieAt)
  const [id = ''] = await here.site.order(1)
  await pump.until(here.site.is(id, 'running'), `it runs, a death at ${dieAt}`)
  const { place } = await here.site.compute(id)
  expect(place.use).toMatchObject({ type: 't2.nano', cores: 1, memoryMiB: 512, since: place.at })
  await here.site.wish(id, () => ({ power: 'off' }))
  await pump.until(here.site.is(id, 'poweroff'), 'it is off')
  const to = (await here.site.host(place.hostName === 'sim-1' ? 'sim-2' : 'sim-1')).id
  await here.site.wish(id, () => ({ move: { level: 1, to, how: 'cold' } }))
  await pump.until(async () => (await here.site.compute(id)).place.host === to, `it is moved, a death at ${dieAt}`)
  await here.site.wish(id, () => ({ exists: false }))
  await pump.until(here.site.is(id, 'done'), `it is gone, a death at ${dieAt}`)
  const passed = arrows.rest()
  const uses = await usesOfMachine(id, pump)
  expect(uses.map(({ hostName, from }) => [hostName, from])).toEqual([
    [place.hostName, place.at],
    [place.hostName === 'sim-1' ? 'sim-2' : 'sim-1', uses[0]?.until],
  ])
  expect(await linesOf(id, pump)).toBe(2)
  expect(uses.at(-1)?.until).not.toBeNull()
  return passed
}

test('placed, moved and ended: two uses without a gap, whenever a worker dies', async () => {
  await dieAtFirstAndLast(live, 21, (name) => /place|result|settle|intent/.test(name))
}, 600_000)

test('what gave its cores and memory away is not counted until it is back', async () => {
  const pump = openPump(here.site, { hostPollMs: 20_000 })
  await here.site.setHost('sim-2', { enabled: false })
  const reservations = await openSiteReservations(here.site, here.volumes, pump.clock)
  await pump.until(here.site.answering, 'hosts')
  const [id = ''] = await here.site.order(1, { lease: { preemptible: true } })
  await pump.until(here.site.is(id, 'running'), 'a machine')
  const began = (await here.site.compute(id)).place.at
  const made = await reservations.reserve({ count: 3, endsAt: pump.clock.now() + 10 * MINUTE })
  const released = async () => (await here.site.compute(id)).place.parked?.released === true
  await pump.until(released, 'its place given back')
  expect((await here.site.compute(id)).place.use).toBeUndefined()
  const [first] = await usesOfMachine(id, pump)
  expect(first).toMatchObject({ from: began, hostName: 'sim-1' })
  pump.clock.advance(10 * MINUTE)
  await pump.until(async () => (await reservations.view(made)).state === 'expired', 'its end')
  await pump.until(here.site.is(id, 'running'), 'it goes on')
  const { use } = (await here.site.compute(id)).place
  expect((use?.since ?? 0) - (first?.until ?? 0)).toBeGreaterThan(9 * MINUTE)
  expect(await linesOf(id, pump)).toBe(1)
})

test('another type: the former use ends as the next begins, on the same host', async () => {
  const pump = openPump(here.site, { hostPollMs: 20_000 })
  await openSiteReservations(here.site, here.volumes, pump.clock)
  await pump.until(here.site.answering, 'hosts')
  const [id = ''] = await here.site.order(1)
  await pump.until(here.site.is(id, 'running'), 'a machine')
  await here.site.wish(id, () => ({ power: 'off' }))
  await pump.until(here.site.is(id, 'poweroff'), 'it is off')
  const context = { ...here.volumes.context, clock: pump.clock }
  await here.volumes.mirror.fresh(caller.project)
  await resizeCompute(context, caller, { id: id as never, cores: 2, memoryMiB: 1024 })
  const { use } = (await here.site.compute(id)).place
  expect(use).toMatchObject({ type: '', cores: 2, memoryMiB: 1024 })
  await here.volumes.terminate(id)
  await pump.until(here.site.is(id, 'done'), 'its end')
  const uses = await usesOfMachine(id, pump)
  expect(uses.map(({ type, cores, memoryMiB }) => [type, cores, memoryMiB])).toEqual([
    ['t2.nano', 1, 512],
    ['', 2, 1024],
  ])
  expect(gapless(uses)).toBe(true)
})
