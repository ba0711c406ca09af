import type { HostId, ProjectId, ReservationId } from '../../../../src/model/ids'
import {
  bookingClaim,
  bookingKey,
  demandOf,
  formatClaim,
  type HostClaim,
  hostViews,
  machineClaim,
} from '../../../../src/model/placement'
import type { Booked, ComputeRecord, ReservationRecord, WhatIfChange } from '../../../../src/model/records'
import { answerWhatIf } from '../../../../workers/reconcile/studies/answer-what-if'
import type { StudiedSite } from '../../../../workers/reconcile/studies/read-site'
import { type ComputeParts, computeRecord, sighting } from '../../../support/compute-record'
import { hostRecord, sizeOf } from '../../../support/host-record'
import { APART, groupRecord } from '../../../support/placement-group'
import { providerRecord, THEIR_IMAGE } from '../../../support/provider-record'

const id = (host: string) => host as HostId
const HOSTS = ['h1', 'h2', 'h3'].map((host) =>
  hostRecord(host, { seen: { capacity: { cpuHundredths: 200, memoryMiB: 4096, diskGiB: 100 } } }),
)

function machine(at: number, host: string | null, parts: ComputeParts = {}): ComputeRecord {
  const name = `i-0000000000000000${at}`
  const disks = [{ name: `${name}-root`, sizeGiB: 1, attached: true, pool: 'nfs' }]
  return computeRecord({
    id: `11111111-0000-4000-8000-00000000000${at}`,
    ...parts,
    wish: { name, size: sizeOf(1, 1024), options: { restartable: true }, ...parts.wish },
    seen:
      host === null
        ? {}
        : { host: id(host), machine: sighting('running', { name, disks }), starts: 1, startedAt: 1, ...parts.seen },
    place: host === null ? {} : { host: id(host), hostName: `host-${host}` },
  })
}

/** `reserved`: claims of reservations, by host. */
function ask(
  records: readonly ComputeRecord[],
  changes: readonly WhatIfChange[],
  hosts = HOSTS,
  reserved: Readonly<Record<string, HostClaim>> = {},
  more: Partial<Pick<StudiedSite, 'held' | 'groups' | 'bursts' | 'reservations'>> = {},
) {
  const withPool = hosts.map((host) => ({
    ...host,
    seen: {
      ...host.seen,
      backends: [{ name: 'nfs', kind: 'shared', pool: 'nfs', totalGiB: 9, freeGiB: 9, clone: 'copy' } as const],
    },
  }))
  const claims = (host: HostId): readonly HostClaim[] => [
    ...records.flatMap(({ place, wish }) => (place.host === host ? [wish.size] : [])),
    ...(reserved[host] ? [reserved[host]] : []),
  ]
  const waiting = records.filter(({ place }) => place.host === null)
  return answerWhatIf(
    {
      hosts: withPool,
      views: hostViews(
        withPool.map((record) => ({ record, claims: claims(record.id) })),
        1,
      ),
      placed: records.filter(({ place }) => place.host !== null).map((record) => ({ record, volumes: [] })),
      waiting: waiting.map((record) => ({ record, demand: demandOf(record, 1) })),
      ...{ held: [], groups: { records: new Map(), revisions: new Map() }, bursts: () => ({}) },
      ...{ reservations: [], records: new Map(records.map((record) => [record.id, record])) },
      backfilling: { kind: 'aggressive' },
      ...more,
      placement: undefined,
      now: 1,
    },
    { kind: 'whatif', changes },
  )
}

test('a host dies: what is restartable and on shared storage goes elsewhere, as long as there is room', () => {
  const all = [1, 2]
    .map((at) => machine(at, 'h1'))
    .concat(
      [3, 4].map((at) => machine(at, 'h2')),
      machine(5, 'h3'),
    )
  const answer = ask(all, [{ kind: 'lose', hosts: [id('h1')] }])
  expect(answer.counts).toEqual({ move: 1, stay: 0, wait: 1, unfit: 0 })
  expect(answer.move).toMatchObject([{ name: 'i-00000000000000001', from: 'host-h1', to: 'host-h3', because: '' }])
  expect(answer.wait).toMatchObject([{ to: null, because: 'not enough CPU (2 hosts)' }])
})

test('what its owner did not mark stays, with what the owner would read', () => {
  const answer = ask([machine(1, 'h1', { wish: { options: {} } })], [{ kind: 'lose', hosts: [id('h1')] }])
  expect(answer.counts).toMatchObject({ move: 0, stay: 1 })
  expect(answer.stay[0]?.because).toMatch(/not marked as restartable/)
})

