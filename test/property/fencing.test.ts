/**
 * Self-fencing as a model: two workers whose clocks differ, a host whose clock drifts and which restarts, a time that an operator makes
 * shorter or longer, messages that are late or lost, workers that freeze between any two steps, a watch that looks only now and then and takes its time to end a machine.
 * Whatever happens: when the record says that the host was given up, its marked machine runs no more, and does not start again
 * before the host was told of a floor.
 */
import fc from 'fast-check'
import {
  endsAt,
  type Grant,
  hasRunOut,
  isOver,
  nextGrant,
  type WatchOrder,
  type WatchState,
  watched,
  watchOrder,
} from '../../src/model/fencing'

const T = 15_000
const LONGER = 40_000
const TICK = 250
const HORIZON = 150_000
/** Worst time from the end of a grant until the machine is ended: the watch's pause and the ending itself. */
const ENDING = 4_000
/** A worker's clock differs from true time by at most this, ms. */
const SKEW = 3_000

interface Poll {
  readonly worker: 0 | 1
  readonly at: number
  /** On the way there, at the host and back, in the worker's hands before it writes; ms. */
  readonly there: number
  readonly back: number
  readonly frozen: number
  readonly lost: 'no' | 'order' | 'answer'
}

interface Story {
  readonly skews: readonly [number, number]
  /** Of the host's clock: it runs so many parts in ten thousand too fast. */
  readonly drift: number
  readonly polls: readonly Poll[]
  /** When the link is cut, and when it is back. */
  readonly cut: readonly [number, number]
  readonly restarts: readonly number[]
  /** When somebody tries to start the machine there. */
  readonly starts: readonly number[]
  readonly ending: number
  /** Time that is granted before and after an operator's order, and when that comes; ms. */
  readonly lasts: { readonly first: number; readonly second: number; readonly from: number }
}

const poll: fc.Arbitrary<Poll> = fc.record({
  worker: fc.constantFrom(0, 1),
  at: fc.nat(HORIZON),
  there: fc.oneof({ weight: 5, arbitrary: fc.nat(200) }, fc.nat(30_000)),
  back: fc.oneof({ weight: 5, arbitrary: fc.nat(200) }, fc.nat(30_000)),
  frozen: fc.oneof({ weight: 5, arbitrary: fc.nat(50) }, fc.nat(60_000)),
  lost: fc.oneof({ weight: 4, arbitrary: fc.constant('no' as const) }, fc.constantFrom('order', 'answer')),
})
/** The usual polls of a host, every few seconds, beside those that go wrong. */
const steady = Array.from({ length: HORIZON / 2500 }, (_, index): Poll => {
  return { worker: index % 2 === 0 ? 0 : 1, at: index * 2500, there: 20, back: 20, frozen: 5, lost: 'no' }
})
const story: fc.Arbitrary<Story> = fc.record({
  skews: fc.tuple(fc.integer({ min: -SKEW, max: SKEW }), fc.integer({ min: -SKEW, max: SKEW })),
  drift: fc.integer({ min: -5, max: 5 }),
  polls: fc.array(poll, { maxLength: 60 }).map((odd) => [...steady, ...odd]),
  cut: fc.tuple(fc.integer({ min: 10_000, max: 60_000 }), fc.integer({ min: 60_000, max: HORIZON })),
  restarts: fc.array(fc.nat(HORIZON), { maxLength: 2 }),
  starts: fc.array(fc.nat(HORIZON), { maxLength: 10 }),
  ending: fc.nat(ENDING),
  lasts: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ first: T, second: T, from: 0 }) },
    fc.record({
      first: fc.constantFrom(T, LONGER),
      second: fc.constantFrom(T, LONGER),
      from: fc.integer({ min: 5_000, max: 60_000 }),
    }),
  ),
})

type Rules = {
  readonly hasRunOut: typeof hasRunOut
  readonly nextGrant: typeof nextGrant
  /** Whether a grant that was not written may reach the host. */
  readonly handsBack: 'what was written' | 'what it heard'
}
const RULES: Rules = { hasRunOut, nextGrant, handsBack: 'what was written' }

