import fc from 'fast-check'
import type { HostId, ProjectId, ReservationId, StorageId } from '../../../../src/model/ids'
import type { StorageBackend } from '../../../../src/model/machine'
import { type GroupMember, isOverbooked, type MoveAsk, movedClaim, whyNoMove } from '../../../../src/model/placement'
import type { ComputePlace, LeaseWish, PlacementRule, PublicWish } from '../../../../src/model/records'
import { GROWS_STOPPED, type StorageRecord } from '../../../../src/model/storage'
import { type ComputeParts, computeRecord, placed, sighting } from '../../../support/compute-record'
import { hostRecord, hostView, sizeOf } from '../../../support/host-record'
import { APART, grouped, member, TOGETHER } from '../../../support/placement-group'
import { providerWish } from '../../../support/provider-record'
import { HOUR } from '../../../support/reserved-hosts'
import { storageRecord } from '../../../support/storage-record'

const HERE = String(placed.host)
const there = (parts: Parameters<typeof hostRecord>[1] = {}) => hostRecord('h2', parts)
const VOLUME = 'vol-00000000000000001'

interface Case {
  readonly record?: ComputeParts
  readonly here?: Parameters<typeof hostRecord>[1]
  readonly there?: Parameters<typeof hostRecord>[1]
  readonly more?: Partial<MoveAsk>
}

/** A machine with a volume that hangs on it, as a base. */
function volume(parts: Parameters<typeof storageRecord>[0] = {}): StorageRecord {
  const base = storageRecord()
  return storageRecord({
    ...parts,
    wish: { name: VOLUME, ...parts.wish },
    seen: { sizeGiB: base.wish.sizeGiB, ...parts.seen },
    place: { host: HERE as HostId, ...parts.place },
  })
}
const holding = (id: StorageId): ComputeParts => ({
  wish: { volumes: [{ storage: id, name: VOLUME, device: '/dev/sdf', deleteOnTermination: false, since: 1 }] },
  seen: {
    machine: sighting('running', {
      disks: [
        { name: 'i-00000000000000001-root', sizeGiB: 8, attached: true },
        { name: VOLUME, sizeGiB: 1, attached: true },
      ],
    }),
  },
})

function ask({ record = {}, here, there: other, more }: Case = {}) {
  const machine = computeRecord({
    place: placed,
    ...record,
    seen: { machine: sighting('running'), starts: 1, ...record.seen },
  })
  const hosts = [hostRecord(HERE, here), there(other)]
  return whyNoMove({
    record: machine,
    how: 'live',
    from: hosts[0],
    hosts,
    to: 'h2' as HostId,
    claims: [],
    volumes: [],
    now: 0,
    ...more,
  })
}

test('a running machine, a host with room: it may', () => {
  expect(ask()).toBeUndefined()
  expect(ask({ more: { how: 'cold' } })).toBeUndefined()
})

