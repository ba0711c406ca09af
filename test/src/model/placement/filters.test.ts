import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { HostId, SecurityGroupId } from '../../../../src/model/ids'
import type { ImageBoot } from '../../../../src/model/images'
import { demandOf, FILTERS, hostViews } from '../../../../src/model/placement'
import { computeRecord } from '../../../support/compute-record'
import { fits } from '../../../support/fits'
import { demand, hostRecord, hostView, sizeOf } from '../../../support/host-record'
import { APART, grouped, member, PARTITIONS, TOGETHER } from '../../../support/placement-group'

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

test('with-address: only the provider that gave its address', () => {
  const machine = demand('m', sizeOf(1, 1), { addressedAt: '1' as HostId })
  expect(only('with-address').admits(machine, hostView('1'))).toBe(true)
  expect(only('with-address').admits(machine, hostView('2'))).toBe('its public address is of another provider')
  expect(only('with-address').admits(demand('m'), hostView('2'))).toBe(true)
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

const FOREIGN_BOOT = { mode: 'pvh', cmdline: null, kernel: '/boot/k', initramfs: null, settings: {} } as const

test('boots-its-mode: a host that says which modes it starts gets machines of these alone', () => {
  const { admits, concerns } = only('boots-its-mode')
  const viewed = (modes?: readonly ImageBoot['mode'][]) =>
    hostViews([
      { record: hostRecord('1', { seen: { capabilities: { lacks: [], ...(modes ? { modes } : {}) } } }), claims: [] },
    ])[0] ?? hostView('none')
  const [silent, all, paravirtual, none] = [viewed(), viewed(['pv', 'pvh', 'hvm']), viewed(['pv']), viewed([])]
  expect([silent, all, paravirtual, none].map((host) => concerns?.(host))).toEqual([false, false, true, true])
  const needs = demandOf(computeRecord({ wish: { mode: 'hvm' } }), 0)
  expect([silent, all].map((host) => admits(needs, host))).toEqual([true, true])
  expect(admits(needs, paravirtual)).toBe('starts pv guests only, and its image is for hvm')
  expect(admits(needs, none)).toBe('starts no guests, and its image is for hvm')
  expect(admits(demandOf(computeRecord({ wish: { mode: 'pv' } }), 0), paravirtual)).toBe(true)
  const adopted = { from: 'old', boot: FOREIGN_BOOT, disks: [] }
  const takenOver = demandOf(computeRecord({ wish: { image: null, adopted } }), 0)
  expect(admits(takenOver, paravirtual)).toBe('starts pv guests only, and its image is for pvh')
  // Simulated images say nothing, nor did machines of before this was kept.
  expect(admits(demandOf(computeRecord(), 0), none)).toBe(true)
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

describe('groups', () => {
  const racks = [
    { ...hostView('1'), traits: traits({ rack: 'r1' }) },
    { ...hostView('2'), traits: traits({ rack: 'r2' }) },
  ] as const
  function traits(labels: Readonly<Record<string, string>>) {
    return { driver: 'xl', total: sizeOf(1, 1), labels, measured: null, instances: [] }
  }
  const [first, second] = racks

  test('apart-from-group: the place, not the host alone; soft ones wish only', () => {
    const machine = grouped('m', { ...APART, over: 'rack' }, { hosts: racks, members: [member('x', '1')] })
    expect(only('apart-from-group').admits(machine, first)).toBe('has i-x of its group front (anti-affinity)')
    expect(only('apart-from-group').admits(machine, { ...first, id: '9' as HostId })).toContain('(anti-affinity)')
    expect(only('apart-from-group').admits(machine, second)).toBe(true)
    const soft = grouped('m', { ...APART, strength: 'soft' }, { hosts: racks, members: [member('x', '1')] })
    expect(only('apart-from-group').admits(soft, first)).toBe(true)
  })

  test('with-group: where the others are; anywhere as long as there are none', () => {
    const machine = grouped('m', TOGETHER, { hosts: racks, members: [member('x', '1'), member('y', '1')] })
    expect(only('with-group').admits(machine, first)).toBe(true)
    expect(only('with-group').admits(machine, second)).toBe('is not where i-x, i-y of its group front are (affinity)')
    expect(only('with-group').admits(grouped('m', TOGETHER, { hosts: racks }), second)).toBe(true)
    const soft = grouped('m', { ...TOGETHER, strength: 'soft' }, { hosts: racks, members: [member('x', '1')] })
    expect(only('with-group').admits(soft, second)).toBe(true)
  })

  test("in-partition: another one's place, and more than one's share, are refused", () => {
    const of = (partition: number, members = [member('x', '1', 1)]) =>
      only('in-partition').admits(grouped('m', PARTITIONS, { hosts: racks, members, partition }), first)
    expect(of(1)).toBe(true)
    expect(of(2)).toBe('has i-x of partition 1 of its group front')
    expect(of(1, [member('x', '2', 1)])).toBe('is free, but partition 1 of its group front has its 1 already')
    expect(of(2, [member('x', '2', 1)])).toBe(true)
  })

  test('room-for-group: all of those that get their places at once', () => {
    const machine = grouped('m', TOGETHER, { hosts: racks })
    const needs = { cpuHundredths: 500, memoryMiB: 1024, diskGiB: 1 }
    const free = (cpuHundredths: number) => new Map([['host 1', { ...needs, cpuHundredths }]])
    const of = (cpuHundredths: number) =>
      machine.group && {
        ...machine,
        group: { ...machine.group, whole: { machines: 3, needs, rooms: free(cpuHundredths) } },
      }
    const admits = (cpu: number, host: typeof first) => only('room-for-group').admits(of(cpu) ?? machine, host)
    expect(admits(500, first)).toBe(true)
    expect(admits(499, first)).toBe(
      'has 4.99 cores, 1024 MiB of memory and 1 GiB of disk, all 3 of its group front need 5 cores, 1024 MiB of memory and 1 GiB of disk',
    )
    expect(admits(500, second)).toContain('has nothing')
  })

  test('a long list of machines is cut', () => {
    const members = Array.from({ length: 8 }, (_, at) => member(`${at}`, '1'))
    expect(only('apart-from-group').admits(grouped('m', APART, { hosts: racks, members }), first)).toBe(
      'has i-0, i-1, i-2, i-3, i-4 and 3 more of its group front (anti-affinity)',
    )
  })
})
