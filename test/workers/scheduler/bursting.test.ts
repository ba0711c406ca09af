/** Placement at providers: the worked examples 25 to 27, and what keeps machines away. */

import {
  type BurstDemand,
  type Demand,
  explain,
  hostViews,
  type PlacementWish,
  preferenceOf,
} from '../../../src/model/placement'
import { monthEnd } from '../../../src/model/providers/money'
import type { HostRecord } from '../../../src/model/records'
import { place } from '../../../workers/scheduler/place'
import { demand, hostRecord, sizeOf } from '../../support/host-record'
import { providerRecord, THEIR_IMAGE, typeOf } from '../../support/provider-record'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 21, 12)
const BURST: BurstDemand = { image: THEIR_IMAGE, homebound: false, tied: null, patienceMs: 0 }

const local = (id: string, cores: number): HostRecord =>
  hostRecord(id, { seen: { capacity: { cpuHundredths: cores * 100, memoryMiB: cores * 4096, diskGiB: 1000 } } })

const views = (...hosts: HostRecord[]) =>
  hostViews(
    hosts.map((record) => ({ record, claims: [] })),
    NOW,
  )

const machine = (id: string, cores: number, memoryMiB: number, parts: Partial<Demand> = {}): Demand => ({
  ...demand(id, sizeOf(cores, memoryMiB)),
  burst: BURST,
  ...parts,
})

const wanting = (wish: PlacementWish): Partial<Demand> => ({ preference: preferenceOf([wish]) })

const where = (plan: ReturnType<typeof place>) =>
  Object.fromEntries(plan.placed.map(({ machine: id, host, offer }) => [id, offer ? `${host} ${offer.name}` : host]))

test('25: five small (1 core, 1.7 GB) are 500 hundredths of a core and 8912896 KB', () => {
  const [view] = views(providerRecord('9'))
  expect(view?.usable).toMatchObject({ cpuHundredths: 500, memoryMiB: 8_912_896 / 1024 })
})

test('25: what is held is subtracted, by the type that is taken, whatever was asked for', () => {
  const held = { ...sizeOf(1, 1740.8, 0), type: 'small', offer: 'small' }
  const [view] = hostViews([{ record: providerRecord('9'), claims: [held] }], NOW)
  expect(view?.free).toMatchObject({ cpuHundredths: 400, memoryMiB: 6963.2 - 0.8 + 0.8 })
  expect(view?.provider?.left).toEqual({ small: 4 })
})

test('26: two machines, a local host with room for ten, and a provider: both stay local', () => {
  const hosts = views(local('1', 10), providerRecord('9'))
  const machines = [
    machine('a', 1, 1024, wanting({ policy: 'fixed' })),
    machine('b', 1, 1024, wanting({ policy: 'fixed' })),
  ]
  expect(where(place({ hosts, machines }))).toEqual({ a: '1', b: '1' })
})

test('26: the machine that no local host can take goes to the provider, by every policy that does not speak of it', () => {
  for (const policy of ['packing', 'striping', 'load-aware', 'fixed']) {
    const hosts = views(local('1', 1), providerRecord('9'))
    const machines = ['a', 'b'].map((id) => machine(id, 1, 1024, wanting({ policy })))
    expect(where(place({ hosts, machines }))).toEqual({ a: '1', b: '9 small' })
  }
})

const OFFERS = [typeOf('a', 1, 3.75, 95_000), typeOf('b', 2, 4, 80_000), typeOf('c', 1, 1.7, 40_000)]

test('27: the cheapest type that fits is taken, a smaller and cheaper one is not', () => {
  const hosts = views(providerRecord('9', { types: OFFERS }))
  expect(where(place({ hosts, machines: [machine('v', 1, 2048)] }))).toEqual({ v: '9 b' })
})

test('27: of several providers the cheapest, and the next one when its type is used up', () => {
  const hosts = views(
    providerRecord('7', { types: [typeOf('a', 1, 3.75, 95_000)] }),
    providerRecord('8', { types: [typeOf('b', 2, 4, 80_000, 1)] }),
    providerRecord('9', { types: [typeOf('c', 1, 1.7, 40_000)] }),
  )
  const machines = ['u', 'v', 'w'].map((id) => machine(id, 1, 2048))
  expect(where(place({ hosts, machines }))).toEqual({ u: '8 b', v: '7 a', w: '7 a' })
})

