import { calendarOf } from '../../../../src/model/placement'
import { at, claimedHost, covered, firm, HOUR, reserved, yielding } from '../../../support/reserved-hosts'

const window = { from: at(0), to: at(10) }

test('reservations, leases and who gives way are entries; what has no end is not, and takes its room', () => {
  const host = claimedHost('h1', {
    firm: firm(),
    ends: yielding(undefined, at(2)),
    soft: yielding(),
    r: reserved('r', 2, at(3), at(5)),
    later: reserved('later', 1, at(11), at(12)),
    over: reserved('over', 1, at(-2), at(-1)),
  })
  const [row] = calendarOf([host], window)
  expect(row?.entries).toEqual([
    { kind: 'lease', name: 'ends', places: 1, from: at(0), until: at(2) },
    { kind: 'gives way', name: 'soft', places: 1, from: at(0), until: null },
    { kind: 'reservation', name: 'cr-r', places: 2, from: at(3), until: at(5) },
  ])
  const cores = row?.free.map(({ from, free }) => [(from - at(0)) / HOUR, free.cpuHundredths / 100])
  expect(cores).toEqual([
    [0, 2],
    [2, 3],
    [3, 1],
    [5, 3],
  ])
})

test('a machine in a place of a reservation is not counted twice', () => {
  const host = claimedHost('h1', { r: reserved('r', 1, at(0), at(4)), inside: covered('r', undefined, at(4)) })
  const [row] = calendarOf([host], window)
  expect(row?.free.map(({ free }) => free.cpuHundredths)).toEqual([300, 400])
})
