import type { HostId } from '../../../src/model/ids'
import type { HostView } from '../../../src/model/placement'
import type { PlacementRule } from '../../../src/model/records'
import { place } from '../../../workers/scheduler/place'
import { demand, hostView, sizeOf } from '../../support/host-record'
import { APART, grouped, member, PARTITIONS, TOGETHER } from '../../support/placement-group'

const GIB = 1024
const labelled = (id: string, labels: Readonly<Record<string, string>>, parts: Partial<HostView> = {}) =>
  hostView(id, {
    ...parts,
    traits: { driver: 'xl', total: parts.usable ?? sizeOf(8, 16 * GIB, 100), labels, measured: null, instances: [] },
  })
const many = (count: number, rule: PlacementRule, parts: Parameters<typeof grouped>[2] = {}) =>
  Array.from({ length: count }, (_, at) => grouped(`${101 + at}`, rule, parts))
const where = (plan: ReturnType<typeof place>) => plan.placed.map(({ machine, host }) => `${machine} ${host}`)
const why = (plan: ReturnType<typeof place>) => plan.left.map(({ machine, waiting }) => [machine, waiting] as const)

const hosts = [hostView('a'), hostView('b')]

test('apart, hard: one for each host, the third waits and says which rule and which machines', () => {
  const plan = place({ hosts, machines: many(3, APART, { hosts }) })
  expect(where(plan)).toEqual(['101 a', '102 b'])
  expect(why(plan)).toEqual([
    [
      '103',
      {
        reasons: { 'has a machine of its group already': 2 },
        examples: [{ host: 'host-a', because: 'has i-101 of its group front (anti-affinity)' }],
        wouldFit: 'anti-affinity with i-101, i-102: its group front has one machine for each host',
      },
    ],
  ])
})

test('apart, hard: those that have their place count', () => {
  const [next] = many(1, APART, { hosts, members: [member('1', 'a')] })
  expect(where(place({ hosts, machines: next ? [next] : [] }))).toEqual(['101 b'])
  const [last] = many(1, APART, { hosts, members: [member('1', 'a'), member('2', 'b'), member('3', 'gone')] })
  expect(place({ hosts, machines: last ? [last] : [] }).placed).toEqual([])
})

test('apart, hard: one that gave its place away comes back to where its disks are, and nobody else comes there', () => {
  const members = [member('101', 'a')]
  const back = grouped('101', APART, { hosts, members, beside: 'a' as HostId })
  const other = grouped('102', APART, { hosts, members })
  const third = grouped('103', APART, { hosts, members })
  for (const machines of [
    [back, other, third],
    [other, back, third],
  ]) {
    const plan = place({ hosts, machines })
    expect(where(plan).toSorted()).toEqual(['101 a', '102 b'])
    expect(why(plan)).toEqual([
      [
        '103',
        {
          reasons: { 'has a machine of its group already': 2 },
          examples: [{ host: 'host-a', because: 'has i-101 of its group front (anti-affinity)' }],
          wouldFit: 'anti-affinity with i-101, i-102: its group front has one machine for each host',
        },
      ],
    ])
  }
})

test('apart, hard: one that gave its place away is not told to stand in its own way, and two in one place are', () => {
  const full = [hostView('a', { usable: sizeOf(0, 0) }), hostView('b')]
  const alone = { hosts: full, members: [member('101', 'a')], beside: 'a' as HostId }
  expect(why(place({ hosts: full, machines: many(1, APART, alone) }))[0]?.[1]).toMatchObject({
    reasons: { 'it was saved on another host': 1 },
    wouldFit: expect.not.stringContaining('i-101'),
  })
  const members = [member('101', 'a'), member('102', 'a')]
  const both = place({ hosts, machines: many(2, APART, { hosts, members, beside: 'a' as HostId }) })
  expect(both.placed).toEqual([])
  expect(why(both)[0]?.[1].wouldFit).toContain('anti-affinity with i-102:')
})

test('together, hard: one that comes back is no machine in two places to the others', () => {
  const members = [member('101', 'a'), member('102', 'a')]
  const machines = [
    grouped('101', TOGETHER, { hosts, members, beside: 'a' as HostId }),
    grouped('103', TOGETHER, { hosts, members }),
  ]
  expect(where(place({ hosts, machines }))).toEqual(['101 a', '103 a'])
})

