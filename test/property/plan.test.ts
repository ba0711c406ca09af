/**
 * From every wish and every sighting the steps converge: the machine ends as its owner wants it, whatever state it was found
 * in, whatever the journal says, and nothing is done twice on the way. The host is played by the steps' own `after`.
 */
import fc from 'fast-check'
import { fault } from '../../src/faults'
import type { ImageId } from '../../src/model/ids'
import type { DomainState, MachineSighting } from '../../src/model/machine'
import type { ComputeRecord, ComputeWish, Intent, Power } from '../../src/model/records'
import type { StepName } from '../../src/model/step-names'
import { announce, done, refused, settled } from '../../workers/reconcile/journal'
import { type Decision, plan } from '../../workers/reconcile/plan'
import { fulfilled, isNothing, runs as isRunning, nothingOf, sighted } from '../../workers/reconcile/seen'
import { STEPS } from '../../workers/reconcile/steps'
import { computeRecord, HOST, placed } from '../support/compute-record'

const NAME = 'i-00000000000000001'
const BOOT = 'boot-1'
const on = { host: HOST, boot: BOOT }

const level = fc.integer({ min: 0, max: 2 })
const wishArb: fc.Arbitrary<Partial<ComputeWish>> = fc
  .record({
    exists: fc.boolean(),
    power: fc.constantFrom<Power>('on', 'off', 'suspended'),
    how: fc.constantFrom<'graceful' | 'hard'>('graceful', 'hard'),
    starts: fc.integer({ min: 1, max: 3 }),
    boots: level,
    resets: level,
    disks: fc.integer({ min: 1, max: 2 }),
    interfaces: fc.boolean(),
  })
  .map(({ disks, interfaces, ...wish }) => ({
    ...wish,
    disks: Array.from({ length: disks }, (_, index) => ({
      name: `disk${index}`,
      device: `/dev/sd${index}`,
      sizeGiB: 1,
      image: index === 0 ? ('image' as ImageId) : null,
      volume: `vol-${index}`,
      deleteOnTermination: true,
    })),
    ...(interfaces ? {} : { interfaces: [] }),
  }))

const domainArb = fc.constantFrom<DomainState>('absent', 'off', 'running', 'paused', 'saved', 'crashed')
const machineArb = (disks: readonly string[]): fc.Arbitrary<MachineSighting> =>
  fc.record({ domain: domainArb, present: fc.subarray([...disks]) }).map(({ domain, present }) => ({
    ...nothingOf(NAME),
    domain,
    id: domain === 'absent' ? null : 'x',
    // A domain that is there has all its disks: no host defines one without.
    disks: (domain === 'absent' ? present : disks).map((name) => ({ name, sizeGiB: 1, attached: domain !== 'absent' })),
    interfaces: domain === 'absent' ? [] : ['02:00:00:00:00:01'],
  }))

const intentArb: fc.Arbitrary<Intent | null> = fc.option(
  fc.record({
    key: fc.constant('k'),
    step: fc.constantFrom<StepName>('disk', 'network', 'define', 'power', 'suspend', 'reboot', 'reset'),
    direction: fc.constantFrom<Intent['direction']>('up', 'down'),
    attempt: fc.constant(1),
    host: fc.constant(HOST),
    at: fc.constant(0),
    outcome: fc.constantFrom<Intent['outcome']>('open', 'running', 'done', 'failed'),
    item: fc.constantFrom('graceful', 'hard', 'on', 'again', 'all', `${NAME}-disk0`),
    levels: fc.record({ starts: level, boots: level, resets: level }),
    boot: fc.constantFrom(BOOT, 'boot-0', null),
  }),
)

interface Case {
  readonly record: ComputeRecord
  readonly machine: MachineSighting
}

const caseArb: fc.Arbitrary<Case> = wishArb.chain((wish) => {
  const base = computeRecord({ wish, place: placed })
  const names = base.wish.disks.map((disk) => `${NAME}-${disk.name}`)
  return fc
    .record({
      machine: machineArb(names),
      former: fc.option(machineArb(names)),
      intent: intentArb,
      levels: fc.record({ starts: level, boots: level, resets: level }),
      ran: fc.boolean(),
      bootSeen: fc.constantFrom(BOOT, 'boot-0', null),
    })
    .map(({ machine, former, intent, levels, ran, bootSeen }) => ({
      machine,
      record: {
        ...base,
        seen: {
          ...base.seen,
          ...levels,
          host: former ? HOST : null,
          machine: former,
          hostBoot: bootSeen,
          // Only what once ran can have lost a disk; that ends as a failure, not by converging.
          startedAt: ran && machine.disks.length === names.length ? 1 : null,
        },
        journal: { ...base.journal, intent, attempts: 1 },
      },
    }))
})

interface Walk {
  readonly record: ComputeRecord
  readonly machine: MachineSighting
  readonly last: Decision
  readonly deeds: readonly string[]
}

