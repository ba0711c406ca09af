/** Machines that share their host with no other project, and those that name it. */
import fc from 'fast-check'
import type { HostId, ProjectId, ReservationId } from '../../../src/model/ids'
import {
  type Demand,
  demandOf,
  demandToMove,
  formatClaim,
  type HostClaim,
  hostViews,
  machineClaim,
  reserve,
  resizedClaim,
} from '../../../src/model/placement'
import { place } from '../../../workers/scheduler/place'
import { computeRecord } from '../../support/compute-record'
import { demand, hostRecord, hostView, sizeOf } from '../../support/host-record'

const of = (id: string, project: string, hosting?: Demand['hosting']): Demand =>
  demand(id, sizeOf(1, 1024), { project: project as ProjectId, ...(hosting ? { hosting } : {}) })
const alone = { alone: true } as const
const claim = (project: string, more: Partial<HostClaim> = {}): HostClaim => ({
  ...sizeOf(1, 1024),
  project: project as ProjectId,
  ...more,
})
const viewOf = (id: string, ...claims: HostClaim[]) => {
  const [view] = hostViews([{ record: hostRecord(id), claims }], 0)
  if (!view) throw new Error('no view')
  return view
}
const placedOn = (hosts: Parameters<typeof place>[0]['hosts'], machines: readonly Demand[]) =>
  place({ hosts, machines }).placed.map((one) => `${one.machine}@${one.host}`)
const SHARED = 'is shared by projects, or kept for another one'

test('a machine that is to be alone goes where nobody else is, and nobody else comes there, in one plan', () => {
  const hosts = [viewOf('1', claim('bob')), viewOf('2', claim('ann')), viewOf('3')]
  const machines = [of('a', 'ann', alone), of('b', 'ann', alone), of('c', 'bob'), of('d', 'bob'), of('e', 'ann')]
  const on = placedOn(hosts, machines)
  expect(on.toSorted()).toEqual(['a@3', 'b@2', 'c@1', 'd@1', expect.stringMatching(/^e@[23]$/)])
})

test('where it is already, none of another project comes, and its own may', () => {
  const host = viewOf('1', claim('ann', alone))
  expect(placedOn([host], [of('b', 'bob'), of('a', 'ann')])).toEqual(['a@1'])
  const { left } = place({ hosts: [host], machines: [of('b', 'bob')] })
  expect(left[0]?.waiting.reasons).toEqual({ [SHARED]: 1 })
})

test.each([
  ['a machine of another project', viewOf('1', claim('bob'))],
  ['one that gave its place away', viewOf('1', claim('bob', { cores: 0, cpuHundredths: 0, memoryMiB: 0 }))],
  ['a machine of before claims told whose they are', viewOf('1', sizeOf(1, 1024))],
  [
    'a place promised to another project',
    viewOf('1', {
      ...sizeOf(1, 1024),
      held: {
        ...{ reservation: 'r' as ReservationId, name: 'cr-1', project: 'bob' as ProjectId, match: 'open', slots: 1 },
        ...{ from: 1000, until: 2000 },
      },
    }),
  ],
  [
    'a domain of nobody here',
    hostViews([{ record: hostRecord('1', { seen: { foreign: [foreign()] } }), claims: [] }])[0],
  ],
])('%s keeps one away that is to be alone', (_name, host) => {
  if (!host) throw new Error('no view')
  expect(placedOn([host], [of('a', 'ann', alone)])).toEqual([])
  expect(placedOn([host], [of('a', 'ann')])).toEqual(['a@1'])
})

function foreign() {
  return { name: 'x', uuid: null, size: sizeOf(1, 512), runsHost: false } as never
}

