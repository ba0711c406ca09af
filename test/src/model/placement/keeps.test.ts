import fc from 'fast-check'
import { attributeOf, hostViews, isAmount, lessKept, mostOfHost } from '../../../../src/model/placement'
import type { HostWish } from '../../../../src/model/records'
import { place } from '../../../../workers/scheduler/place'
import { demand, hostRecord, sizeOf } from '../../../support/host-record'

const GIB = 1024
const xen01 = (wish: Partial<HostWish> = {}) =>
  hostRecord('1', {
    wish: { driver: 'virsh', ...wish },
    seen: { capacity: { cpuHundredths: 800, memoryMiB: 16 * GIB, diskGiB: 100 } },
  })
const viewOf = (wish: Partial<HostWish>) => {
  const [view] = hostViews([{ record: xen01(wish), claims: [] }])
  if (!view) throw new Error('no view')
  return view
}
const told = (wish: Partial<HostWish>, ...names: readonly string[]) =>
  names.map((name) => attributeOf(viewOf(wish), name, null))

test('example 24: RESERVED_CPU=100, RESERVED_MEM=-10%', () => {
  expect([lessKept(800, '100'), lessKept(16_777_216, '-10%')]).toEqual([700, 18_454_937])
  expect(lessKept(16_777_216, '-10240')).toBe(16_787_456)
  const keeps = { cpu: '100', memory: '-10%' }
  expect(told({ keeps }, 'MAX_CPU', 'MAX_MEM', 'RESERVED_CPU', 'RESERVED_MEM', 'TOTAL_CPU', 'TOTAL_MEM')).toEqual([
    ...[700, 18_454_937, 100, -1_677_721],
    ...[800, 16_777_216],
  ])
})

test.each([
  ['100', true],
  ['-0.5%', true],
  ['100%', true],
  ['101%', false],
  ['-901%', false],
  ['', false],
  ['ten', false],
  ['1e3', false],
  ['10 %', false],
  ['--1', false],
])('%p is an amount: %p', (text, is) => {
  expect(isAmount(text)).toBe(is)
  if (!is) expect(lessKept(800, text)).toBe(800)
})

test('no amount gives a host away more than ten times, nor does one of its zone', () => {
  expect([lessKept(800, '-7199'), lessKept(800, '-7200'), lessKept(800, '-999999')]).toEqual([7999, 8000, 8000])
  expect(told({ keeps: { cpu: '-999999' } }, 'MAX_CPU', 'RESERVED_CPU')).toEqual([8000, -7200])
  expect(told({ zoneKeeps: { memory: '-999999999' } }, 'MAX_MEM')).toEqual([160 * GIB * GIB])
})

test("the host's own words count before its zone's, each for itself", () => {
  const zoneKeeps = { cpu: '-100%', memory: '1024' }
  expect(told({ zoneKeeps }, 'MAX_CPU', 'MAX_MEM')).toEqual([1600, 15 * GIB * GIB])
  expect(told({ zoneKeeps, keeps: { cpu: '10%' } }, 'MAX_CPU', 'MAX_MEM')).toEqual([720, 15 * GIB * GIB])
})

test('memory of a Xen host is never given twice, whatever its zone says; disk of no host is', () => {
  const zoneKeeps = { cpu: '-50%', memory: '-50%' }
  expect(told({ zoneKeeps, driver: 'xl' }, 'MAX_CPU', 'MAX_MEM')).toEqual([1200, 16 * GIB * GIB])
  expect(mostOfHost(xen01({ zoneKeeps }).wish, { cpuHundredths: 1, memoryMiB: 1, diskGiB: 7 }).diskGiB).toBe(7)
})

test('machines are placed up to what may be given away, and told in whole MiB what is missing', () => {
  const machines = Array.from({ length: 4 }, (_, at) => demand(`${at}`, sizeOf(4, GIB)))
  const placed = (wish: Partial<HostWish>) => place({ hosts: [viewOf(wish)], machines }).placed.length
  expect([placed({}), placed({ keeps: { cpu: '1' } }), placed({ keeps: { cpu: '-100%' } })]).toEqual([2, 1, 4])
  const plan = place({ hosts: [viewOf({ keeps: { memory: '33.3%' } })], machines: [demand('x', sizeOf(1, 16 * GIB))] })
  const { examples, wouldFit } = plan.left[0]?.waiting ?? {}
  expect([examples?.[0]?.because, wouldFit]).toEqual(['needs 16384 MiB, has 10928 MiB free', 'no host is large enough'])
})

test('never more than was said, and never less than nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: -900, max: 100 }), (total, share) => {
      const left = lessKept(total, `${share}%`)
      expect(left).toBeGreaterThanOrEqual(0)
      expect(left).toBeLessThanOrEqual(total - (total * share) / 100 + 1e-6)
      expect(lessKept(total, `${total + 1}`)).toBe(0)
      expect(lessKept(total, '-999999999')).toBeLessThanOrEqual(total * 10)
    }),
  )
})