/** Runs jobs one after another until one finds nothing more to do here. */
function walk({ record: first, machine: found }: Case, most = 20): Walk {
  let record = first
  let machine = found
  const deeds: string[] = []
  for (let now = 1; now <= most; now += 1) {
    const seeing = { ...record, seen: sighted(record, machine, on, now) }
    const decision = plan(seeing, machine, now)
    if (decision.kind !== 'do') return { record: seeing, machine, last: decision, deeds }
    const { journal, intent } = announce(seeing, decision, on, null, now)
    // An intent of before a later wish fulfils only what was wished then: the level is part of what is done once.
    const { starts, boots, resets } = intent.levels
    deeds.push(`${decision.step} ${decision.direction} ${decision.item} for ${starts}.${boots}.${resets}`)
    machine = STEPS[decision.step].after(machine, decision.direction, seeing, decision.item)
    const announced = { ...seeing, journal }
    record = { ...announced, seen: fulfilled(sighted(announced, machine, on, now), intent), journal: done(journal) }
  }
  return { record, machine, last: { kind: 'wait', ms: 0 }, deeds }
}

test('the steps end, each done once', () => {
  fc.assert(
    fc.property(caseArb, (start) => {
      const { last, deeds } = walk(start)
      expect(['nothing', 'leave']).toContain(last.kind)
      expect(new Set(deeds).size).toBe(deeds.length)
      expect(deeds.length).toBeLessThanOrEqual(8)
    }),
    { numRuns: 2000 },
  )
})

test('a deleted machine leaves nothing on its host', () => {
  fc.assert(
    fc.property(caseArb, (start) => {
      const record = { ...start.record, wish: { ...start.record.wish, exists: false } }
      const { last, machine } = walk({ ...start, record })
      expect(last).toEqual({ kind: 'leave' })
      expect(isNothing(machine)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('a machine that should exist ends as its owner last asked', () => {
  fc.assert(
    fc.property(caseArb, (start) => {
      const record = { ...start.record, wish: { ...start.record.wish, exists: true } }
      const end = walk({ ...start, record })
      const { wish, seen } = end.record
      expect(end.machine.domain).not.toBe('absent')
      expect(end.machine.disks).toHaveLength(wish.disks.length)
      if (wish.power === 'on') {
        // Off at a fulfilled level: it stopped by itself.
        if (isRunning(end.machine)) expect(seen).toMatchObject({ starts: Math.max(wish.starts, 0) })
        else expect(seen.starts).toBeGreaterThanOrEqual(wish.starts)
        if (isRunning(end.machine)) expect([seen.boots >= wish.boots, seen.resets >= wish.resets]).toEqual([true, true])
      } else expect(isRunning(end.machine)).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test('once it is settled it stays so: another look finds nothing to do', () => {
  fc.assert(
    fc.property(caseArb, (start) => {
      const end = walk(start)
      if (end.last.kind !== 'nothing') return
      const record = { ...end.record, journal: settled(end.record.journal) }
      expect(walk({ record, machine: end.machine })).toMatchObject({ last: { kind: 'nothing' }, deeds: [] })
    }),
    { numRuns: 500 },
  )
})

test('a host that refuses every step of a machine that never ran is left, with nothing of it remaining', () => {
  fc.assert(
    fc.property(caseArb, fc.nat(3), (start, refusingFrom) => {
      const wish = { ...start.record.wish, exists: true, power: 'on' as const }
      let record: ComputeRecord = {
        ...start.record,
        wish,
        seen: { ...start.record.seen, startedAt: null, starts: 0, machine: null, host: null },
      }
      let machine = nothingOf(NAME)
      let ups = 0
      for (let now = 1; now < 60; now += 1) {
        const seeing = { ...record, seen: sighted(record, machine, on, now) }
        const decision = plan(seeing, machine, now)
        if (decision.kind === 'leave') {
          expect(record.journal.avoid).toHaveLength(1)
          expect(isNothing(machine)).toBe(true)
          return
        }
        if (decision.kind !== 'do') throw new Error(`unexpected ${decision.kind}`)
        const { journal, intent } = announce(seeing, decision, on, null, now)
        const announced = { ...seeing, journal }
        if (decision.direction === 'up' && ups >= refusingFrom) {
          record = { ...announced, journal: refused(announced, decision, fault('refused', 'no'), now) }
          continue
        }
        if (decision.direction === 'up') ups += 1
        machine = STEPS[decision.step].after(machine, decision.direction, seeing, decision.item)
        // The last rung is never reached here: it would have run.
        if (decision.step === 'power') return
        record = { ...announced, seen: fulfilled(sighted(announced, machine, on, now), intent), journal: done(journal) }
      }
      throw new Error('it never left')
    }),
    { numRuns: 300 },
  )
})
