import type { HostId } from '../../../../src/model/ids'
import { demandOf, demandToMove, hostViews, wantsPlace } from '../../../../src/model/placement'
import type { LeaseWish, PublicWish } from '../../../../src/model/records'
import { computeRecord, HOST, placed } from '../../../support/compute-record'
import { CAPACITY, hostRecord, sizeOf } from '../../../support/host-record'

const view = (record: ReturnType<typeof hostRecord>, ...claims: ReturnType<typeof sizeOf>[]) =>
  hostViews([{ record, claims }])[0]

test('free is capacity less what is kept back, what others use and what is claimed', () => {
  const record = hostRecord('1', {
    wish: { reserved: sizeOf(1, 1024, 10) },
    seen: { foreign: [{ name: 'theirs', size: sizeOf(2, 2048, 20) }] },
  })
  expect(view(record, sizeOf(1, 512, 5), sizeOf(1, 512, 5))).toMatchObject({
    machines: 2,
    usable: { cpuHundredths: 500, memoryMiB: 13_312, diskGiB: 70 },
    free: { cpuHundredths: 300, memoryMiB: 12_288, diskGiB: 60 },
  })
})

test('an address of the site’s own needs a host that can, one of a provider’s that very provider', () => {
  const led = (...publics: readonly Partial<PublicWish>[]) =>
    demandOf(computeRecord({ wish: { publics: publics as readonly PublicWish[] } }), 0)
  expect(led()).not.toHaveProperty('addressed')
  expect(led({ ip: '203.0.113.5' })).toMatchObject({ addressed: true })
  expect(led({ ip: '203.0.113.5' })).not.toHaveProperty('addressedAt')
  const there = led({ ip: '198.51.100.5', pool: HOST, atProvider: true })
  expect(there).toMatchObject({ addressedAt: HOST })
  expect(there).not.toHaveProperty('addressed')
})

test('a host that was never looked at has nothing and does not answer', () => {
  const record = hostRecord('1', { seen: { contact: 'never', capacity: null } })
  expect(view(record)).toMatchObject({ answers: false, usable: { cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 } })
})

test('a lost host does not answer, one that is being removed is not enabled', () => {
  expect(view(hostRecord('1', { seen: { contact: 'lost' } }))).toMatchObject({ answers: false, usable: CAPACITY })
  expect(view(hostRecord('1', { wish: { removing: true } }))).toMatchObject({ enabled: false })
})

test('the first real host retires the simulated ones, until it is being removed', () => {
  const simulated = { record: hostRecord('1'), claims: [] }
  const real = (removing: boolean) => ({
    record: hostRecord('2', { wish: { simulated: false, removing, enabled: false } }),
    claims: [],
  })
  expect(hostViews([simulated, real(false)]).map((host) => host.retired)).toEqual([true, false])
  expect(hostViews([simulated, real(true)]).map((host) => host.retired)).toEqual([false, false])
})

test('a demand avoids hosts only until their refusal is over', () => {
  const avoid = [
    { host: 'old' as HostId, until: 100, because: 'a' },
    { host: 'new' as HostId, until: 101, because: 'b' },
  ]
  const record = computeRecord({ wish: { zone: 'local-1c' }, journal: { avoid } })
  expect(demandOf(record, 100)).toMatchObject({ zone: 'local-1c', avoid: [{ host: 'new', because: 'b' }] })
})

test.each([
  ['a fresh order', {}, true],
  ['a deleted machine', { wish: { exists: false } }, false],
  ['a held machine', { wish: { held: true } }, false],
  ['one that has a place', { place: { ...placed, host: HOST } }, false],
  ['one that failed', { journal: { failed: { message: '', at: 1, retries: 0 } } }, false],
  [
    'one that failed and is tried again',
    { wish: { retries: 1 }, journal: { failed: { message: '', at: 1, retries: 0 } } },
    true,
  ],
])('%s wants a place: %#', (_what, parts, wants) => {
  expect(wantsPlace(computeRecord(parts))).toBe(wants)
})

describe('a machine that gave its place away', () => {
  const parked = { since: 1, how: 'saved', by: 'r', released: true } as const
  const aside = (more: object = {}) =>
    computeRecord({ wish: { power: 'on' }, place: { ...placed, parked, ...more } as never })

  test('waits for a place beside its disks, but not while it is being moved', () => {
    expect(wantsPlace(aside())).toBe(true)
    expect(demandOf(aside(), 1)).toMatchObject({ beside: HOST })
    expect(wantsPlace(aside({ moving: { to: { host: 'h2', hostName: 'h2', zone: 'a', simulated: true } } }))).toBe(
      false,
    )
  })

  test('takes its disks along when it is moved', () => {
    expect(demandToMove(aside(), 1, [])).not.toHaveProperty('beside')
  })
})

describe('a machine that gives way, where it is moved to', () => {
  const moved = (lease: LeaseWish, ends?: number) => {
    const { yields, ends: until } = demandToMove(
      computeRecord({ wish: { lease }, place: { ...placed, ...(ends ? { lease: { run: 0, ends } } : {}) } }),
      1,
      [],
    )
    return { yields, until }
  }

  test('does so at any time, until its own end', () => {
    expect(moved({ preemptible: true })).toEqual({ yields: true, until: undefined })
    expect(moved({ preemptible: true, seconds: 60 }, 60_000)).toEqual({ yields: true, until: 90_000 })
  })

  test('does so at its end alone with a deadline', () => {
    expect(moved({ preemptible: true, seconds: 60, deadline: 90_000 }, 60_000)).toEqual({
      yields: undefined,
      until: 90_000,
    })
  })
})
