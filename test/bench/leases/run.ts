/**
 * The table of "Combining batch execution and leasing using virtual machines" (HPDC 2008) over the 30-day workload, on a virtual
 * clock: `npm run bench:leases`, or with numbers of configurations (0–5), and percents of one where a row is enough:
 * `npm run bench:leases -- 0 1:30`. Beside each of our figures the paper's, in brackets; docs/lease-planning.md says why they differ.
 * Exits with 1 when a reservation of ours was not kept, or a word names no row.
 */
import { CONFIGURATIONS, type Configuration } from './configurations'
import { measure, type Run } from './measure'
import { PUBLISHED, PUBLISHED_BASELINE } from './paper'
import { PERCENTS, rowsNamed } from './rows'
import { bestEffort, reservations } from './workload'

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)} %`
const row = (cells: readonly string[]): string =>
  cells.map((cell, at) => (at === 0 ? cell.padEnd(24) : cell.padStart(21))).join('')

function line(configuration: Configuration, at: 0 | 1 | 2, run: Run, baseline: number): string {
  const paper = PUBLISHED[configuration.name]
  const percent = (run.makespan / baseline - 1) * 100
  return row([
    `${configuration.name}`,
    `${PERCENTS[at]} %`,
    `${signed(percent)} (${signed(paper?.makespanPercent[at] ?? Number.NaN)})`,
    `${(run.wait / 1000).toFixed(2)} (${paper?.wait[at]})`,
    `${run.slowdown.toFixed(1)} (${paper?.slowdown[at]})`,
    run.realSlowdown.toFixed(1),
    `${run.accepted}/${run.accepted + run.rejected}`,
    `${run.suspended}`,
    `${(run.ms / 1000).toFixed(1)}`,
  ])
}

function main(chosen: readonly string[]): void {
  const rows = rowsNamed(chosen)
  const [plain] = CONFIGURATIONS
  if (!plain) throw new Error('there are no configurations')
  const jobs = bestEffort()
  const last = Math.max(...jobs.map(({ lease }) => lease.submitted))
  const base = measure(plain, jobs)
  console.log(
    `${jobs.length} best-effort leases on 144 nodes; without reservations: makespan ${base.makespan.toFixed(0)} s`,
  )
  console.log(
    `(the paper's: ${PUBLISHED_BASELINE} s), mean wait ${(base.wait / 1000).toFixed(2)} thousand s, slowdown ${base.slowdown.toFixed(1)}`,
  )
  console.log(
    'In brackets: the paper. Slowdown: against the time asked for, as Haizea counts; beside it against the time really run.\n',
  )
  console.log(
    row([
      'configuration',
      'reserved',
      'makespan',
      'wait, thousand s',
      'slowdown',
      'of real time',
      'accepted',
      'suspended',
      'CPU s',
    ]),
  )
  for (const { configuration, at } of rows) {
    const asked = reservations(PERCENTS[at]).filter(({ lease }) => lease.submitted <= last)
    const run = measure(configuration, [...jobs, ...asked])
    console.log(line(configuration, at, run, base.makespan))
    if (run.broken > 0) {
      console.error(`${run.broken} accepted reservations did not begin when they were to`)
      process.exitCode = 1
    }
  }
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