test.each<[string, Case, string, RegExp]>([
  ['no such host', { more: { to: 'h9' as HostId } }, 'not-found', /not there/],
  ['the host that it is on', { more: { to: HERE as HostId } }, 'conflict', /on that host already/],
  ['another kind of host', { there: { wish: { driver: 'xl' } } }, 'unsupported', /different kinds/],
  [
    'its host cannot',
    { here: { seen: { capabilities: { lacks: [{ verb: 'move-live', because: 'no shared disks' }] } } } },
    'unsupported',
    /live: no shared disks/,
  ],
  [
    'the other host cannot',
    {
      there: { seen: { capabilities: { lacks: [{ verb: 'move-cold', because: 'too old' }] } } },
      more: { how: 'cold' },
    },
    'unsupported',
    /cold: too old/,
  ],
  [
    'to be made anew, with volumes at its provider',
    {
      record: {
        ...holding(storageRecord().id),
        wish: { ...holding(storageRecord().id).wish, burst: { replaceable: true } },
      },
      here: { wish: { provider: providerWish() } },
      more: { how: 'anew' },
    },
    'unsupported',
    /volumes lie at its provider/,
  ],
  [
    'to be made anew, with an address of its provider',
    {
      record: { wish: { burst: { replaceable: true }, publics: [{ atProvider: true } as PublicWish] } },
      here: { wish: { provider: providerWish() } },
      more: { how: 'anew' },
    },
    'unsupported',
    /public address is its provider's/,
  ],
  ['off, live', { record: { seen: { machine: sighting('off') } } }, 'state', /cold only/],
  ['crashed', { record: { seen: { machine: sighting('crashed') } }, more: { how: 'cold' } }, 'state', /crashed/],
  ['disabled', { there: { wish: { enabled: false } } }, 'no-capacity', /is disabled/],
  ['silent', { there: { seen: { contact: 'lost' } } }, 'no-capacity', /does not answer/],
  [
    'in another zone',
    { record: { wish: { zone: 'local-1a' } }, there: { wish: { zone: 'b' } } },
    'no-capacity',
    /is in b/,
  ],
  [
    'to where its image cannot be started',
    { record: { wish: { mode: 'pvh' } }, there: { seen: { capabilities: { lacks: [], modes: ['pv'] } } } },
    'no-capacity',
    /the other host starts pv guests only, and its image is for pvh/,
  ],
  ['no memory left', { more: { claims: [sizeOf(1, 16_000)] } }, 'no-capacity', /needs 512 MiB, has 384 MiB free/],
  ['no disk left', { more: { claims: [sizeOf(1, 1, 95)] } }, 'no-capacity', /needs 8 GiB of disk, has 5 GiB free/],
])('it may not: %s', (_what, parts, kind, message) => {
  const refusal = ask(parts)
  expect(refusal).toMatchObject({ kind, message: expect.stringMatching(message) })
  expect(refusal?.message).not.toContain('host-')
})

describe('shut down and started there', () => {
  const nfs: StorageBackend = { name: 'nfs', kind: 'shared', pool: 'nfs', totalGiB: 1, freeGiB: 1, clone: 'copy' }
  const pool = { backends: [nfs] }
  const disks = [{ name: 'i-00000000000000001-root', sizeGiB: 8, attached: true, pool: 'nfs' }]
  const onPool = { seen: { host: HERE as HostId, machine: sighting('running', { disks }) } }
  const restart = { how: 'restart' } as const
  const lacks = [
    { verb: 'move-live', because: 'x' },
    { verb: 'move-cold', because: 'x' },
  ] as const

  test('where its disks are on storage that both hosts have, whatever else they lack', () => {
    const there = { seen: { ...pool, capabilities: { lacks } } }
    expect(ask({ record: onPool, here: { seen: { capabilities: { lacks } } }, there, more: restart })).toBeUndefined()
  })

  test.each<[string, Case, string, RegExp]>([
    ['a disk of its own host', { there: { seen: pool } }, 'unsupported', /lies on another host alone/],
    ['another storage there', { record: onPool }, 'unsupported', /shared storage nfs/],
    [
      'that storage is away there',
      { record: onPool, there: { seen: { backends: [{ ...nfs, away: true as const }] } } },
      'unsupported',
      /shared storage nfs/,
    ],
    [
      'its memory in a file',
      { record: { seen: { ...onPool.seen, machine: sighting('saved', { disks }) } }, there: { seen: pool } },
      'state',
      /memory lies in a file/,
    ],
  ])('not with %s', (_what, parts, kind, message) => {
    const machine = parts.record ?? { seen: { host: HERE as HostId } }
    expect(ask({ ...parts, record: machine, more: restart })).toMatchObject({
      kind,
      message: expect.stringMatching(message),
    })
  })
})

test('what the host that it is on lacks for the other way does not matter', () => {
  const lacks = [{ verb: 'move-cold' as const, because: 'x' }]
  expect(ask({ here: { seen: { capabilities: { lacks } } } })).toBeUndefined()
})

