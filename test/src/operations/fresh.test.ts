import { pino } from 'pino'
import { fault } from '../../../src/faults'
import type { ProjectId } from '../../../src/model/ids'
import { freshForAll, STALE_LIMIT_MS, tolerant } from '../../../src/operations/fresh'
import type { Mirror } from '../../../src/store/store'
import { until } from '../../support/until'

const P = 'aaaaaaaa-0000-4000-8000-000000000001' as ProjectId

/** A mirror whose `fresh` does what the test says, and counts. */
function mirror() {
  const state = { ready: true, calls: 0, answer: async () => {}, now: 1_000 }
  const inner: Mirror = {
    fresh: () => {
      state.calls++
      return state.answer()
    },
    get: () => undefined,
    list: () => [],
    all: () => [],
    named: () => undefined,
    revision: () => 0,
    asOf: () => '',
    onEvent: () => () => undefined,
    get ready() {
      return state.ready
    },
    sharedAsOf: 0,
    close: async () => {},
  }
  return { state, fresh: tolerant(inner, pino({ level: 'silent' }), () => state.now).fresh }
}
const away = async () => {
  throw fault('unavailable', 'the store does not answer')
}

it('asks each time while Redis answers', async () => {
  const { state, fresh } = mirror()
  await fresh(P)
  await fresh(P)
  expect(state.calls).toBe(2)
})

it('goes on with the last known state while Redis is away, and asks again in the background', async () => {
  const { state, fresh } = mirror()
  await fresh(P)
  state.answer = away
  await fresh(P)
  expect(state.calls).toBe(2)
  // Nobody waits any more: one probe does.
  let probed: () => void = () => undefined
  state.answer = () =>
    new Promise((resolve) => {
      probed = resolve
    })
  await Promise.all([fresh(P), fresh(P), fresh(P)])
  expect(state.calls).toBe(3)
  probed()
  state.answer = async () => {}
  await until(async () => {
    const before = state.calls
    await Promise.all([fresh(P), fresh(P)])
    return state.calls === before + 2
  })
})

it('for a bounded time only', async () => {
  const { state, fresh } = mirror()
  await fresh(P)
  state.answer = away
  await fresh(P)
  state.now += STALE_LIMIT_MS
  await expect(fresh(P)).rejects.toMatchObject({ kind: 'unavailable' })
})

it('never when there was no state yet', async () => {
  const { state, fresh } = mirror()
  state.answer = away
  await expect(fresh(P)).rejects.toMatchObject({ kind: 'unavailable' })
  state.ready = false
  await expect(fresh(P)).rejects.toMatchObject({ kind: 'unavailable' })
})

it('other faults are told', async () => {
  const { state, fresh } = mirror()
  await fresh(P)
  state.answer = async () => {
    throw fault('internal', 'a bug')
  }
  await expect(fresh(P)).rejects.toMatchObject({ kind: 'internal' })
})

describe('what all share', () => {
  /** Compared last at 500. */
  const compared = () => {
    const state = { sharedAsOf: 500, calls: 0 }
    return Object.assign(state, {
      fresh: async () => {
        state.calls++
      },
    })
  }

  it('is not compared once more for a request that came in before it was', async () => {
    const one = compared()
    await freshForAll(one, { arrivedAt: 500 })
    await freshForAll(one, { arrivedAt: 499.5 })
    expect(one.calls).toBe(0)
  })

  it('is compared for one that came in later, and for a caller who is used for more than one', async () => {
    const one = compared()
    await freshForAll(one, { arrivedAt: 500.1 })
    await freshForAll(one, {})
    expect(one.calls).toBe(2)
  })
})
