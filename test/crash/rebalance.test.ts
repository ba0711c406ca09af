/** A plan is made of the site as it is, recorded, and run: each of its machines is moved once, whatever dies on the way. */
import { isRunning, type RebalanceAnswer, type StudyRecord } from '../../src/model/records'
import { openStudies } from '../../src/operations/studies'
import type { StudyOperations } from '../../src/operations/studies/operations'
import { OPERATOR } from '../support/gateways'
import { wrongs } from '../support/invariants'
import { Crash, openPump, type Pump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'
import { openVolumes, type Volumes } from '../support/volumes'

let redis: TestRedis
let site: Site
let volumes: Volumes
let operations: StudyOperations
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  const capacity = { cpuHundredths: 1000, memoryMiB: 8192, diskGiB: 100 }
  site = await startSite({ redis, hosts: 3, capacity })
  volumes = await openVolumes(site)
  operations = openStudies(volumes.context)
})
afterEach(async () => {
  await volumes.close()
  await site.close()
})

const allWell = async () => (await wrongs(site)).length === 0
const on = async (host: string) => (await site.store.readAll('compute')).filter(({ place }) => place.hostName === host)
const read = async (id: string): Promise<StudyRecord> => {
  const study = await site.store.read('study', id)
  if (!study) throw new Error('no study')
  return study
}
const answerOf = async (id: string): Promise<RebalanceAnswer> => {
  const answer = (await read(id)).seen?.answer
  if (answer?.kind !== 'rebalance') throw new Error('no plan')
  return answer
}

/** Nine machines on sim-1, none elsewhere. */
async function uneven(pump: Pump): Promise<void> {
  await pump.until(async () => (await site.store.readAll('host')).every(({ seen }) => seen.contact === 'ok'), 'hosts')
  for (const other of ['sim-2', 'sim-3']) await site.setHost(other, { enabled: false })
  await site.order(9)
  await pump.until(async () => (await on('sim-1')).length === 9 && (await allWell()), 'nine machines')
  for (const other of ['sim-2', 'sim-3']) await site.setHost(other, { enabled: true })
}

async function planned(pump: Pump, goal: 'balance' | 'pack' = 'balance'): Promise<string> {
  const { id } = await operations.studyRebalance(OPERATOR, { goal })
  await pump.until(async () => (await read(id)).seen !== null, 'a plan')
  return id
}

const isOver = async (id: string) => (await read(id)).seen?.endedAt !== undefined
const movesDone = async () => {
  const { hosts } = await site.simulator.admin.snapshot()
  return hosts
    .flatMap((host) => Object.values(host.resources))
    .map(({ effects }) => effects.move ?? 0)
    .reduce((sum, one) => sum + one, 0)
}

async function rebalanced(options: PumpOptions = {}): Promise<void> {
  const pump = openPump(site, options)
  await uneven(pump)
  const id = await planned(pump)
  const plan = await answerOf(id)
  expect(plan).toMatchObject({ before: { largest: 0.9, used: 1 }, after: { largest: 0.3, used: 3 } })
  expect(plan.moves).toHaveLength(6)
  expect(plan.moves[0]).toMatchObject({
    ...{ fromName: 'sim-1', how: 'live', seconds: 5.12, state: 'planned' },
    gain: expect.closeTo(0.1),
  })
  expect(await movesDone()).toBe(0)
  await operations.runStudy(OPERATOR, id)
  await pump.until(async () => (await isOver(id)) && (await allWell()), 'the end of the plan')
  expect((await answerOf(id)).moves.map(({ state }) => state)).toEqual(Array(6).fill('done'))
  expect(await movesDone()).toBe(6)
  for (const host of ['sim-1', 'sim-2', 'sim-3']) expect(await on(host)).toHaveLength(3)
}

test('a plan to balance is shown with cost and gain, moves nothing until it is run, and then what it says', async () => {
  await rebalanced()
}, 120_000)

test('a worker that dies at arrows of its jobs loses and doubles nothing', async () => {
  const killing = new Set([1, 3, 6, 10, 15, 21, 28, 36])
  let points = 0
  await rebalanced({
    at: (point, ref) => {
      if (ref.kind !== 'study' && ref.kind !== 'relocation') return
      points += 1
      if (killing.has(points)) throw new Crash(`${point} ${ref.kind}`)
    },
  })
}, 120_000)

