import { pino } from 'pino'
import { fault } from '../../../src/faults'
import type { Ref } from '../../../src/model/ids'
import { attempt, type Proposal } from '../../../src/operations/attempt'
import type { Context } from '../../../src/operations/context'
import type { Change, ChangeResult, Store } from '../../../src/store/store'
import { NOBODY } from '../../../src/store/store'
import { keptLog } from '../../support/http'
import { until } from '../../support/until'

const REF: Ref = { kind: 'compute', id: 'c1' }
const update = (wake = true) => ({
  ref: REF,
  project: null,
  generation: 1,
  wish: {},
  raisePhase: false,
  wake,
})
const moved: ChangeResult = { state: 'moved', ref: REF }

/** A context whose store answers as told, one answer per change, the last one again and again. */
function contextOf(answers: readonly ((change: Change) => ChangeResult)[], add = async (_refs: readonly Ref[]) => {}) {
  const changes: Change[] = []
  const store = {
    change: async (change: Change) => {
      changes.push(change)
      const answer = answers[Math.min(changes.length, answers.length) - 1]
      if (!answer) throw new Error('no answer')
      return answer(change)
    },
  }
  const { log, text } = keptLog()
  const context: Context = {
    site: 's',
    store: store as unknown as Store,
    mirror: {} as Context['mirror'],
    images: {} as Context['images'],
    queue: { add },
    clock: { now: () => 5 },
    ring: { keys: [] },
    log,
  }
  return { context, changes, text }
}
const done = (change: Change): ChangeResult => ({ state: 'done', answer: change.answer })
const propose = async (): Promise<Proposal<string>> => ({ change: { updates: [update()] }, value: 'written' })

it('gives the proposal’s value when it is written, and names who did what', async () => {
  const { context, changes } = contextOf([done])
  expect(await attempt(context, NOBODY, 'test', propose)).toBe('written')
  expect(changes).toEqual([
    expect.objectContaining({ operationId: expect.stringMatching(/^[0-9a-f-]{36}$/), actor: NOBODY, what: 'test' }),
  ])
})

it('proposes again after a refusal, under the same operation id, and tells what the refusal was', async () => {
  const { context, changes } = contextOf([() => moved, () => moved, done])
  const refusals: unknown[] = []
  const value = await attempt(context, NOBODY, 'test', async (refusal) => {
    refusals.push(refusal)
    return { change: { updates: [update()] }, value: refusals.length }
  })
  expect(value).toBe(3)
  expect(refusals).toEqual([undefined, moved, moved])
  expect(new Set(changes.map(({ operationId }) => operationId)).size).toBe(1)
})

it('gives the value of the proposal that got through, even when that was an earlier one', async () => {
  const { context } = contextOf([() => moved, () => ({ state: 'repeated', answer: { proposal: 0 } })])
  let proposals = 0
  expect(
    await attempt(context, NOBODY, 'test', async () => ({ change: { updates: [update()] }, value: `p${proposals++}` })),
  ).toBe('p0')
})

it('writes nothing where there is nothing to write', async () => {
  const { context, changes } = contextOf([done])
  expect(await attempt(context, NOBODY, 'test', async () => ({ change: undefined, value: 'same' }))).toBe('same')
  expect(changes).toEqual([])
})

it('is a conflict when it never gets through', async () => {
  const { context, changes } = contextOf([() => moved])
  await expect(attempt(context, NOBODY, 'test', propose)).rejects.toMatchObject({
    kind: 'conflict',
    detail: { subject: REF },
  })
  expect(changes.length).toBeGreaterThan(3)
})

it('sends the same change again while its outcome is unknown, a few times', async () => {
  const away = () => {
    throw fault('unavailable', 'the store does not answer')
  }
  const lucky = contextOf([away, away, done])
  expect(await attempt(lucky.context, NOBODY, 'test', propose)).toBe('written')
  expect(lucky.changes[2]).toEqual(lucky.changes[0])
  const unlucky = contextOf([away])
  await expect(attempt(unlucky.context, NOBODY, 'test', propose)).rejects.toMatchObject({ kind: 'unavailable' })
  expect(unlucky.changes).toHaveLength(3)
})

it('sends nothing again after any other fault', async () => {
  const { context, changes } = contextOf([
    () => {
      throw fault('internal', 'a bug')
    },
  ])
  await expect(attempt(context, NOBODY, 'test', propose)).rejects.toMatchObject({ kind: 'internal' })
  expect(changes).toHaveLength(1)
})

it('tells the queue what was woken, each once, and placement of what waits', async () => {
  const told: (readonly Ref[])[] = []
  const { context } = contextOf([done], async (refs) => void told.push(refs))
  const other: Ref = { kind: 'host', id: 'h1' }
  const create = {
    ref: { kind: 'compute', id: 'c2' },
    project: null,
    wish: {},
    seen: {},
    journal: {},
    place: {},
    wake: true,
  } as const
  await attempt(context, NOBODY, 'test', async () => ({
    change: { updates: [update(), update()], creates: [create], wakes: [other, REF], waiting: ['c2'] },
    value: undefined,
  }))
  expect(told).toEqual([[REF, other, { kind: 'placement', id: 'site' }]])
  await attempt(context, NOBODY, 'test', async () => ({ change: { updates: [update(false)] }, value: undefined }))
  expect(told).toHaveLength(1)
})

it('does not mind a queue that is away: the agenda has it', async () => {
  const { context, text } = contextOf([done], async () => {
    throw fault('unavailable', 'the queue does not answer')
  })
  expect(await attempt(context, NOBODY, 'test', propose)).toBe('written')
  await until(() => text().includes('the agenda has it'))
})

it('needs no log to do so', async () => {
  const { context } = contextOf([done], async () => {
    throw new Error('away')
  })
  expect(await attempt({ ...context, log: pino({ level: 'silent' }) }, NOBODY, 'test', propose)).toBe('written')
})