test('hosts are added: who waits now gets a place; what fits no host however empty never does', () => {
  const waits = [
    machine(6, null, { wish: { size: sizeOf(2, 1024) } }),
    machine(7, null, { wish: { size: sizeOf(3, 1) } }),
  ]
  const full = [1, 2, 3].map((at) => machine(at, `h${at}`))
  expect(ask([...full, ...waits], []).counts).toEqual({ move: 0, stay: 0, wait: 1, unfit: 1 })
  const more = ask([...full, ...waits], [{ kind: 'add', like: id('h2'), count: 2 }])
  expect(more).toMatchObject({ hosts: { before: 3, after: 5 }, counts: { move: 1, stay: 0, wait: 0, unfit: 1 } })
  expect(more.move).toMatchObject([{ from: null, to: 'like host-h2 (1)' }])
})

test('a host that is added is enabled and answers, whatever becomes of the one that it is like', () => {
  const silent = HOSTS.map((host) => hostRecord(host.id, { wish: { enabled: false }, seen: host.seen }))
  const changes: WhatIfChange[] = [
    { kind: 'lose', hosts: HOSTS.map((host) => host.id) },
    { kind: 'add', like: id('h1'), count: 1 },
  ]
  expect(ask([machine(1, 'h1')], changes, silent).counts).toMatchObject({ move: 1 })
})

test('of each fate at most a hundred are named, and all are counted', () => {
  const many = Array.from({ length: 130 }, (_, at) => ({ ...machine(1, null), id: `m${at}` as never }))
  const answer = ask(many, [{ kind: 'lose', hosts: HOSTS.map((host) => host.id) }])
  expect(answer.counts.unfit).toBe(130)
  expect(answer.unfit).toHaveLength(100)
  expect(answer.unfit[0]?.because).toBe('there is no host')
})

/** All of a host's CPU, for the machines' own project. */
const reservation = (from: number): HostClaim => ({
  ...sizeOf(1, 1024),
  held: {
    reservation: 'r1' as ReservationId,
    name: 'cr-1',
    project: machine(1, null).project as ProjectId,
    match: 'open',
    slots: 2,
    from,
    until: null,
  },
})

test.each([
  ['has begun', 0],
  ['is to come', 1000],
])(
  'a host that is added has nothing reserved on it, where a reservation on the one that it is like %s',
  (_when, from) => {
    const waits = [1, 2, 3].map((at) => machine(at, null))
    const changes: WhatIfChange[] = [
      { kind: 'lose', hosts: HOSTS.map((host) => host.id) },
      { kind: 'add', like: id('h1'), count: 1 },
    ]
    const { counts } = ask(waits, changes, HOSTS, { h1: reservation(from) })
    expect(counts).toEqual({ move: 2, stay: 0, wait: 1, unfit: 0 })
  },
)

test('what is promised to a reservation that is to come is waited for: it would fit there with nothing else on it', () => {
  const [only] = HOSTS
  const { counts } = ask([machine(1, null)], [], only ? [only] : [], { h1: reservation(1000) })
  expect(counts).toMatchObject({ move: 0, wait: 1, unfit: 0 })
})

test('machines of a group stay apart from those that are where they were, and from each other', () => {
  const front = groupRecord('front', APART)
  const placementGroup = { id: front.id }
  const all = [machine(1, 'h1', { wish: { placementGroup } }), machine(2, 'h2', { wish: { placementGroup } })]
  const waits = [machine(3, null, { wish: { placementGroup } })]
  const held = all.map((record) => ({
    host: record.place.host ?? id(''),
    revision: 1,
    claims: { [record.id]: formatClaim(machineClaim(record)) },
  }))
  const groups = { records: new Map([[front.id, front]]), revisions: new Map() }
  const answer = ask([...all, ...waits], [{ kind: 'drain', hosts: [id('h1')] }], HOSTS, {}, { held, groups })
  expect(answer.move).toMatchObject([{ from: 'host-h1', to: 'host-h3' }])
  expect(answer.counts).toEqual({ move: 1, stay: 0, wait: 1, unfit: 0 })
})

test.each([
  ['has lost its host', 'lose', 1],
  ['is drained', 'drain', 0],
] as const)('a machine that %s goes to a provider, or does not, as it would', (_what, kind, move) => {
  const never = machine(1, 'h1', { seen: { machine: null, starts: 0, startedAt: null } })
  const burst = { image: THEIR_IMAGE, homebound: false, tied: null, patienceMs: 0 }
  const hosts = [...HOSTS.slice(0, 1), providerRecord('p1')]
  const { counts } = ask([never], [{ kind, hosts: [id('h1')] }], hosts, {}, { bursts: () => ({ burst }) })
  expect(counts).toEqual({ move, stay: 0, wait: 0, unfit: 1 - move })
})