/** What went wrong, if anything; `givenUp`: whether the story came so far. */
function live(told: Story, rules: Rules = RULES): { readonly wrong: string | null; readonly givenUp: boolean } {
  let epoch = 0
  const record: { epoch: number; grant: Grant | null; fencedAt: number | null } = {
    epoch: 0,
    grant: null,
    fencedAt: null,
  }
  let heard: Grant | null = null
  const host = {
    boot: 'boot-0',
    bootedAt: 0,
    watch: null as WatchState | null,
    runsSince: null as number | null,
    overSince: null as number | null,
    floor: 0,
  }
  let givenUp = false
  let wrong: string | null = null
  const here = (now: number) => ({
    boot: host.boot,
    uptimeMs: Math.floor(((now - host.bootedAt) * (10_000 + told.drift)) / 10_000),
  })
  const isCut = (now: number): boolean => now >= told.cut[0] && now < told.cut[1]

  const events: { at: number; run: (now: number) => void }[] = []
  const at = (when: number, run: (now: number) => void): void => void events.push({ at: when, run })
  for (const one of told.polls) {
    const clock = (now: number): number => now + told.skews[one.worker]
    at(one.at, (claimedAt) => {
      const mine = ++epoch
      record.epoch = mine
      const lastsMs = claimedAt < told.lasts.from ? told.lasts.first : told.lasts.second
      const wasGivenUp = record.fencedAt !== null
      const grant = rules.handsBack === 'what was written' ? record.grant : heard
      const order = watchOrder({ lastsMs, grant, wasGivenUp }, { era: 1, number: mine })
      const read = record.grant
      at(claimedAt + one.there, (arrivedAt) => {
        if (isCut(arrivedAt) || one.lost === 'order') return at(arrivedAt + one.back + one.frozen, failed)
        const answer = take(order, arrivedAt)
        at(arrivedAt + one.back, (backAt) => {
          if (isCut(backAt) || one.lost === 'answer') return at(backAt + one.frozen, failed)
          heard = { ...answer.here, lastsMs, at: clock(backAt) }
          return at(backAt + one.frozen, (writtenAt) => {
            if (record.epoch !== mine) return
            record.fencedAt = null
            record.grant = wasGivenUp
              ? null
              : rules.nextGrant(answer.here.boot, answer.watch, lastsMs, clock(writtenAt))
          })
        })
      })
      const failed = (now: number): void => {
        if (record.epoch !== mine || record.fencedAt !== null || !rules.hasRunOut(read, clock(now))) return
        record.epoch = ++epoch
        record.fencedAt = now
        record.grant = null
        givenUp = true
        if (host.runsSince !== null) wrong ??= `given up at ${now}, and it runs since ${host.runsSince}`
      }
    })
  }
  const take = (order: WatchOrder, now: number) => {
    if (order.floor !== null) host.floor = Math.max(host.floor, order.floor.number)
    host.watch = watched(host.watch, order, here(now))
    const { uptimeMs } = here(now)
    const endsMs = host.watch && endsAt(host.watch, host.boot)
    return { here: here(now), watch: { uptimeMs, isOn: host.watch !== null, endsMs } }
  }
  for (const when of told.restarts)
    at(when, (now) => {
      Object.assign(host, { boot: `boot-${now}`, bootedAt: now, runsSince: null, overSince: null })
    })
  for (const when of told.starts)
    at(when, (now) => {
      // By a worker that claimed the machine before anything was given up: only the watch stands in its way.
      if (host.floor > 0 || isOver(host.watch, here(now)) || host.watch === null) return
      host.runsSince ??= now
      if (record.fencedAt !== null) wrong ??= `started at ${now}, given up since ${record.fencedAt}`
    })
  for (let when = 0; when <= HORIZON + 60_000; when += TICK)
    at(when, (now) => {
      const over = isOver(host.watch, here(now))
      host.overSince = over ? (host.overSince ?? now) : null
      if (host.overSince !== null && now - host.overSince >= told.ending) host.runsSince = null
    })
  // In order of time; what is added meanwhile lies ahead.
  for (let done = 0; done < events.length; done += 1) {
    const rest = events.splice(done).sort((a, b) => a.at - b.at)
    events.push(...rest)
    const event = events[done]
    event?.run(event.at)
  }
  return { wrong, givenUp }
}

