/** A small part of `npm run bench:leases`: the first 60 requests of the 30 days under every configuration. */
import { CONFIGURATIONS } from '../../../bench/leases/configurations'
import { measure } from '../../../bench/leases/measure'
import { bestEffort, NODES, reservations } from '../../../bench/leases/workload'

const jobs = bestEffort(60)
const last = Math.max(...jobs.map(({ lease }) => lease.submitted))
const asked = reservations(30).filter(({ lease }) => lease.submitted <= last)

test('the workloads are those of the experiments', () => {
  expect(bestEffort()).toHaveLength(5545)
  const capacity = NODES.length * 30 * 24 * 3600
  const shares = ([10, 20, 30] as const).map((percent) => {
    const held = reservations(percent).reduce((sum, { lease }) => sum + lease.machines.length * (lease.seconds ?? 0), 0)
    return Math.round((held / capacity) * 1000) / 10
  })
  expect(shares).toEqual([10, 20.1, 30.2])
})

test.each(CONFIGURATIONS.map((configuration) => [configuration.name, configuration] as const))(
  '%s: every reservation is kept and everything ends',
  (_, configuration) => {
    const run = measure(configuration, [...jobs, ...asked])
    expect([run.accepted + run.rejected, run.broken]).toEqual([asked.length, 0])
    expect(run.accepted).toBeGreaterThan(asked.length - 3)
    expect(run.makespan).toBeGreaterThanOrEqual(last - (jobs[0]?.lease.submitted ?? 0))
    expect(run.suspended > 0).toBe(configuration.site.rules.preemption === 'suspend')
  },
)
