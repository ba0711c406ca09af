/** docs/metrics.md lists what GET /metrics tells, no more and no less. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { METRICS, PROXIED } from '../../src/http/metrics'
import { HOST_METRICS } from '../../src/http/metrics/of-hosts'
import { MOST_MACHINES } from '../../src/http/metrics/of-machines'
import { LIFECYCLE } from '../../src/model/lifecycle'
import { WINDOWS } from '../../src/model/usage'
import { POLL_MS } from '../../workers/reconcile/host-seen'
import { DOCS, rows } from './tables'

const page = readFileSync(join(DOCS, 'metrics.md'), 'utf8')

test('every metric with its type, labels and what it is', () => {
  const wanted = METRICS.map(({ name, type, labels, help }) => [
    ...[`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), help],
  ])
  expect(rows('metrics.md', 'metric')).toEqual(wanted)
})

test('their names are as Prometheus wants them', () => {
  for (const { name, type, help } of METRICS) {
    expect(name).toMatch(/^(?:occi_gateway|process)_[a-z0-9_]+$/)
    expect(name.endsWith('_total')).toBe(type === 'counter')
    expect(help).toMatch(/^[A-Z].+[^.]$/)
  }
  expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length)
})

test('the headers by which a proxy on the same machine is known', () => {
  const [, told = ''] = /requests that a proxy passed on \(([^)]*)\)/.exec(page) ?? []
  const headers = told.split(',').map((name) => name.trim().replaceAll('`', '').toLowerCase())
  expect(headers.toSorted()).toEqual([...PROXIED].toSorted())
})

test('how many series and points it says there are', () => {
  const ofOne = METRICS.filter(({ labels }) => labels.includes('machine')).length
  expect(page).toContain(`A host has ${HOST_METRICS.length}, a project at most ${LIFECYCLE.length}`)
  expect(page).toContain(`${MOST_MACHINES} oldest that have a domain are told, ${ofOne} series each`)
  expect(page).toContain(`${(MOST_MACHINES * ofOne).toLocaleString('en')} at most`)
  expect(page).toContain(`${WINDOWS.hour.points} means of half\na minute and ${WINDOWS.day.points} of five minutes`)
  expect(page).toContain(`every ${POLL_MS.real / 1000} s for a real one, every ${POLL_MS.simulated / 1000} s for a sim`)
})
