import type { ComputeId, HostId, ProjectId, ReservationId } from '../../../src/model/ids'
import { type Demand, preferenceOf } from '../../../src/model/placement'
import { DemandKeys } from '../../../workers/scheduler/demand-keys'

const SIZE = { type: '', cores: 1, cpuHundredths: 100, memoryMiB: 1024, diskGiB: 10 }
const machine = (parts: Partial<Demand> = {}): Demand => ({
  ...{ id: 'm' as ComputeId, size: { ...SIZE }, zone: null, avoid: [] },
  ...parts,
})
const project = (name: string) => name as ProjectId
const ranked = preferenceOf([{ rank: 'CPUSPEED' }])
const choosy = preferenceOf([{ requirements: 'CPUSPEED > 2' }])

const areAlike = (a: Demand, b: Demand): boolean => {
  const keys = new DemandKeys()
  return keys.of(a) === keys.of(b)
}

test.each<[string, Partial<Demand>, Partial<Demand>]>([
  ['their ids and names', { id: 'a' as ComputeId, name: 'i-1' }, { id: 'b' as ComputeId, name: 'i-2' }],
  ['their projects, where nothing is required of hosts', { project: project('p') }, { project: project('q') }],
  [
    'who only rank hosts',
    { project: project('p'), preference: ranked },
    { project: project('q'), preference: { ...ranked } },
  ],
  [
    'why they avoid a host',
    { avoid: [{ host: 'h' as HostId, because: 'full' }] },
    { avoid: [{ host: 'h' as HostId, because: 'refused' }] },
  ],
])('machines are alike but for %s', (_what, a, b) => {
  expect(areAlike(machine(a), machine(b))).toBe(true)
})

test.each<[string, Partial<Demand>, Partial<Demand>]>([
  ['sizes', {}, { size: { ...SIZE, memoryMiB: 2048 } }],
  ['zones', {}, { zone: 'a' }],
  ['hosts to avoid', {}, { avoid: [{ host: 'h' as HostId, because: 'full' }] }],
  ['a host to be on', { with: 'h' as HostId }, { beside: 'h' as HostId }],
  ['none and any', { with: null }, {}],
  ['ranks', { preference: ranked }, { preference: preferenceOf([{ rank: '- CPUSPEED' }]) }],
  [
    'projects, where something is required of hosts',
    { project: project('p'), preference: choosy },
    { project: project('q'), preference: choosy },
  ],
  ['reservations', { capacity: { use: 'none' } }, { capacity: { use: 'open', reservation: 'r' as ReservationId } }],
  ['whether they give way', {}, { yields: true }],
  ['when they end', { ends: 1 }, { ends: 2 }],
  ['shared storage', { pools: ['one'] }, { pools: ['one', 'two'] }],
])('other %s make another kind', (_what, a, b) => {
  expect(areAlike(machine(a), machine(b))).toBe(false)
})

test('an object that is another one and says the same is the same', () => {
  expect(areAlike(machine({ preference: choosy }), machine({ preference: structuredClone(choosy) }))).toBe(true)
})