describe('volumes go along', () => {
  const one = volume()
  const record = holding(one.id)

  test('one at rest does, and its room is counted', () => {
    expect(ask({ record, more: { volumes: [one] } })).toBeUndefined()
    const left = 100 - 8
    const claims = [sizeOf(0, 0, left)]
    expect(ask({ more: { claims } })).toBeUndefined()
    expect(ask({ record, more: { claims, volumes: [one] } })).toMatchObject({ kind: 'no-capacity' })
  })

  test.each<[string, StorageRecord[]]>([
    ['not there', []],
    ['on another host', [volume({ place: { host: 'h3' as HostId } })]],
    ['growing', [volume({ wish: { sizeGiB: 50 } })]],
    [
      'being worked on',
      [
        volume({
          journal: {
            intent: {
              key: 'k',
              step: 'grow',
              direction: 'up',
              attempt: 1,
              host: HERE as HostId,
              at: 1,
              sizeGiB: 1,
              outcome: 'open',
            },
          },
        }),
      ],
    ],
  ])('one that is %s does not: told by its name', (_what, volumes) => {
    const refusal = ask({ record, more: { volumes } })
    expect(refusal).toEqual({ kind: 'conflict', message: `its volume ${VOLUME} is being changed` })
  })

  test('one that grows once its machine is stopped goes along as it is', () => {
    const trouble = { kind: 'state', message: GROWS_STOPPED, at: 1 }
    const waits = volume({ wish: { sizeGiB: 50 }, journal: { trouble } })
    expect(ask({ record, more: { volumes: [waits] } })).toBeUndefined()
    const refused = volume({ wish: { sizeGiB: 50 }, journal: { trouble: { ...trouble, message: 'no qemu-img' } } })
    expect(ask({ record, more: { volumes: [refused] } })).toMatchObject({ kind: 'conflict' })
  })

  test('one that is not attached yet does not', () => {
    const refusal = ask({ record: { wish: { ...record.wish } }, more: { volumes: [one] } })
    expect(refusal).toMatchObject({ kind: 'conflict' })
  })

  test('one that belongs to a zone stays in it', () => {
    const bound = volume({ wish: { zone: 'local-1a' } })
    expect(ask({ record, there: { wish: { zone: 'local-1a' } }, more: { volumes: [bound] } })).toBeUndefined()
    expect(ask({ record, there: { wish: { zone: 'b' } }, more: { volumes: [bound] } })).toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('belongs to the zone local-1a'),
    })
  })
})

describe('what its owner asked for', () => {
  const asking = (requirements: string): ComputeParts => ({ wish: { placement: { own: { requirements } } } })

  test('of labels and names holds wherever it goes', () => {
    const here = { wish: { labels: { rack: 'r1' } } }
    expect(ask({ record: asking('RACK = "r1"'), here })).toEqual({
      kind: 'no-capacity',
      message: 'the other host does not meet RACK = "r1"',
    })
    expect(ask({ record: asking('RACK = "r1"'), here, there: here })).toBeUndefined()
    const type: ComputeParts = { wish: { placement: { type: { requirements: 'DEFINED(SSD)' } } } }
    expect(ask({ record: type })).toMatchObject({ message: 'the other host does not meet DEFINED(SSD)' })
  })

  test('of what changes by itself counted when it got its place', () => {
    expect(ask({ record: asking('RUNNING_VMS > 7 | FREE_CPU > 100000') })).toBeUndefined()
    expect(ask({ record: asking('CURRENT_VMS = "i-7"') })).toBeUndefined()
  })
})

test('its placement group is asked, without itself', () => {
  const hosts = [hostView(HERE), hostView('h2')]
  const group = (rule: PlacementRule, members: readonly GroupMember[]) => grouped('x', rule, { hosts, members }).group
  expect(ask({ more: { group: group(APART, [member('y', 'h2')]) } })).toEqual({
    kind: 'no-capacity',
    message: 'the other host has i-y of its group front (anti-affinity)',
  })
  expect(ask({ more: { group: group(APART, [member('y', 'h3')]) } })).toBeUndefined()
  expect(ask({ more: { group: group(TOGETHER, [member('y', HERE)]) } })).toMatchObject({ kind: 'no-capacity' })
  expect(ask({ more: { group: group({ ...APART, strength: 'soft' }, [member('y', 'h2')]) } })).toBeUndefined()
})

