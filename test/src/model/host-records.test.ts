import { isLongSilent, LONG_SILENT_MS } from '../../../src/model/host-records'
import type { HostSeen } from '../../../src/model/records'

const silent = (contact: HostSeen['contact'], lostSince: number | null) => ({
  seen: { contact, lostSince } as HostSeen,
})

test.each<[HostSeen['contact'], number | null, number, boolean]>([
  ['lost', 1_000, LONG_SILENT_MS + 1_000, true],
  ['lost', 1_000, LONG_SILENT_MS + 999, false],
  ['lost', null, 1e9, false],
  ['ok', 1_000, 1e9, false],
  ['never', 1_000, 1e9, false],
])('contact %s, silent since %p, at %p: long silent is %p', (contact, since, now, expected) => {
  expect(isLongSilent(silent(contact, since), now)).toBe(expected)
})
