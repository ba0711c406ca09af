/** docs/lease-planning.md lists every kind of lease, every way of backfilling, and every configuration of the bench. */
import type { Backfilling, Terms } from '../../workers/scheduler/leases'
import { CONFIGURATIONS } from '../bench/leases/configurations'
import { PUBLISHED } from '../bench/leases/paper'
import { names, rows } from './tables'

const KINDS = { immediate: 1, 'best-effort': 1, reservation: 1, deadline: 1 } satisfies Record<Terms['kind'], 1>
const WAYS = { off: 1, aggressive: 1, intermediate: 1, conservative: 1 } satisfies Record<Backfilling['kind'], 1>

test('every kind and every way of backfilling', () => {
  expect(names('lease-planning.md', 'kind')).toEqual(Object.keys(KINDS))
  expect(names('lease-planning.md', 'setting')).toEqual(Object.keys(WAYS))
})

test('every configuration at each share of reservations, beside what the paper has of it', () => {
  const wanted = CONFIGURATIONS.flatMap(({ name }) =>
    [10, 20, 30].map((percent, at) => {
      const paper = PUBLISHED[name]
      return [
        name,
        `${percent} %`,
        `(${paper?.makespanPercent[at]})`,
        `(${paper?.wait[at]})`,
        `(${paper?.slowdown[at]})`,
      ]
    }),
  )
  // Ours, or a dash where the page has none, and the paper's in brackets.
  const brackets = (cell = ''): string => {
    expect(cell).toMatch(/^([+-]?\d+\.\d+|–) \(-?[\d.]+\)$/)
    return cell.slice(cell.indexOf('('))
  }
  const written = rows('lease-planning.md', 'configuration').map(([name, percent, makespan, wait, slowdown]) => [
    name,
    percent,
    brackets(makespan),
    brackets(wait),
    brackets(slowdown),
  ])
  expect(written).toEqual(wanted)
})