test('volumes of others, and places reserved for its own project, are in nobody’s way', () => {
  const volume = { ...sizeOf(0, 0, 5), type: '' }
  const held = { reservation: 'r' as ReservationId, name: 'cr-1', project: 'ann' as ProjectId, match: 'open' as const }
  const host = viewOf('1', volume, { ...sizeOf(1, 1024), held: { ...held, slots: 1, from: 1000, until: null } })
  expect(placedOn([host], [of('a', 'ann', alone)])).toEqual(['a@1'])
})

test('nothing is reserved for others on a host that is kept for one', () => {
  const hosts = [{ record: hostRecord('1'), claims: [claim('ann', alone)] }]
  const ask = { size: sizeOf(1, 1024), count: 1, zone: 'local-1a', from: 0, until: null }
  expect(reserve({ ...ask, project: 'bob' as ProjectId }, hosts, 0).state).toBe('refused')
  expect(reserve(ask, hosts, 0).state).toBe('refused')
  expect(reserve({ ...ask, project: 'ann' as ProjectId }, hosts, 0).state).toBe('held')
})

test('a claim tells whose it is and that it is alone, also with another size', () => {
  const record = computeRecord({ wish: { hosting: alone } })
  const first = machineClaim(record)
  expect(first).toMatchObject({ project: record.project, alone: true })
  expect(resizedClaim(formatClaim(first), sizeOf(2, 2048))).toMatchObject({ project: record.project, alone: true })
  expect(machineClaim(computeRecord())).not.toHaveProperty('alone')
})

test('the host that was named, for the first place; afterwards only where it stays there', () => {
  const hosts = [hostView('1'), hostView('2')]
  const host = '2' as HostId
  expect(placedOn(hosts, [of('a', 'ann', { host })])).toEqual(['a@2'])
  expect(placedOn([hosts[0] ?? hostView('1')], [of('a', 'ann', { host })])).toEqual([])
  const wish = { hosting: { host, alone: true } } as const
  const fresh = computeRecord({ wish, seen: { starts: 0 } })
  const ran = computeRecord({ wish, seen: { starts: 1 } })
  expect(demandOf(fresh, 0).hosting).toEqual(wish.hosting)
  expect(demandOf(ran, 0).hosting).toEqual(alone)
  expect(demandToMove(ran, 0, []).hosting).toEqual(alone)
  const stays = computeRecord({ wish: { hosting: { host, stays: true } }, seen: { starts: 1 } })
  expect(demandOf(stays, 0).hosting).toEqual({ host, stays: true })
  expect(demandToMove(stays, 0, []).hosting).toEqual({ host, stays: true })
  expect(demandToMove(computeRecord({ wish: { hosting: { host } } }), 0, [])).not.toHaveProperty('hosting')
})

const PROJECTS = ['ann', 'bob', 'cyd']
const someone = fc.constantFrom(...PROJECTS)
const machine = fc.record({ project: someone, alone: fc.boolean() })
test('never two projects on one host where one machine of it is to be alone', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(machine, { maxLength: 3 }), { minLength: 1, maxLength: 5 }),
      fc.array(machine, { maxLength: 12 }),
      (there, coming) => {
        // Hosts as they may have come to be: one that is kept has machines of one project.
        const hosts = there.map((machines, at) => {
          const kept = machines.find((one) => one.alone)
          const its = kept ? machines.filter(({ project }) => project === kept.project) : machines
          return { id: `${at}`, machines: its }
        })
        const views = hosts.map(({ id, machines }) =>
          viewOf(id, ...machines.map((one) => claim(one.project, one.alone ? alone : {}))),
        )
        const demands = coming.map((one, at) => of(`m${at}`, one.project, one.alone ? alone : undefined))
        const { placed } = place({ hosts: views, machines: demands })
        for (const { id, machines } of hosts) {
          const came = placed.flatMap((one) => (one.host === id ? [coming[Number(one.machine.slice(1))]] : []))
          const all = [...machines, ...came.filter((one) => one !== undefined)]
          if (all.some((one) => one.alone)) expect(new Set(all.map(({ project }) => project)).size).toBe(1)
        }
      },
    ),
  )
})