test('27: a rank on COST or LATENCY says otherwise, and a local host is one among others then', () => {
  const near = providerRecord('7', { types: [typeOf('a', 1, 4, 95_000)], latencyMs: 5 })
  const cheap = providerRecord('8', { types: [typeOf('b', 1, 4, 80_000)], latencyMs: 80 })
  const chosen = (wish: PlacementWish) =>
    where(place({ hosts: views(local('1', 4), near, cheap), machines: [machine('v', 1, 2048, wanting(wish))] })).v
  expect(chosen({ rank: '- LATENCY', requirements: 'PUBLIC_CLOUD = YES' })).toBe('7 a')
  expect(chosen({ rank: '- COST * 1000000', requirements: 'PUBLIC_CLOUD = YES' })).toBe('8 b')
  expect(chosen({ rank: 'COST * 1000000' })).toBe('7 a')
  expect(chosen({ requirements: '!(PUBLIC_CLOUD = YES)' })).toBe('1')
  expect(chosen({ requirements: 'HYPERVISOR = "ec2"', rank: '- LATENCY' })).toBe('7 a')
})

test('the price by which it is ranked is that of the type that the machine would take', () => {
  const hosts = views(
    providerRecord('7', { types: [typeOf('tiny', 1, 1, 1_000), typeOf('big', 8, 32, 900_000)] }),
    providerRecord('8', { types: [typeOf('mid', 8, 32, 500_000)] }),
  )
  expect(where(place({ hosts, machines: [machine('v', 8, 8192), machine('w', 1, 512)] }))).toEqual({
    v: '8 mid',
    w: '7 tiny',
  })
})

