/** What a provider's month allows to begin there, with all that costs there: machines, volumes and addresses. */
import { unaffordable } from '../../../../src/model/providers/afford'
import { monthEnd, monthStart } from '../../../../src/model/providers/money'
import { providerView } from '../../../../src/model/providers/view'
import { sizeOf } from '../../../support/host-record'
import { providerWish, typeOf } from '../../../support/provider-record'

const NOW = Date.UTC(2026, 10, 30, 14)
const REST_HOURS = (monthEnd(NOW) - NOW) / 3_600_000
const nothing = { type: '', cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 }
const spent = (total: number) => ({ month: '2026-11', at: NOW, total, projects: {} })
const viewOf = (budget: number | null, claims: Parameters<typeof providerView>[2], total = 0) =>
  providerView(providerWish({ budget, types: [typeOf('small', 1, 1, 40)] }), spent(total), claims, NOW)

test('volumes and addresses are promised to the month’s end as machines are', () => {
  expect([NOW > monthStart(NOW), REST_HOURS]).toEqual([true, 10])
  const claims = [
    { ...sizeOf(1, 512), offer: 'small' },
    { ...nothing, diskGiB: 20, price: 7 },
    { ...nothing, price: 3 },
  ]
  expect(viewOf(10_000, claims, 100).money).toEqual({ left: 10_000 - 100 - 10 * (40 + 7 + 3), restMs: 36_000_000 })
  // What has neither a price nor a type costs nothing there.
  expect(viewOf(10_000, [{ ...nothing, diskGiB: 20 }]).money?.left).toBe(10_000)
  // They are none of a type.
  expect(viewOf(10_000, claims).left).toEqual({})
})

test('what costs more may begin as long as the rest of the month of it is left', () => {
  const view = viewOf(100, [])
  expect(unaffordable(view, 10)).toBeUndefined()
  expect(unaffordable(view, 11)).toContain("0.0001 of the month's budget of its provider is left")
  expect(unaffordable(viewOf(100, [], 500), 1)).toContain('0.00 of')
  // Nothing more, or less, is never refused.
  expect([unaffordable(viewOf(100, [], 500), 0), unaffordable(viewOf(100, [], 500), -5)]).toEqual([
    undefined,
    undefined,
  ])
  expect(unaffordable(viewOf(null, []), 10 ** 9)).toBeUndefined()
  expect(unaffordable(undefined, 10 ** 9)).toBeUndefined()
})
