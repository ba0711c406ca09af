import { pino } from 'pino'
import { fault } from '../../../src/faults'
import type { Kind, Ref } from '../../../src/model/ids'
import type { Store } from '../../../src/store/store'
import { type Sweeper, startSweeping } from '../../../workers/reconcile/sweep'
import type { Work } from '../../../workers/reconcile/work'
import { until } from '../../support/until'

let sweeper: Sweeper | undefined
afterEach(() => sweeper?.stop())

const compute = (id: string): Ref => ({ kind: 'compute', id })
const SERVED: ReadonlySet<Kind> = new Set(['compute'])

/** A sweeper over an agenda that gives what is listed, call by call. */
function sweeping(
  due: readonly (readonly Ref[] | Error)[],
  add: (refs: readonly Ref[]) => Promise<void>,
  failing: (ref: Ref) => Error | undefined = () => undefined,
) {
  const other: Ref[] = []
  let calls = 0
  const sweep = async () => {
    const now = due[calls++] ?? []
    if (now instanceof Error) throw now
    return now
  }
  const work = {
    store: { sweep } as unknown as Store,
    queue: { add },
    clock: { now: () => 0 },
    log: pino({ level: 'silent' }),
  } as unknown as Work
  sweeper = startSweeping(work, SERVED, async (ref) => {
    const failed = failing(ref)
    if (failed) throw failed
    other.push(ref)
  })
  return { other, calls: () => calls }
}

test('what is due goes into the queue, what has no workers is done on the spot', async () => {
  const added: Ref[] = []
  const image: Ref = { kind: 'image', id: 'x' }
  const { other } = sweeping([[compute('a'), image]], async (refs) => void added.push(...refs))
  await until(() => other.length > 0)
  expect(added).toEqual([compute('a')])
  expect(other).toEqual([image])
})

test('what is done on the spot and fails holds up no other', async () => {
  const bad: Ref = { kind: 'image', id: 'bad' }
  const good: Ref = { kind: 'image', id: 'good' }
  const { other } = sweeping(
    [[bad, good]],
    async () => undefined,
    ({ id }) => (id === 'bad' ? new Error('it is broken') : undefined),
  )
  await until(() => other.length > 0)
  expect(other).toEqual([good])
})

test('what was to be done on the spot while the store was away is done with the next sweep', async () => {
  const image: Ref = { kind: 'image', id: 'x' }
  const away = [fault('unavailable', 'away')]
  const { other } = sweeping(
    [[image]],
    async () => undefined,
    () => away.pop(),
  )
  await until(() => other.length > 0)
  expect(other).toEqual([image])
})

test('a store that is away ends no sweeping', async () => {
  const added: Ref[] = []
  sweeping([fault('unavailable', 'away'), [compute('a')]], async (refs) => void added.push(...refs))
  await until(() => added.length > 0)
  expect(added).toEqual([compute('a')])
})

test('a job that failed for want of the store is looked at again with the next sweep that gets through', async () => {
  const added: string[] = []
  let away = true
  const { calls } = sweeping([], async (refs) => {
    if (away && refs.length > 0) throw fault('unavailable', 'away')
    added.push(...refs.map((ref) => ref.id))
  })
  await until(() => calls() > 0)
  sweeper?.again(compute('a'))
  sweeper?.again(compute('a'))
  await until(() => calls() > 1)
  away = false
  await until(() => added.length > 0)
  const then = calls()
  await until(() => calls() > then)
  expect(added).toEqual(['a'])
})

test('what was due while the queue did not answer is told of with the next sweep, each once', async () => {
  const added: string[] = []
  let times = 0
  const { calls } = sweeping([[compute('a'), compute('b')], [compute('b')]], async (refs) => {
    times += 1
    if (times === 1) throw fault('unavailable', 'the queue does not answer')
    added.push(...refs.map((ref) => ref.id))
  })
  await until(() => added.length > 0)
  const then = calls()
  await until(() => calls() > then)
  expect(added).toEqual(['a', 'b'])
})

test('of many that are due those that got into the queue are not put there again when it fails in between', async () => {
  const all = Array.from({ length: 2000 }, (_, at) => compute(`c${at}`))
  const sizes: number[] = []
  const added: string[] = []
  sweeping([all, [], []], async (refs) => {
    sizes.push(refs.length)
    if (sizes.length === 3) throw fault('unavailable', 'the queue does not answer')
    added.push(...refs.map((ref) => ref.id))
  })
  await until(() => added.length >= all.length)
  expect(sizes).toEqual([500, 500, 500, 500, 500])
  expect(added).toEqual(all.map(({ id }) => id))
})

test('once stopped it leaves no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
  const before = timers()
  const { calls } = sweeping([], async () => undefined)
  await until(() => calls() > 0)
  await sweeper?.stop()
  expect(timers()).toBe(before)
})
