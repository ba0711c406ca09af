import fc from 'fast-check'
import { Disks } from '../../../../workers/scheduler/leases/disks'
import { asLateAsPossible, Link } from '../../../../workers/scheduler/leases/link'
import { Profile } from '../../../../workers/scheduler/leases/profile'

const size = (cores: number) => ({ cpuHundredths: cores * 100, memoryMiB: cores * 1024, diskGiB: 0 })

describe('what is free on a node over time', () => {
  test('is what nobody took, at each time', () => {
    const takeArb = fc.record({
      cores: fc.integer({ min: 1, max: 4 }),
      from: fc.nat(20),
      length: fc.integer({ min: 1, max: 10 }),
    })
    fc.assert(
      fc.property(
        fc.array(takeArb, { maxLength: 8 }),
        fc.nat(30),
        fc.integer({ min: 1, max: 8 }),
        (takes, from, cores) => {
          const profile = new Profile(size(8))
          for (const take of takes) profile.take(size(take.cores), take.from, take.from + take.length)
          const freeAt = (time: number): number =>
            takes
              .filter((take) => take.from <= time && time < take.from + take.length)
              .reduce((left, take) => left - take.cores, 8)
          const times = Array.from({ length: 40 }, (_, at) => from + at)
          expect(profile.freeAt(from).memoryMiB).toBe(freeAt(from) * 1024)
          const until = times.find((time) => freeAt(time) < cores) ?? Number.POSITIVE_INFINITY
          expect(profile.horizon(from, size(cores))).toBe(until)
          expect(profile.fitsOver(from, from + 5, size(cores))).toBe(until >= from + 5)
          for (const take of takes) profile.take(size(take.cores), take.from, take.from + take.length, -1)
          expect(profile.horizon(0, size(8))).toBe(Number.POSITIVE_INFINITY)
        },
      ),
    )
  })

  test('holds for ever what has no end', () => {
    const profile = new Profile(size(2))
    profile.take(size(1), 10, Number.POSITIVE_INFINITY)
    expect([
      profile.horizon(0, size(2)),
      profile.horizon(0, size(1)),
      profile.changeAfter(0),
      profile.changeAfter(10),
    ]).toEqual([10, Number.POSITIVE_INFINITY, 10, Number.POSITIVE_INFINITY])
  })
})

describe('one at a time', () => {
  test('a disk saves or loads for one lease after another; others do not wait for it', () => {
    const disks = new Disks('local')
    disks.add([0, 1], 10, 20)
    expect([disks.gapAfter([1, 2], 15, 5), disks.gapAfter([2], 15, 5), disks.gapBefore([0], 22, 5)]).toEqual([
      20, 15, 5,
    ])
    disks.remove([0, 1], 10, 20)
    expect(disks.gapAfter([1], 15, 5)).toBe(15)
    const shared = new Disks('shared')
    shared.add([0], 10, 20)
    expect(shared.gapAfter([7], 15, 5)).toBe(20)
  })

  test('copies: earliest deadline first, each as late as possible, in the gaps that are left', () => {
    const jobs = [
      { lease: 'b', by: 100, length: 30 },
      { lease: 'a', by: 90, length: 30 },
      { lease: 'c', by: 200, length: 30 },
    ]
    const times = asLateAsPossible(jobs)
    expect(times.map(({ lease, from, to }) => [lease, from, to])).toEqual([
      ['a', 40, 70],
      ['b', 70, 100],
      ['c', 170, 200],
    ])
    const link = new Link()
    for (const span of times) link.book(span)
    expect([link.after(0, 40), link.after(0, 41), link.before(180, 50), link.before(180, 80)]).toEqual([
      0, 100, 120, -40,
    ])
  })
})
