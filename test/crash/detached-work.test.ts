import { wrongs } from '../support/invariants'
import { Crash, openPump } from '../support/pump'
import { type Site, startSite } from '../support/site'

let site: Site
beforeEach(async () => {
  site = await startSite({ hosts: 2 })
})
afterEach(() => site.close())

const workOn = async (id: string) => (await site.found((await site.compute(id)).wish.name))[0]?.sighting.work ?? null

/** A pump whose worker dies the first time it comes behind an effect; the simulator's time goes with it. */
function dying() {
  let died = false
  const pump = openPump(site, {
    at: (point, ref) => {
      if (point !== 'after:act' || ref.kind !== 'compute' || died) return
      died = true
      throw new Crash(point)
    },
  })
  const goOn = async (ms: number) => {
    await site.simulator.admin.advance(ms)
    pump.clock.advance(ms)
  }
  return { pump, goOn }
}

test('a copy that outlives its worker is adopted, and made once', async () => {
  await site.simulator.admin.duration({ verb: 'disk.ensure', ms: 60_000 })
  const { pump, goOn } = dying()
  const [id = ''] = await site.order(1)
  await pump.until(async () => (await workOn(id)) !== null, 'a copy under way')
  const key = (await workOn(id))?.key
  // A newer claim looks, sees it under way and waits.
  const { epoch } = await site.compute(id)
  await pump.until(async () => (await site.compute(id)).epoch.number > epoch.number, 'a newer claim')
  expect((await workOn(id))?.key).toBe(key)
  expect((await site.compute(id)).journal.intent).toMatchObject({ key, attempt: 1 })
  await goOn(60_000)
  await pump.until(site.is(id, 'running'), 'a running machine')
  const [found] = await site.found((await site.compute(id)).wish.name)
  expect(found?.effects['disk.ensure']).toBe(1)
  expect(await wrongs(site)).toEqual([])
})

test('a copy that nobody wants any more is ended before anything else is done', async () => {
  await site.simulator.admin.duration({ verb: 'disk.ensure', ms: 3_600_000 })
  const { pump } = dying()
  const [id = ''] = await site.order(1)
  await pump.until(async () => (await workOn(id)) !== null, 'a copy under way')
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'its end')
  expect(await wrongs(site)).toEqual([])
})

test('a worker that dies between ending work and writing that down', async () => {
  await site.simulator.admin.duration({ verb: 'power', ms: 3_600_000 })
  let acts = 0
  const pump = openPump(site, {
    at: (point, ref) => {
      if (point !== 'after:act' || ref.kind !== 'compute') return
      acts += 1
      // disk, network, define, power on, asking to stop, then the end of that.
      if (acts === 6) throw new Crash(point)
    },
  })
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'a running machine')
  await site.wish(id, () => ({ power: 'off' }))
  await pump.until(async () => (await workOn(id)) !== null, 'a guest that is asked')
  await site.wish(id, () => ({ how: 'hard' }))
  await pump.until(site.is(id, 'poweroff'), 'power off')
  expect(acts).toBeGreaterThan(6)
  expect(await wrongs(site)).toEqual([])
})

test('a save that outlives its worker', async () => {
  await site.simulator.admin.duration({ verb: 'save', ms: 30_000 })
  const { pump, goOn } = dying()
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'a running machine')
  await site.wish(id, () => ({ power: 'suspended' }))
  await pump.until(async () => (await workOn(id)) !== null, 'a save under way')
  await goOn(30_000)
  await pump.until(site.is(id, 'suspended'), 'a suspended machine')
  expect(await wrongs(site)).toEqual([])
})