const HOUR = 3_600_000

/** A host's claims as the store has them, for what is promised there. */
const claimsOn = (byHost: Readonly<Record<string, Readonly<Record<string, HostClaim>>>>) =>
  HOSTS.map(({ id: host }) => ({
    host,
    revision: 1,
    claims: Object.fromEntries(Object.entries(byHost[host] ?? {}).map(([key, claim]) => [key, formatClaim(claim)])),
  }))

test('a lease that waits is planned for: it begins, has its time, or is told that it cannot be', () => {
  const leased = (at: number, lease: ComputeRecord['wish']['lease'], cores = 2) =>
    machine(at, null, { wish: { lease: lease ?? {}, size: sizeOf(cores, 1024), createdAt: at } })
  const waits = [
    leased(1, { seconds: 60 }),
    leased(2, { start: HOUR, seconds: 60 }),
    leased(3, { start: 'now', seconds: 60 }, 3),
  ]
  const answer = ask(waits, [], HOSTS.slice(0, 1), {}, { held: claimsOn({}) })
  expect(answer.move).toMatchObject([
    { name: 'i-00000000000000001', to: 'host-h1', because: '' },
    { name: 'i-00000000000000002', to: 'host-h1', because: 'its lease begins at 1970-01-01T01:00:00Z' },
  ])
  expect(answer.unfit).toMatchObject([{ name: 'i-00000000000000003', because: expect.stringContaining('larger than') }])
  // What they are given or promised, nobody else is.
  const [plain] = ask([...waits, machine(4, null)], [], HOSTS.slice(0, 1), {}, { held: claimsOn({}) }).wait
  expect(plain).toMatchObject({ name: 'i-00000000000000004' })
})

test('next week’s lease on a host that is lost is booked elsewhere, as long as there is room, or told that there is none', () => {
  const record = machine(1, null, { wish: { lease: { start: HOUR, seconds: 60 }, size: sizeOf(2, 1024) } })
  const booked: Booked = {
    ...{ number: 0, host: id('h1'), lead: 'boot', from: HOUR - 60_000, run: HOUR, stop: HOUR + 60_000 },
    ...{ to: HOUR + 90_000, ends: 'done' },
  }
  const promised = { ...record, place: { ...record.place, lease: { booked: [booked] } } }
  const held = claimsOn({ h1: { [bookingKey(record.id, booked)]: bookingClaim(record, record.wish.size, booked) } })
  expect(ask([promised], [], HOSTS, {}, { held }).wait).toMatchObject([{ from: 'host-h1', to: 'host-h1' }])
  const lost = [{ kind: 'lose', hosts: [id('h1')] }] as const
  expect(ask([promised], lost, HOSTS, {}, { held })).toMatchObject({
    counts: { move: 1, wait: 0 },
    move: [{ from: 'host-h1', to: 'host-h2', because: 'its lease begins at 1970-01-01T01:00:00Z' }],
  })
  const alone = ask([promised], lost, HOSTS.slice(0, 1), {}, { held: held.slice(0, 1) })
  expect(alone.wait).toMatchObject([{ to: null, because: expect.stringContaining('no others have room') }])
})

test('a reservation to come finds other hosts for its places, and says how many have no room', () => {
  const { held } = reservation(HOUR)
  if (!held) throw new Error('it holds places')
  const wish = { name: 'cr-1', size: sizeOf(1, 1024), count: 2, zone: 'local-1a', startsAt: HOUR, endsAt: null }
  const record = { kind: 'reservation', id: 'r1', project: held.project, wish } as unknown as ReservationRecord
  const more = { held: claimsOn({ h1: { r1: reservation(HOUR) } }), reservations: [record] }
  expect(ask([], [], HOSTS, {}, more).counts).toEqual({ move: 0, stay: 0, wait: 0, unfit: 0 })
  const drained = [{ kind: 'drain', hosts: [id('h1')] }] as const
  expect(ask([], drained, HOSTS, {}, more).move).toMatchObject([
    { name: 'cr-1', from: 'host-h1', to: 'host-h2', because: 'reserved from 1970-01-01T01:00:00Z on' },
  ])
  const all = [{ kind: 'lose', hosts: HOSTS.map((host) => host.id) }] as const
  expect(ask([], all, HOSTS, {}, more).wait).toMatchObject([
    { name: 'cr-1', because: 'reserved from 1970-01-01T01:00:00Z on; 2 of its 2 places would have no room' },
  ])
})