describe('places that are reserved there', () => {
  const held = (from: number, cores: number) => ({
    ...sizeOf(cores, cores * 1024),
    held: {
      ...{ reservation: `r-${from}` as ReservationId, name: 'cr-1', project: 'p' as ProjectId, match: 'open' as const },
      ...{ slots: 1, from, until: from + 1000 },
    },
  })
  // 8 cores: two reservations that never are at the same time leave room for a machine of one.
  const apart = [held(10_000, 7), held(20_000, 7)]

  test('at other times do not add up', () => {
    expect(ask({ more: { claims: apart } })).toBeUndefined()
    expect(ask({ more: { claims: apart, now: 10_500 } })).toBeUndefined()
    expect(
      ask({
        more: {
          claims: [held(10_000, 7), held(10_000, 1)].map((one, at) => ({
            ...one,
            held: { ...one.held, reservation: `r-${at}` as ReservationId },
          })),
        },
      }),
    ).toMatchObject({
      kind: 'no-capacity',
      message: expect.stringContaining('reserved for later'),
    })
  })

  test('for later are in the way of no machine that gives way by then', () => {
    const full = [held(10_000_000, 8)]
    expect(ask({ more: { claims: full } })).toMatchObject({ kind: 'no-capacity' })
    const lease = { preemptible: true as const }
    expect(ask({ record: { wish: { lease } }, more: { claims: full } })).toBeUndefined()
    expect(ask({ record: { wish: { lease } }, more: { claims: full, now: 10_000_500 } })).toMatchObject({
      kind: 'no-capacity',
    })
  })

  describe('in the middle of the time of', () => {
    const ran = { run: 0, ends: 2 * HOUR }
    const from = (lease: LeaseWish, begins: number, place: Partial<ComputePlace> = {}) =>
      ask({
        record: { wish: { lease }, place: { ...placed, lease: ran, ...place } },
        more: { claims: [held(begins, 8)] },
      })
    const refused = { kind: 'no-capacity', message: expect.stringContaining('reserved for later') }

    test('one with a deadline are kept from it, though it is preemptible: where it comes to it stays until its end', () => {
      const lease = { preemptible: true, deadline: 10 * HOUR, seconds: 7200 } as const
      expect(from(lease, HOUR)).toMatchObject(refused)
      expect(from(lease, 2 * HOUR + 29_000)).toMatchObject(refused)
      expect(from(lease, 2 * HOUR + 30_000)).toBeUndefined()
    })

    test('one with a deadline that gave its place away are kept from it: the rest of its time is one stretch there', () => {
      const parked = { since: 0, how: 'saved', by: 'cr-1' } as const
      const lease = { preemptible: true, deadline: 10 * HOUR, seconds: 7200 } as const
      expect(from(lease, 3 * HOUR, { parked })).toMatchObject(refused)
      expect(from({ preemptible: true, seconds: 7200 }, 3 * HOUR, { parked })).toBeUndefined()
    })

    test('one that ends, and that does not give way, are kept from it; what begins after its end is not', () => {
      expect(from({ seconds: 7200 }, HOUR)).toMatchObject(refused)
      expect(from({ seconds: 7200 }, 3 * HOUR)).toBeUndefined()
      expect(from({ seconds: 7200 }, 3 * HOUR, { lease: { run: 0 } })).toMatchObject(refused)
    })
  })

  test('are never given away twice: whoever may come is no claim of that time', () => {
    const hours = fc.integer({ min: 1, max: 12 }).map((many) => many * HOUR)
    const lease = fc.record(
      { preemptible: fc.constant(true as const), deadline: hours, seconds: fc.constant(7200) },
      { requiredKeys: [] },
    )
    const place = fc.record(
      {
        lease: fc.record({ run: fc.constant(0), ends: hours }, { requiredKeys: ['run'] }),
        parked: fc.constant({ since: 0, how: 'saved', by: 'cr-1' } as const),
      },
      { requiredKeys: ['lease'] },
    )
    fc.assert(
      fc.property(lease, place, hours, (terms, more, begins) => {
        const record = computeRecord({ wish: { lease: terms }, place: { ...placed, ...more } })
        const claims = [held(begins, 8)]
        if (ask({ record: { wish: { lease: terms }, place: { ...placed, ...more } }, more: { claims } })) return
        expect(isOverbooked(sizeOf(8, 16_384, 100), [...claims, movedClaim(record)], 0)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})
