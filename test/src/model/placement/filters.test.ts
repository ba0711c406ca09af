import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { HostId, SecurityGroupId } from '../../../../src/model/ids'
import { demandOf, FILTERS, fits } from '../../../../src/model/placement'
import { computeRecord } from '../../../support/compute-record'
import { demand, hostView, sizeOf } from '../../../support/host-record'

const only = (name: string) => {
  const filter = FILTERS.find((one) => one.name === name)
  if (!filter) throw new Error(`no filter ${name}`)
  return filter
}
const room = (cpuHundredths: number, memoryMiB: number, diskGiB: number) =>
  hostView('1', { free: { cpuHundredths, memoryMiB, diskGiB } })

test.each([
  ['enough-cpu', room(99, 9999, 99), 'needs 1 cores, has 0.99 free'],
  ['enough-cpu', room(-50, 9999, 99), 'needs 1 cores, has 0 free'],
  ['enough-memory', room(800, 1023, 99), 'needs 1024 MiB, has 1023 MiB free'],
  ['enough-memory', room(800, -1, 99), 'needs 1024 MiB, has 0 MiB free'],
  ['enough-disk', room(800, 9999, 7), 'needs 8 GiB of disk, has 7 GiB free'],
  ['is-enabled', hostView('1', { enabled: false }), 'is disabled'],
  ['answers', hostView('1', { answers: false }), 'does not answer'],
  ['not-retired', hostView('1', { retired: true }), 'is simulated, and real hosts serve this site'],
])('%s says why it refuses', (name, host, because) => {
  expect(only(name).admits(demand('m', sizeOf(1, 1024, 8)), host)).toBe(because)
})

test.each(FILTERS.map((filter) => filter.name))('%s admits a machine that just fits', (name) => {
  expect(only(name).admits(demand('m', sizeOf(1, 1024, 8), { zone: 'local-1a' }), room(100, 1024, 8))).toBe(true)
})

test('in-zone: the zone asked for, any zone when none was', () => {
  const host = hostView('1', { zone: 'local-1b' })
  expect(only('in-zone').admits(demand('m'), host)).toBe(true)
  expect(only('in-zone').admits(demand('m', sizeOf(1, 1), { zone: 'local-1b' }), host)).toBe(true)
  expect(only('in-zone').admits(demand('m', sizeOf(1, 1), { zone: 'local-1a' }), host)).toBe(
    'is in local-1b, wanted is local-1a',
  )
})

test('not-avoided: only the host that refused it', () => {
  const machine = demand('m', sizeOf(1, 1), { avoid: [{ host: '1' as HostId, because: 'no loop device' }] })
  expect(only('not-avoided').admits(machine, hostView('1'))).toBe('refused it before: no loop device')
  expect(only('not-avoided').admits(machine, hostView('2'))).toBe(true)
})

test('a host fits when every rule admits', () => {
  expect(fits(demand('m'), hostView('1'))).toBe(true)
  expect(fits(demand('m'), hostView('1', { enabled: false }))).toBe(false)
})

test('each filter is one file, named as it names itself, and in the list', () => {
  const folder = join(__dirname, '../../../../src/model/placement/filters')
  const files = readdirSync(folder).filter((file) => file !== 'index.ts' && file !== 'filter.ts')
  expect(files.sort()).toEqual(FILTERS.map((filter) => `${filter.name}.ts`).sort())
  expect(new Set(FILTERS.map((filter) => filter.reason)).size).toBe(FILTERS.length)
})

test('filters-traffic: groups beside default need a host that can; default and older machines do not', () => {
  const [able, unable] = [hostView('1'), hostView('2', { unfiltered: true })]
  const filtered = demand('m', sizeOf(1, 1), { filtered: true })
  expect(only('filters-traffic').admits(filtered, able)).toBe(true)
  expect(only('filters-traffic').admits(demand('m'), unable)).toBe(true)
  expect(only('filters-traffic').admits(filtered, unable)).toBe('cannot filter traffic, as its security groups need')
  const nic = computeRecord().wish.interfaces
  const of = (groups: readonly string[]) =>
    demandOf(
      computeRecord({ wish: { interfaces: nic.map((one) => ({ ...one, groups: groups as SecurityGroupId[] })) } }),
      0,
    ).filtered
  const [own, other] = [computeRecord().project ?? '', 'bbbbbbbb-0000-4000-8000-000000000001']
  expect([of([own]), of([own, other]), of([]), demandOf(computeRecord(), 0).filtered]).toEqual([
    undefined,
    true,
    undefined,
    undefined,
  ])
})