test('one plan runs at a time; cancelled, what is on its way arrives and nothing else is ordered', async () => {
  const pump = openPump(site)
  await uneven(pump)
  const [first, second] = [await planned(pump), await planned(pump)]
  await operations.runStudy(OPERATOR, first)
  await expect(operations.runStudy(OPERATOR, second)).rejects.toMatchObject({ kind: 'state' })
  await expect(operations.runStudy(OPERATOR, first)).rejects.toMatchObject({ kind: 'state' })
  await pump.until(async () => (await on('sim-1')).some(({ place }) => place.moving), 'the first move')
  await operations.cancelStudy(OPERATOR, first)
  await pump.until(async () => (await isOver(first)) && (await allWell()), 'its end')
  const states = (await answerOf(first)).moves.map(({ state }) => state)
  expect(states.filter((state) => state === 'done').length).toBe(await movesDone())
  expect(states).toContain('cancelled')
  await expect(operations.cancelStudy(OPERATOR, first)).rejects.toMatchObject({ kind: 'state' })
}, 120_000)

test('a move that is refused is told and not tried for ever; what was moved otherwise is so told', async () => {
  const pump = openPump(site)
  await uneven(pump)
  const id = await planned(pump)
  const [moved] = (await answerOf(id)).moves
  const other = moved?.toName === 'sim-2' ? 'sim-3' : 'sim-2'
  const to = (await site.host(other)).id
  await site.wish(moved?.machine ?? '', () => ({ move: { level: 1, to, how: 'live' } }))
  await pump.until(async () => (await site.compute(moved?.machine ?? '')).place.hostName === other, 'another move')
  await site.simulator.admin.refuse({ verb: 'move', host: 'sim-1', times: 99 })
  await operations.runStudy(OPERATOR, id)
  await pump.until(() => isOver(id), 'its end')
  const { moves } = await answerOf(id)
  expect(moves[0]).toMatchObject({ state: 'elsewhere', message: 'it was moved otherwise' })
  expect(new Set(moves.slice(1).map(({ state }) => state))).toEqual(new Set(['refused']))
  expect(moves[1]?.message).toMatch(/^it was not moved/)
  expect(isRunning(await read(id))).toBe(false)
}, 120_000)

test('it is forgotten an hour after it was made, when it was not run', async () => {
  const pump = openPump(site)
  const id = await planned(pump)
  expect((await answerOf(id)).moves).toEqual([])
  pump.clock.advance(60 * 60_000)
  await pump.until(async () => (await site.store.read('study', id)) === undefined, 'it to be forgotten')
})

test('what if a host dies, is drained, or two come: answered by placement itself, and nothing is changed', async () => {
  const pump = openPump(site)
  await uneven(pump)
  const asked = async (ask: Parameters<StudyOperations['studyWhatIf']>[1]) => {
    const { id } = await operations.studyWhatIf(OPERATOR, ask)
    await pump.until(async () => (await read(id)).seen !== null, 'an answer')
    const answer = (await read(id)).seen?.answer
    if (answer?.kind !== 'whatif') throw new Error('no answer')
    return answer
  }
  const dead = await asked({ lose: ['sim-1'] })
  expect(dead).toMatchObject({ hosts: { before: 3, after: 2 }, counts: { move: 0, stay: 9, wait: 0, unfit: 0 } })
  expect(dead.stay[0]).toMatchObject({
    from: 'sim-1',
    to: null,
    because: expect.stringContaining('on that host alone'),
  })
  const drained = await asked({ drain: ['sim-1'] })
  expect(drained).toMatchObject({ counts: { move: 9, stay: 0, wait: 0, unfit: 0 } })
  expect(drained.move[0]).toMatchObject({ from: 'sim-1', to: expect.stringMatching(/^sim-[23]$/) })
  const tight = await asked({ drain: ['sim-1', 'sim-2', 'sim-3'], add: [{ like: 'sim-1', count: 2 }] })
  expect(tight).toMatchObject({ hosts: { before: 3, after: 2 }, counts: { move: 9 } })
  expect(tight.move[0]?.to).toMatch(/^like sim-1 \([12]\)$/)
  expect(await on('sim-1')).toHaveLength(9)
}, 60_000)
