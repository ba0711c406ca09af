/** The worked examples of placement through the scheduler itself, by number: which host is chosen. */
import { type PlacementWish, preferenceOf } from '../../../src/model/placement'
import { inTurn } from '../../../src/model/placement/turns'
import { place } from '../../../workers/scheduler/place'
import { demand, hostView, sizeOf } from '../../support/host-record'
import { APART, grouped, TOGETHER } from '../../support/placement-group'

const GIB = 1024
interface Figures {
  readonly driver: string
  readonly max: readonly [cpu: number, gib: number]
  readonly used: readonly [cpu: number, gib: number]
  readonly freeCpu: number
  readonly machines: number
  readonly labels: Readonly<Record<string, string>>
  readonly here?: readonly string[]
}

const host = (id: string, name: string, { driver, max, used, freeCpu, machines, labels, here = [] }: Figures) => {
  const amounts = ([cpuHundredths, gib]: readonly [number, number]) => ({
    cpuHundredths,
    memoryMiB: gib * GIB,
    diskGiB: 1000,
  })
  const usable = amounts(max)
  return hostView(id, {
    name,
    machines,
    usable,
    free: { cpuHundredths: max[0] - used[0], memoryMiB: (max[1] - used[1]) * GIB, diskGiB: 1000 },
    traits: {
      driver,
      total: usable,
      labels,
      measured: { cpuHundredths: max[0] - freeCpu, freeMemoryMiB: null },
      instances: here.map((one) => ({ name: one, project: 'p' })),
    },
  })
}
const FAST = { CPUSPEED: '2400' }
const HOSTS = [
  host('0', 'xen01', {
    driver: 'xl',
    max: [800, 16],
    used: [200, 4],
    freeCpu: 650,
    machines: 2,
    labels: { ...FAST, rack: 'r1' },
    here: ['12'],
  }),
  host('1', 'xen02', {
    driver: 'xl',
    max: [800, 16],
    used: [600, 12],
    freeCpu: 180,
    machines: 5,
    labels: { ...FAST, rack: 'r2' },
  }),
  host('2', 'xen03', {
    driver: 'xl',
    max: [1600, 64],
    used: [400, 8],
    freeCpu: 1100,
    machines: 3,
    labels: { CPUSPEED: '3000' },
  }),
  host('3', 'kvm01', {
    driver: 'virsh',
    max: [1600, 64],
    used: [0, 0],
    freeCpu: 1580,
    machines: 0,
    labels: { CPUSPEED: '2600' },
  }),
  host('4', 'ec2-eu', {
    driver: 'ec2',
    max: [500, 8.5],
    used: [100, 1.7],
    freeCpu: 400,
    machines: 1,
    labels: { PUBLIC_CLOUD: 'YES', PRIORITY: '-1' },
  }),
]
const names = new Map(HOSTS.map(({ id, name }) => [id as string, name]))

/** Where machines of 1 core and 2 GiB go, one after another. */
function chosen(wish: PlacementWish, { count = 1, hosts = HOSTS, size = sizeOf(1, 2 * GIB) } = {}) {
  const machines = Array.from({ length: count }, (_, at) =>
    demand(`v${at}`, size, { preference: preferenceOf([wish]), project: 'p' as never, name: `i-${at}` }),
  )
  return place({ hosts, machines }).placed.map((one) => names.get(one.host))
}

test.each<[number, PlacementWish, string]>([
  [1, { policy: 'packing' }, 'xen02'],
  [2, { policy: 'striping' }, 'kvm01'],
  [3, { policy: 'load-aware' }, 'kvm01'],
  [4, { policy: 'fixed' }, 'xen01'],
  [5, { requirements: 'HYPERVISOR = "xen"' }, 'xen01'],
  [6, { requirements: 'NAME = "xen0*" & FREE_CPU > 600', rank: 'FREE_MEMORY' }, 'xen01'],
  [7, { requirements: 'HYPERVISOR = "ec2" | HYPERVISOR = "xen" & CPUSPEED > 2500' }, 'ec2-eu'],
  [7, { requirements: 'HYPERVISOR = "ec2" | HYPERVISOR = "xen" & CPUSPEED > 2500', mode: 'opennebula' }, 'xen03'],
  [8, { requirements: 'RACK != "r1"', policy: 'packing' }, 'xen02'],
  [9, { requirements: '!(RACK = "r1")', policy: 'packing' }, 'xen02'],
  [10, { requirements: 'CPUSPEED = "2*"' }, 'kvm01'],
  [11, { requirements: '!(PUBLIC_CLOUD = YES)', rank: 'FREE_CPU * 100 - RUNNING_VMS * 5000' }, 'kvm01'],
  [12, { rank: '- RUNNING_VMS * 50 + FREE_CPU' }, 'kvm01'],
  [13, { rank: '- (RUNNING_VMS * 50 + FREE_CPU)' }, 'xen02'],
  [14, { rank: 'RUNNING_VMS / 2' }, 'xen02'],
  [15, { requirements: 'CURRENT_VMS = 12' }, 'xen01'],
  [17, { requirements: 'FREE_CPU >= 600' }, 'kvm01'],
  [19, { requirements: 'CPUSPEED > 2000 & CPUSPEED < 2500', policy: 'load-aware' }, 'xen01'],
  [20, { requirements: 'NAME = "??m*"' }, 'kvm01'],
])('example %i: %p goes to %s', (_number, wish, name) => {
  expect(chosen(wish)).toEqual([name])
})

