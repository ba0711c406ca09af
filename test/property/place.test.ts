import fc from 'fast-check'
import type { ComputeId, HostId } from '../../src/model/ids'
import { type Demand, type HostView, preferenceOf } from '../../src/model/placement'
import { place } from '../../workers/scheduler/place'
import { fits } from '../support/fits'
import { placeNaively } from '../support/naive-place'

const amounts = (most: number) =>
  fc.record({
    cpuHundredths: fc.integer({ min: 0, max: most * 100 }),
    memoryMiB: fc.integer({ min: 0, max: most * 1024 }),
    diskGiB: fc.integer({ min: 0, max: most * 10 }),
  })
const zone = fc.constantFrom('a', 'b', 'c')

const hostArb = (id: number): fc.Arbitrary<HostView> =>
  fc
    .record({
      zone,
      enabled: fc.boolean(),
      answers: fc.boolean(),
      retired: fc.boolean(),
      machines: fc.integer({ min: 0, max: 5 }),
      free: amounts(8),
    })
    .map((parts) => ({ id: `h${id}` as HostId, name: `host ${id}`, simulated: true, usable: parts.free, ...parts }))
const hostsArb = fc
  .integer({ min: 0, max: 8 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => hostArb(i))))

const machineArb: fc.Arbitrary<Omit<Demand, 'id'>> = fc.record({
  size: amounts(4).map((size) => ({ type: '', cores: 1, ...size })),
  zone: fc.option(zone),
  avoid: fc.array(
    fc.integer({ min: 0, max: 7 }).map((id) => ({ host: `h${id}` as HostId, because: 'refused' })),
    { maxLength: 2 },
  ),
})
const machinesArb = fc
  .array(machineArb, { maxLength: 30 })
  .map((all) => all.map((machine, index): Demand => ({ ...machine, id: `m${index}` as ComputeId })))

const snapshotArb = fc.record({ hosts: hostsArb, machines: machinesArb })

/** Plays a plan, asking at each placement whether the host could still take the machine. */
function played({ hosts, machines }: { hosts: readonly HostView[]; machines: readonly Demand[] }) {
  const plan = place({ hosts, machines })
  const now = new Map(hosts.map((host) => [host.id, host]))
  for (const { machine, host } of plan.placed) {
    const demand = machines.find((one) => one.id === machine)
    const view = now.get(host)
    if (!demand || !view) throw new Error('a placement of nobody, or nowhere')
    if (!fits(demand, view)) throw new Error(`${machine} does not fit on ${host} when its turn comes`)
    now.set(host, {
      ...view,
      machines: view.machines + 1,
      free: {
        cpuHundredths: view.free.cpuHundredths - demand.size.cpuHundredths,
        memoryMiB: view.free.memoryMiB - demand.size.memoryMiB,
        diskGiB: view.free.diskGiB - demand.size.diskGiB,
      },
    })
  }
  return { plan, after: [...now.values()] }
}

test('no host is ever given more than it has, nor anything that a rule refuses', () => {
  fc.assert(
    fc.property(snapshotArb, (snapshot) => {
      const { after } = played(snapshot)
      for (const { free, machines } of after.filter(
        (host, index) => host.machines > (snapshot.hosts[index]?.machines ?? 0),
      )) {
        expect(Math.min(free.cpuHundredths, free.memoryMiB, free.diskGiB)).toBeGreaterThanOrEqual(0)
        expect(machines).toBeGreaterThan(0)
      }
    }),
  )
})

test('each machine is placed once or left once, and left only where nothing fits after the plan', () => {
  fc.assert(
    fc.property(snapshotArb, (snapshot) => {
      const { plan, after } = played(snapshot)
      const all = [...plan.placed.map(({ machine }) => machine), ...plan.left.map(({ machine }) => machine)]
      expect([...all].sort()).toEqual(snapshot.machines.map(({ id }) => id).sort())
      for (const { machine } of plan.left) {
        const demand = snapshot.machines.find(({ id }) => id === machine)
        expect(demand && after.some((host) => fits(demand, host))).toBe(false)
      }
    }),
  )
})

test('the same snapshot gives the same plan, whatever the order of its hosts', () => {
  fc.assert(
    fc.property(snapshotArb, ({ hosts, machines }) => {
      expect(place({ hosts: [...hosts].reverse(), machines }).placed).toEqual(place({ hosts, machines }).placed)
    }),
  )
})

test('each placement goes to the least filled host that fits', () => {
  fc.assert(
    fc.property(snapshotArb, ({ hosts, machines }) => {
      const first = place({ hosts, machines: machines.slice(0, 1) }).placed[0]
      const machine = machines[0]
      if (!first || !machine) return
      const chosen = hosts.find(({ id }) => id === first.host)
      for (const host of hosts.filter((one) => fits(machine, one)))
        expect(chosen?.machines).toBeLessThanOrEqual(host.machines)
    }),
  )
})

const wishArb = fc.record(
  {
    requirements: fc.constantFrom(
      'RACK = "r1"',
      'RACK != "r1" | CPU_USAGE > 300',
      'RUNNING_VMS < 4',
      'CURRENT_VMS != "i-1" & CURRENT_VMS != "i-2"',
      'CURRENT_VMS = "i-0" | RUNNING_VMS = 0',
      '!(MEM_USAGE > 2097152)',
    ),
    rank: fc.constantFrom(
      'RUNNING_VMS',
      '- MEM_USAGE',
      'SPEED',
      'SPEED / RUNNING_VMS',
      'MAX_CPU - CPU_USAGE',
      '100 / (SPEED - 3)',
    ),
  },
  { requiredKeys: [] },
)
const labels = fc.record(
  { rack: fc.constantFrom('r1', 'r2'), speed: fc.integer({ min: 0, max: 5 }).map(String) },
  { requiredKeys: [] },
)

test('with requirements and ranks too it comes to what asking every host for every machine comes to', () => {
  fc.assert(
    fc.property(
      snapshotArb,
      fc.array(wishArb, { minLength: 1, maxLength: 4 }),
      fc.array(labels, { minLength: 8, maxLength: 8 }),
      (snapshot, wishes, all) => {
        const hosts = snapshot.hosts.map((host, at) => ({
          ...host,
          traits: { driver: 'xl', total: host.usable, labels: all[at] ?? {}, measured: null, instances: [] },
        }))
        const machines = snapshot.machines.map((machine, at): Demand => {
          const wish = wishes[at % wishes.length]
          return {
            ...machine,
            name: `i-${at}`,
            project: (at % 3 === 0 ? 'p' : 'q') as never,
            preference: preferenceOf([wish]),
          }
        })
        expect(place({ hosts, machines }).placed).toEqual(placeNaively(hosts, machines))
      },
    ),
    { numRuns: 300 },
  )
})