test('when a host is given up, nothing that is marked runs there any more', () => {
  let givenUp = 0
  fc.assert(
    fc.property(story, (told) => {
      const came = live(told)
      if (came.givenUp) givenUp += 1
      expect(came.wrong).toBeNull()
    }),
    { numRuns: 150 },
  )
  expect(givenUp).toBeGreaterThan(20)
})

const finds = (rules: Partial<Rules>): boolean =>
  fc.check(
    fc.property(story, (told) => live(told, { ...RULES, ...rules }).wrong === null),
    { numRuns: 300, endOnFailure: true },
  ).failed

test('the model would find a gateway that waits for T alone', () => {
  expect(finds({ hasRunOut: (grant, now) => grant != null && now - grant.at >= grant.lastsMs })).toBe(true)
})

test('the model would find a worker that hands back time that it did not write', () => {
  // The store is away from the tenth second on: answers come, and nothing of them is written. Then the link is cut too.
  const polls = steady.map((one) => (one.at > 10_000 ? { ...one, frozen: HORIZON } : one))
  const told: Story = {
    skews: [0, 0],
    drift: 0,
    polls,
    cut: [41_000, HORIZON],
    restarts: [],
    starts: [5_000],
    ending: 0,
    lasts: { first: T, second: T, from: 0 },
  }
  const impatient = told.polls.map((one) => (one.at > 41_000 ? { ...one, frozen: 0 } : one))
  expect(live({ ...told, polls: impatient })).toEqual({ wrong: null, givenUp: true })
  expect(live({ ...told, polls: impatient }, { ...RULES, handsBack: 'what it heard' }).wrong).not.toBeNull()
})

test('the model would find a grant that is counted from the time when it was asked for', () => {
  const early: typeof nextGrant = (boot, watch, lastsMs, now) => nextGrant(boot, watch, lastsMs, now - T)
  expect(finds({ nextGrant: early })).toBe(true)
})

/** Grants as they were before they told what the host held. */
const forgetful: typeof nextGrant = (boot, watch, lastsMs, now) =>
  watch?.isOn === true ? { boot, uptimeMs: watch.uptimeMs, lastsMs, at: now } : null

test('the model would find a shorter time that is counted on before the host has it', () => {
  // The answer that writes the shorter time is the last one: the link is cut before it is handed back.
  const told: Story = {
    skews: [0, 0],
    drift: 0,
    polls: steady,
    cut: [41_000, HORIZON],
    restarts: [],
    starts: [5_000],
    ending: 0,
    lasts: { first: LONGER, second: T, from: 39_000 },
  }
  expect(live(told)).toEqual({ wrong: null, givenUp: true })
  expect(live(told, { ...RULES, nextGrant: forgetful }).wrong).not.toBeNull()
})

test('a shorter time is the host’s with the next answer, and is counted on from the one after that', () => {
  const [boot, long, short] = ['b', 3_600_000, 15_000]
  const kept: WatchState = { epoch: { era: 1, number: 1 }, boot, uptimeMs: 1_000_000, lastsMs: long }
  const seen = { uptimeMs: 1_002_500, isOn: true, endsMs: endsAt(kept, boot) }
  const grant = nextGrant(boot, seen, short, 0)
  expect(grant).toMatchObject({ lastsMs: short, heldMs: 3_597_500 })
  expect(hasRunOut(grant, 2 * short)).toBe(false)
  expect(hasRunOut(grant, 2 * 3_597_500)).toBe(true)
  const order = watchOrder({ lastsMs: short, grant, wasGivenUp: false }, { era: 1, number: 2 })
  const after = watched(kept, order, { boot, uptimeMs: 1_005_000 })
  if (!after) throw new Error('the watch is off')
  const next = nextGrant(boot, { uptimeMs: 1_005_000, isOn: true, endsMs: endsAt(after, boot) }, short, 0)
  expect(next).toEqual({ boot, uptimeMs: 1_005_000, lastsMs: short, at: 0 })
  expect(hasRunOut(next, 2 * short)).toBe(true)
})