// Four machines of 2 cores and 4 GiB, hosts re-ranked after each, ties to the lowest id.
test.each<[PlacementWish, readonly string[]]>([
  [{ policy: 'packing' }, ['xen02', 'xen03', 'xen03', 'xen03']],
  [{ policy: 'striping' }, ['xen01', 'xen01', 'xen03', 'xen01']],
])('example 21: %p', (wish, expected) => {
  expect(chosen(wish, { count: 4, hosts: HOSTS.slice(0, 3), size: sizeOf(2, 4 * GIB) })).toEqual(expected)
})

test('a requirement sees what was placed in the same plan', () => {
  expect(chosen({ requirements: 'RUNNING_VMS < 4 & HYPERVISOR = "xen"' }, { count: 4 })).toEqual([
    'xen01',
    'xen01',
    'xen03',
  ])
  const machines = [
    demand('a', sizeOf(1, GIB), {
      preference: preferenceOf([{ policy: 'fixed' }]),
      project: 'p' as never,
      name: 'i-a',
    }),
    ...['b', 'c'].map((id) =>
      demand(id, sizeOf(1, GIB), {
        preference: preferenceOf([{ requirements: 'CURRENT_VMS != "i-a" & CURRENT_VMS != "i-b"', policy: 'fixed' }]),
        project: 'p' as never,
        name: `i-${id}`,
      }),
    ),
  ]
  expect(place({ hosts: HOSTS, machines }).placed.map((one) => names.get(one.host))).toEqual([
    'xen01',
    'xen02',
    'xen03',
  ])
})

test("another project's machines are not seen", () => {
  const asks = { preference: preferenceOf([{ requirements: 'CURRENT_VMS = 12' }]), project: 'q' as never }
  const plan = place({ hosts: HOSTS, machines: [demand('v', sizeOf(1, GIB), asks)] })
  expect(plan.placed).toEqual([])
  expect(plan.left[0]?.waiting).toMatchObject({ reasons: { 'does not meet its requirements': 5 } })
})

test('where the rank divides by zero a host comes last', () => {
  expect(chosen({ rank: '100 / RUNNING_VMS' })).toEqual(['ec2-eu'])
  expect(
    chosen({ rank: '- 100 / RUNNING_VMS', requirements: 'NAME = kvm01 | NAME = ec2-eu'.replace('ec2-eu', '"ec2-eu"') }),
  ).toEqual(['ec2-eu'])
})

test('several policies: each by its largest value, weighted', () => {
  // packing/5 + load/1580: xen01 .4+.41, xen02 1+.11, xen03 .6+.70, kvm01 0+1, ec2-eu .2+.25
  expect(chosen({ policy: 'packing,load-aware' })).toEqual(['xen03'])
  // With packing three times: xen01 1.61, xen02 3.11, xen03 2.50
  expect(chosen({ policy: 'packing=3,load-aware=1' })).toEqual(['xen02'])
})

test('example 22: anti-affinity of three where two hosts match', () => {
  const preference = preferenceOf([{ requirements: 'HYPERVISOR="kvm" | NAME="xen03"' }])
  const machines = ['101', '102', '103'].map((id) =>
    grouped(id, APART, { hosts: HOSTS, size: sizeOf(1, GIB), preference }),
  )
  const plan = place({ hosts: HOSTS, machines })
  expect(plan.placed.map((one) => [one.machine, names.get(one.host)])).toEqual([
    ['101', 'kvm01'],
    ['102', 'xen03'],
  ])
  expect(plan.left.map(({ machine }) => machine)).toEqual(['103'])
  expect(plan.left[0]?.waiting.wouldFit).toMatch(/^anti-affinity with i-101, i-102:/)
})

test.each<[number, readonly string[]]>([
  [2, ['xen03', 'xen03']],
  [3, ['xen03', 'xen03', 'xen03']],
  [4, []],
])('example 23: affinity of %i machines of 4 cores and 8 GiB', (count, expected) => {
  const preference = preferenceOf([{ requirements: 'HYPERVISOR="xen"' }])
  const machines = Array.from({ length: count }, (_, at) =>
    grouped(`${at}`, TOGETHER, { hosts: HOSTS, size: sizeOf(4, 8 * GIB), preference }),
  )
  const plan = place({ hosts: HOSTS, machines })
  expect(plan.placed.map((one) => names.get(one.host))).toEqual(expected)
  expect(plan.left).toHaveLength(count - expected.length)
})

test('example 29: who has more priority comes first, then who waits longest', () => {
  const hosts = [
    host('0', 'xen01', { driver: 'xl', max: [200, 2], used: [0, 0], freeCpu: 200, machines: 0, labels: {} }),
  ]
  const waiting = [
    ['31', 0],
    ['32', 10],
    ['33', 10],
  ] as const
  const machines = waiting.map(([id, priority]) =>
    demand(id, sizeOf(1, GIB), { preference: preferenceOf([{ priority }]) }),
  )
  const plan = place({ hosts, machines: inTurn(machines) })
  expect(plan.placed.map(({ machine }) => machine)).toEqual(['32', '33'])
  expect(plan.left.map(({ machine }) => machine)).toEqual(['31'])
})