test('apart by a label: hosts without it are places by themselves', () => {
  const racks = [
    labelled('a', { Rack: 'r1' }),
    labelled('b', { rack: 'r1' }),
    labelled('c', { rack: 'r2' }),
    labelled('d', {}),
    labelled('e', {}),
  ]
  const plan = place({ hosts: racks, machines: many(5, { ...APART, over: 'rack' }, { hosts: racks }) })
  expect(where(plan)).toEqual(['101 a', '102 c', '103 d', '104 e'])
  expect(plan.left[0]?.waiting.wouldFit).toBe(
    'anti-affinity with i-101, i-102, i-103, i-104: its group front has one machine for each value of the label rack',
  )
})

test('apart by zone', () => {
  const zones = [hostView('a', { zone: 'z1' }), hostView('b', { zone: 'z1' }), hostView('c', { zone: 'z2' })]
  expect(where(place({ hosts: zones, machines: many(3, { ...APART, over: 'zone' }, { hosts: zones }) }))).toEqual([
    '101 a',
    '102 c',
  ])
})

test('apart, soft: as evenly as it can be', () => {
  const soft: PlacementRule = { ...APART, strength: 'soft' }
  const packing = { preference: { requirements: [], shares: [{ rank: 'RUNNING_VMS', weight: 1 }], priority: 0 } }
  const plan = place({ hosts, machines: many(5, soft, { hosts, ...packing }) })
  expect(where(plan)).toEqual(['101 a', '102 b', '103 a', '104 b', '105 a'])
})

test('two groups do not know of each other, and a machine without one goes by its rank', () => {
  const machines = [
    grouped('1', APART, { hosts, name: 'one' }),
    { ...grouped('2', APART, { hosts }), id: '2' as never },
    demand('3'),
    demand('4'),
  ]
  const [first, second] = machines
  if (!first || !second?.group) throw new Error('no machines')
  const other = { ...second, group: { ...second.group, view: { ...second.group.view, id: 'other' as never } } }
  expect(where(place({ hosts, machines: [first, other, ...machines.slice(2)] }))).toEqual(['1 a', '2 b', '3 a', '4 b'])
})

test('together, hard: all on the first host by rank that takes all of them, or none', () => {
  const three = [
    hostView('a', { machines: 0, usable: { cpuHundredths: 200, memoryMiB: 16 * GIB, diskGiB: 100 } }),
    hostView('b', { machines: 5, usable: { cpuHundredths: 400, memoryMiB: 16 * GIB, diskGiB: 100 } }),
    hostView('c', { machines: 3, usable: { cpuHundredths: 400, memoryMiB: 2 * GIB, diskGiB: 100 } }),
  ]
  expect(where(place({ hosts: three, machines: many(3, TOGETHER, { hosts: three }) }))).toEqual([
    '101 b',
    '102 b',
    '103 b',
  ])
  const plan = place({ hosts: three, machines: many(5, TOGETHER, { hosts: three }) })
  expect(plan.placed).toEqual([])
  expect(new Set(plan.left.map(({ waiting }) => JSON.stringify(waiting))).size).toBe(1)
  expect(plan.left[0]?.waiting).toEqual({
    reasons: { 'not enough room for its whole group': 3 },
    examples: [
      {
        host: 'host-a',
        because:
          'has 2 cores, 16384 MiB of memory and 100 GiB of disk, all 5 of its group front need 5 cores, 5120 MiB of memory and 5 GiB of disk',
      },
    ],
    wouldFit:
      'affinity: all 5 machines of its group front get their places at once, by host; they need 5 cores, 5120 MiB of memory and 5 GiB of disk',
  })
})

test('together, hard: one that no host takes holds all of its group back, and nobody else', () => {
  const fussy = {
    preference: { requirements: [{ text: 'RACK = "r9"', mode: 'native' as const }], shares: [], priority: 0 },
  }
  const machines = [grouped('1', TOGETHER, { hosts }), grouped('2', TOGETHER, { hosts, ...fussy }), demand('3')]
  const plan = place({ hosts, machines })
  expect(where(plan)).toEqual(['3 a'])
  expect(plan.left.map(({ machine }) => machine)).toEqual(['1', '2'])
})

