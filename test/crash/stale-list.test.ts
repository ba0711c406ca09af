import { reconcile } from '../../workers/reconcile/dispatch'
import { openFreezer } from '../support/freezer'
import { wrongs } from '../support/invariants'
import { openPump, type Pump } from '../support/pump'
import { type Site, startSite } from '../support/site'

let site: Site
let pump: Pump
beforeEach(async () => {
  site = await startSite({ hosts: 1 })
  pump = openPump(site)
})
afterEach(() => site.close())

/** A host job that has its list in hand and has not written it yet. */
async function listInHand() {
  const freezer = openFreezer('after:list', 'host')
  const { id } = await site.host('sim-1')
  const job = reconcile(site.work({ at: freezer.at, clock: pump.clock }), { kind: 'host', id })
  await freezer.frozen
  return { thaw: freezer.thaw, job }
}

test('a list that saw a guest stopped by itself does not undo the start that came since', async () => {
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'a running machine')
  const { name } = (await site.compute(id)).wish
  await site.simulator.admin.guestStops('sim-1', name)
  const { thaw, job } = await listInHand()
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(async () => (await site.found(name))[0]?.sighting.domain === 'running', 'a running domain')
  await pump.until(site.is(id, 'running'), 'a running machine')
  const before = await site.compute(id)
  thaw()
  await job
  expect((await site.compute(id)).seen).toEqual(before.seen)
  expect(await wrongs(site)).toEqual([])
})

test('a list from before its creation does not show it as nothing, nor is it made twice', async () => {
  const { thaw, job } = await listInHand()
  await pump.turn()
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'a running machine')
  thaw()
  await job
  await pump.until(site.is(id, 'running'), 'a running machine')
  const [found] = await site.found((await site.compute(id)).wish.name)
  expect(found?.effects).toMatchObject({ 'disk.ensure': 1, 'power.on': 1 })
})

test('a list from before its end makes no leftover of what is gone', async () => {
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'a running machine')
  const { thaw, job } = await listInHand()
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'its end')
  thaw()
  await job
  await pump.until(site.is(id, 'done'), 'its end still')
  expect(await wrongs(site)).toEqual([])
  expect((await site.host('sim-1')).seen.orphans).toEqual([])
})