test('a budget admits what it can pay until the month ends, and the reason says what is left', () => {
  const hours = (monthEnd(NOW) - NOW) / HOUR
  // Enough for two and a half machines of 0.04 an hour.
  const provider = providerRecord('9', { budget: Math.round(2.5 * 40_000 * hours) })
  const plan = place({ hosts: views(provider), machines: ['a', 'b', 'c'].map((id) => machine(id, 1, 1024)) })
  expect(where(plan)).toEqual({ a: '9 small', b: '9 small' })
  expect(plan.left[0]?.waiting.reasons).toEqual({ 'the budget is used up': 1 })
  expect(plan.left[0]?.waiting.examples[0]?.because).toMatch(/^4\.5\d* of the month's budget is left/)
})

test('what was spent and what others hold there counts against the budget', () => {
  const rest = monthEnd(NOW) - NOW
  const spending = { month: '2026-11', at: NOW, total: 50_000_000, projects: {} }
  const record = providerRecord('9', { budget: 50_000_000 + Math.ceil((1.5 * 40_000 * rest) / HOUR) }, { spending })
  const held = { ...sizeOf(1, 1740.8, 0), type: 'small', offer: 'small' }
  const open = hostViews([{ record, claims: [] }], NOW)
  const full = hostViews([{ record, claims: [held] }], NOW)
  expect(place({ hosts: open, machines: [machine('a', 1, 1024)] }).placed).toHaveLength(1)
  expect(place({ hosts: full, machines: [machine('a', 1, 1024)] }).placed).toEqual([])
})

describe('what keeps a machine away is told', () => {
  const says = (burst: Partial<BurstDemand>, cores = 1, provider = providerRecord('9')) =>
    explain(machine('v', cores, 1024, { burst: { ...BURST, ...burst } }), views(provider))[0]?.because

  test('its owner', () => expect(says({ stays: true })).toEqual(['its owner keeps it off providers']))
  test('regions of its own and of its project', () => {
    const [own, project] = [['eu-1', 'eu-2'], ['eu-2']]
    expect(says({ regions: [own] })).toEqual([])
    expect(says({ regions: [own, project] })).toEqual(['keeps data in eu-1, allowed is eu-1, eu-2 and eu-2'])
    const wide = providerRecord('9', { dataRegions: ['eu-2', 'us-1'] })
    expect(says({ regions: [project] }, 1, wide)).toEqual(['keeps data in us-1, allowed is eu-2'])
    expect(says({ regions: [project] }, 1, providerRecord('9', { dataRegions: ['eu-2'] }))).toEqual([])
  })
  test('what its section names', () => {
    const sections = { ec2: { subnet: 'subnet-a' } }
    expect(says({ sections })).toEqual(['its order names the subnet subnet-a, which its operator does not allow'])
    expect(says({ sections }, 1, providerRecord('9', { allowed: { subnet: ['subnet-a'] } }))).toEqual([])
    expect(says({ sections: { elastichosts: { vlan: 'x' } } })).toEqual([])
    expect(says({ sections: { ec2: { image: 'ami-theirs' } }, image: 'image-2' })).toEqual([])
  })
  test('nothing', () => expect(says({})).toEqual([]))
  test('its image', () =>
    expect(says({ image: 'image-2' })).toEqual(['its image is not registered there (provider image)']))
  test('no image at all', () => expect(says({ image: null })).toHaveLength(1))
  test('its project', () => expect(says({ homebound: true })).toEqual(['its project keeps its machines off providers']))
  test('what it hangs on', () => expect(says({ tied: 'volumes' })).toEqual(['it has volumes, which is here alone']))
  test('its size', () =>
    expect(says({}, 3)).toEqual(['offers no type with 3 cores, 1024 MiB and 1 GiB', expect.stringMatching(/^as many/)]))
  test('counts', () =>
    expect(says({}, 1, providerRecord('9', { types: [typeOf('small', 1, 2, 1, 0)] }))).toContain(
      'as many of each large enough type as are allowed run there',
    ))
  test('limits', () =>
    expect(
      says({}, 2, providerRecord('9', { types: [typeOf('big', 4, 8, 1, 5)], limits: { cores: 3, memoryMiB: null } })),
    ).toContain('as many of each large enough type as are allowed run there'))
  test('patience', () => {
    const patient = providerRecord('9', { burstAfterMs: 60_000 })
    expect(says({}, 1, patient)).toEqual(['a local host may still take it: it goes there after 60 s of waiting'])
    expect(says({ patienceMs: 60_000 }, 1, patient)).toEqual([])
  })
})

test('a provider never retires simulated hosts', () => {
  expect(views(local('1', 1), providerRecord('9')).map(({ retired }) => retired)).toEqual([false, false])
})

describe('types', () => {
  const hosts = views(
    providerRecord('8', { types: [typeOf('a', 1, 4, 95_000), typeOf('b', 1, 4, 80_000)] }),
    providerRecord('9', { types: [typeOf('a', 1, 4, 90_000)] }),
  )
  const asking = (asks: NonNullable<Demand['size']['asks']>) =>
    where(place({ hosts, machines: [machine('v', 1, 2048, { size: { ...sizeOf(1, 2048), asks } })] })).v

  test('one that is named is taken, by its kind of provider', () => {
    expect(asking({ only: { ec2: 'a' } })).toBe('9 a')
    expect(asking({ only: { elastichosts: 'a' } })).toBe('8 b')
    expect(asking({ only: { ec2: 'none' } })).toBeUndefined()
  })

  test('of one that had no room the next type is taken, then the next provider', () => {
    expect(asking({})).toBe('8 b')
    expect(asking({ without: ['8 b'] })).toBe('9 a')
    expect(asking({ without: ['8 b', '9 a'] })).toBe('8 a')
    expect(asking({ without: ['8 a', '8 b', '9 a'] })).toBeUndefined()
  })
})

test('ranks and requirements ask for COST and LATENCY of providers in both grammars', () => {
  const hosts = views(
    local('1', 4),
    providerRecord('7', { types: [typeOf('a', 1, 4, 95_000)], latencyMs: 5 }),
    providerRecord('8', { types: [typeOf('b', 1, 4, 80_000)], latencyMs: 80 }),
  )
  const chosen = (requirements: string, mode: 'native' | 'opennebula') =>
    where(place({ hosts, machines: [machine('v', 1, 2048, wanting({ requirements, mode, rank: '- COST' }))] })).v
  for (const mode of ['native', 'opennebula'] as const) {
    expect(chosen('LATENCY < 50 & PUBLIC_CLOUD = "YES"', mode)).toBe('7 a')
    expect(chosen('COST < 0.09 & LATENCY > 50', mode)).toBe('8 b')
  }
  expect(chosen('COST <= 0.08', 'native')).toBe('8 b')
})