test('together, hard: later ones go where the others are, each by itself', () => {
  const small = [hostView('a'), hostView('b', { usable: { cpuHundredths: 100, memoryMiB: 16 * GIB, diskGiB: 100 } })]
  const plan = place({ hosts: small, machines: many(2, TOGETHER, { hosts: small, members: [member('1', 'b')] }) })
  expect(where(plan)).toEqual(['101 b'])
  expect(plan.left[0]?.waiting.reasons).toEqual({ 'is not where its group is': 1, 'not enough CPU': 1 })
  expect(plan.left[0]?.waiting.wouldFit).toContain('affinity with i-1, i-101: its group front is kept in one place')
})

test('together, hard: nobody joins while one is on its way between two hosts', () => {
  const members = [member('1', 'a'), member('1', 'b')]
  const plan = place({ hosts, machines: many(1, TOGETHER, { hosts, members }) })
  expect(plan.placed).toEqual([])
  expect(plan.left[0]?.waiting.examples[0]?.because).toBe(
    'has to wait until i-1 of its group front has been moved (affinity)',
  )
})

test('together by rack: the whole set within one rack, the largest first where that alone fits', () => {
  const usable = { cpuHundredths: 300, memoryMiB: 16 * GIB, diskGiB: 100 }
  const racks = [
    labelled('a', { rack: 'r1' }, { usable: { ...usable, cpuHundredths: 500 } }),
    labelled('b', { rack: 'r2' }, { usable }),
    labelled('c', { rack: 'r2' }, { usable }),
  ]
  const over: PlacementRule = { ...TOGETHER, over: 'rack' }
  const sizes = [1, 1, 1, 3].map((cores) => sizeOf(cores, GIB))
  const machines = sizes.map((size, at) => grouped(`${at}`, over, { hosts: racks, size }))
  expect(where(place({ hosts: racks, machines }))).toEqual(['3 b', '0 c', '1 c', '2 c'])
})

test('together, soft: on one host if it can be, else near each other', () => {
  const soft: PlacementRule = { ...TOGETHER, strength: 'soft' }
  expect(where(place({ hosts, machines: many(4, soft, { hosts }) })).map((one) => one.at(-1))).toEqual([...'aaaa'])
  const small = ['a', 'b', 'c'].map((id) =>
    hostView(id, { usable: { cpuHundredths: 200, memoryMiB: 16 * GIB, diskGiB: 100 } }),
  )
  expect(where(place({ hosts: small, machines: many(5, soft, { hosts: small }) })).map((one) => one.at(-1))).toEqual([
    ...'aabbc',
  ])
})

test('partitions: no rack has two, each has as many racks, and within one they may share', () => {
  const racks = ['r1', 'r1', 'r2', 'r3', 'r4'].map((rack, at) => labelled(`${at}`, { rack }))
  const machines = [1, 1, 1, 2, 2, 1].map((partition, at) => grouped(`m${at}`, PARTITIONS, { hosts: racks, partition }))
  expect(where(place({ hosts: racks, machines }))).toEqual(['m0 0', 'm1 1', 'm2 2', 'm3 3', 'm4 4', 'm5 0'])
})

test('partitions: what belongs to another one is refused, with whose it is', () => {
  const racks = [labelled('a', { rack: 'r1' }), labelled('b', { rack: 'r2' })]
  const members = [member('1', 'a', 2), member('2', 'b', 1)]
  const full = racks.map((host) => (host.id === 'b' ? { ...host, free: sizeOf(0, 0, 0) } : host))
  const plan = place({ hosts: full, machines: [grouped('x', PARTITIONS, { hosts: full, members, partition: 1 })] })
  expect(plan.placed).toEqual([])
  expect(plan.left[0]?.waiting).toMatchObject({
    reasons: { 'is kept for another partition of its group': 1, 'not enough CPU': 1 },
    wouldFit: expect.stringContaining('partition 1 of its group front is kept apart from i-1'),
  })
})

test('a set is never cut in two by how many get a place at once', () => {
  const machines = [demand('x'), ...many(3, TOGETHER, { hosts })]
  const cut = place({ hosts, machines }, 3)
  expect([cut.isCut, where(cut)]).toEqual([true, ['x a']])
  const whole = place({ hosts, machines: machines.slice(1) }, 2)
  expect(where(whole)).toHaveLength(3)
})

test('many hosts and a set that fits nowhere: the others do not wait for it', () => {
  const all = Array.from({ length: 2000 }, (_, at) => hostView(`${10_000 + at}`))
  const machines = [...many(20, TOGETHER, { hosts: all }), demand('x')]
  const plan = place({ hosts: all, machines })
  expect(where(plan)).toEqual(['x 10000'])
  expect(plan.left).toHaveLength(20)
})
