import type { Calendar } from '../../../src/cli/calendar-shape'
import { draw } from '../../../src/cli/draw-calendar'
import { expectGolden } from '../../support/golden'

const usable = { cpuHundredths: 400, memoryMiB: 8192, diskGiB: 100 }
const calendar: Calendar = {
  from: '2026-11-22T08:00:00Z',
  to: '2026-11-22T14:00:00Z',
  hosts: [
    {
      host: 'sim-1',
      zone: 'local-1a',
      usable,
      entries: [
        { kind: 'lease', name: 'i-1', places: 1, from: '2026-11-22T08:00:00Z', until: '2026-11-22T09:30:00Z' },
        { kind: 'planned', name: 'i-2', places: 1, from: '2026-11-22T10:00:00Z', until: '2026-11-22T12:00:00Z' },
        { kind: 'reservation', name: 'cr-1', places: 2, from: '2026-11-22T12:00:00Z', until: null },
      ],
      free: [
        { from: '2026-11-22T08:00:00Z', ...usable, cpuHundredths: 300 },
        { from: '2026-11-22T09:30:00Z', ...usable },
        { from: '2026-11-22T10:00:00Z', ...usable, memoryMiB: 0 },
        { from: '2026-11-22T12:00:00Z', ...usable, cpuHundredths: 200 },
      ],
    },
    { host: 'sim-2', zone: 'local-1b', usable, entries: [], free: [{ from: '2026-11-22T08:00:00Z', ...usable }] },
  ],
  waiting: [
    { name: 'i-2', says: 'its lease is planned', at: '2026-11-22T10:01:00Z', ahead: 0 },
    { name: 'i-3', says: 'it waits for room, and a time is reserved for it', at: null, ahead: 1 },
  ],
}

test('a few hours', () => {
  expectGolden('cli/calendar.txt', draw(calendar))
})

test('no line is longer than a terminal is wide, however far it looks', () => {
  for (const days of [1, 3, 30, 366]) {
    const to = new Date(Date.parse(calendar.from) + days * 86_400_000).toISOString()
    const lines = draw({ ...calendar, to })
      .split('\n')
      .slice(3, 8)
    for (const line of lines) expect(line.length).toBeLessThan(100)
  }
})

test('a site without hosts, and nothing that waits', () => {
  expect(draw({ ...calendar, hosts: [], waiting: [] })).toMatch(/no hosts\n$/)
})
