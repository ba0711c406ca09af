import { NOBODY } from '../../src/store/store'
import { SHARES } from '../../workers/worker'
import { openPump, type Pump } from '../support/pump'
import { PROJECT, type Site, startSite } from '../support/site'

let site: Site
let pump: Pump
let id = ''
beforeEach(async () => {
  site = await startSite({ hosts: 1 })
  pump = openPump(site)
  id = (await site.order(1))[0] ?? ''
  await pump.until(site.is(id, 'running'), 'running')
})
afterEach(() => site.close())

const consoleOf = () => site.store.read('console', id)

/** As the operation does it. */
async function ask(asked: number): Promise<void> {
  const now = pump.clock.now()
  const wish = { asked, createdAt: now, askedAt: now }
  const ref = { kind: 'console', id } as const
  const known = await consoleOf()
  const entry = known
    ? { updates: [{ ref, project: PROJECT, generation: known.generation, wish, raisePhase: false, wake: true }] }
    : { creates: [{ ref, project: PROJECT, wish, seen: null, journal: null, place: null, wake: true }] }
  await site.store.change({ operationId: `ask-${id}-${asked}`, actor: NOBODY, what: 'ask-console', ...entry }, now)
}
const answered = (asked: number) => async () => ((await consoleOf())?.seen?.asked ?? 0) >= asked

test('shows what the guest said, and the machine is left alone', async () => {
  const { name } = (await site.compute(id)).wish
  await site.simulator.admin.guestSays('sim-1', name, 'hello from the guest')
  const before = await site.compute(id)
  await ask(1)
  await pump.until(answered(1), 'a look')
  expect((await consoleOf())?.seen?.text).toContain('hello from the guest')
  expect((await site.compute(id)).epoch).toEqual(before.epoch)
  await site.simulator.admin.guestSays('sim-1', name, 'and again')
  await ask(2)
  await pump.until(answered(2), 'another look')
  expect((await consoleOf())?.seen?.text).toMatch(/hello from the guest\n[\s\S]*and again/)
})

test('a project whose looks take all of its places waits with the next, and no longer than anybody waits for it', async () => {
  const { shares } = site.work({})
  const looked: string[] = []
  pump = openPump(site, { shares, at: (point, ref) => void (ref.kind === 'console' && looked.push(point)) })
  const places = Array.from({ length: SHARES.console }, () => shares.take('console', PROJECT))
  await ask(1)
  const settled = () => looked.filter((point) => point === 'after:settle').length
  await pump.until(async () => settled() > 1, 'it to have come again')
  expect(looked).not.toContain('before:look')
  places[0]?.release()
  await pump.until(answered(1), 'a look')
  places.push(shares.take('console', PROJECT))
  await ask(2)
  pump.clock.advance(61_000)
  const before = settled()
  await pump.until(async () => settled() > before, 'its being given up')
  pump.clock.advance(60_000)
  await pump.turn()
  expect([settled(), await answered(2)()]).toEqual([before + 1, false])
})

test('what was said is kept when the machine is gone, for an hour', async () => {
  await site.simulator.admin.guestSays('sim-1', (await site.compute(id)).wish.name, 'last words')
  await ask(1)
  await pump.until(answered(1), 'a look')
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'its end')
  await ask(2)
  await pump.until(answered(2), 'an answer')
  expect((await consoleOf())?.seen?.text).toContain('last words')
  pump.clock.advance(61 * 60_000)
  await pump.until(async () => (await consoleOf()) === undefined, 'its being forgotten')
})
