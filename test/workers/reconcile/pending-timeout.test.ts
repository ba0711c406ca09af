/** What waits: its turn, for how long its project lets it, what it becomes then, and that it holds up nobody. */
import { randomUUID } from 'node:crypto'
import { stateReason } from '../../../src/ec2/show/state-reason'
import { ec2State, lifecycle, occiState, stateMessage } from '../../../src/model/lifecycle'
import { NOBODY } from '../../../src/store/store'
import { openPump, type Pump } from '../../support/pump'
import { startRedis, type TestRedis } from '../../support/redis'
import { PROJECT, type Site, startSite } from '../../support/site'

let redis: TestRedis
let site: Site
let pump: Pump
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  const capacity = { cpuHundredths: 400, memoryMiB: 4096, diskGiB: 100 }
  site = await startSite({ redis, hosts: 2, capacity })
  pump = openPump(site)
})
afterEach(() => site.close())

const size = (cores: number) => ({ type: '', cores, cpuHundredths: cores * 100, memoryMiB: 512, diskGiB: 1 })

async function letWait(seconds: number): Promise<void> {
  const project = await site.store.read('project', PROJECT)
  if (!project) throw new Error('no project')
  const ref = { kind: 'project', id: PROJECT } as const
  const wish = { ...project.wish, pendingTimeout: seconds }
  const update = { ref, project: PROJECT, generation: project.generation, wish, raisePhase: false, wake: false }
  await site.store.change({ operationId: randomUUID(), actor: NOBODY, what: 'set-project', updates: [update] }, 1)
}

test('it fails with its reasons once it has waited for as long as its project lets it, and waits no more', async () => {
  await letWait(120)
  const [id = ''] = await site.order(1, { size: size(5) })
  await pump.until(async () => (await site.compute(id)).place.waiting !== null, 'reasons')
  const since = (await site.compute(id)).place.waiting?.since ?? 0
  await pump.until(site.is(id, 'failed'), 'it to be given up')
  const record = await site.compute(id)
  expect(pump.clock.now() - since).toBeGreaterThanOrEqual(120_000)
  expect(pump.clock.now() - since).toBeLessThan(140_000)
  const why = 'it waited for a place for 2 min, as long as its project lets a machine wait: not enough CPU (2 hosts)'
  expect(stateMessage(record)).toBe(why)
  expect([occiState(record), ec2State(record).name]).toEqual(['error', 'pending'])
  expect(stateReason(record)).toEqual({ Code: 'Server.InsufficientInstanceCapacity', Message: why })
  await pump.until(async () => (await site.store.waiting(10)).length === 0, 'an empty waiting list')
  await pump.until(async () => (await site.store.agendaSize()) === 2, 'rest: hosts alone')
})

test('an operator has it wait anew, for as long again; room that came meanwhile is its', async () => {
  await letWait(60)
  const ids = await site.order(2, { size: size(5) })
  for (const id of ids) await pump.until(site.is(id, 'failed'), 'both to be given up')
  await pump.until(async () => (await site.store.waiting(10)).length === 0, 'an empty waiting list')
  const [first = '', second = ''] = ids
  await site.wish(first, ({ retries }) => ({ retries: retries + 1 }))
  await pump.until(site.is(first, 'pending'), 'it to wait')
  const resumed = pump.clock.now()
  await pump.until(site.is(first, 'failed'), 'it to be given up again')
  expect(pump.clock.now() - resumed).toBeGreaterThanOrEqual(59_000)
  await site.wish(second, ({ retries }) => ({ retries: retries + 1, size: size(1) }))
  await pump.until(site.is(second, 'running'), 'it to run')
  expect((await site.compute(second)).place.waiting).toBeNull()
})

test('one that was given up can be deleted, and is gone', async () => {
  await letWait(60)
  const [id = ''] = await site.order(1, { size: size(5) })
  await pump.until(site.is(id, 'failed'), 'it to be given up')
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'its end')
  expect(await site.store.waiting(10)).toEqual([])
})

test('without that setting it waits as long as it takes', async () => {
  const [id = ''] = await site.order(1, { size: size(5) })
  await pump.until(async () => (await site.compute(id)).place.waiting !== null, 'reasons')
  pump.clock.advance(30 * 24 * 3_600_000)
  for (let turns = 0; turns < 5; turns += 1) await pump.turn()
  expect(lifecycle(await site.compute(id))).toBe('pending')
})

test('bad machines before it in the queue delay none: of each sort one, and each says what is the matter', async () => {
  const wrong = { own: { requirements: 'RACK = "none"' } }
  const bad = [
    ...(await site.order(1, { size: size(5) })),
    ...(await site.order(1, { zone: 'nowhere' })),
    ...(await site.order(1, { placement: wrong })),
    ...(await site.order(40, { size: size(5) })),
  ]
  const good = await site.order(4)
  for (const id of good) await pump.until(site.is(id, 'running'), 'the good ones')
  const told = async () => (await Promise.all(bad.map((id) => site.compute(id)))).every(({ place }) => place.waiting)
  await pump.until(told, 'reasons')
  const said = await Promise.all(bad.map(async (id) => stateMessage(await site.compute(id)) ?? ''))
  expect(said[0]).toBe('waits for a place: not enough CPU (2 hosts); no host is large enough')
  expect(said[1]).toMatch(/in another zone \(2 hosts\).*; 1 wait before it$/)
  expect(said[2]).toMatch(/does not meet its requirements \(2 hosts\).*; 2 wait before it$/)
  // Those of one order wait since the same moment, in some order.
  const turns = said.slice(3).map((one) => /; (about )?(\d+) wait before it$/.exec(one)?.slice(1).join('') ?? '')
  const exact = ['3', '4', '5', '6', '7', '8', '9']
  const about = (tens: string, many: number) => Array(many).fill(`about ${tens}`)
  expect(turns.toSorted()).toEqual(
    [...exact, ...about('10', 5), ...about('20', 10), ...about('30', 10), ...about('40', 8)].toSorted(),
  )
})
