/** What a machine's plan does about its volumes, and when; and where volumes let it be placed. */
import type { HostId, StorageId } from '../../../src/model/ids'
import type { MachineSighting } from '../../../src/model/machine'
import { demandOf, FILTERS, waitingReasons } from '../../../src/model/placement'
import type { Intent } from '../../../src/model/records'
import type { VolumeWish } from '../../../src/model/storage'
import { plan } from '../../../workers/reconcile/plan'
import { attach, unwantedVolume } from '../../../workers/reconcile/steps/attach'
import { type ComputeParts, computeRecord, placed, sighting } from '../../support/compute-record'
import { hostView } from '../../support/host-record'
import { storageRecord } from '../../support/storage-record'
import { intentOf } from './intent-of'

const volume = (name: string, device = '/dev/sdf'): VolumeWish => ({
  storage: name as StorageId,
  name,
  device,
  deleteOnTermination: false,
  since: 1,
})
const record = (parts: ComputeParts = {}) => computeRecord({ ...parts, place: { ...placed, ...parts.place } })
const wanted = { wish: { volumes: [volume('vol-1')] } }
const ran = { seen: { starts: 1, startedAt: 1 } }
const having = (machine: MachineSighting, ...names: string[]): MachineSighting => ({
  ...machine,
  disks: [...machine.disks, ...names.map((name) => ({ name, sizeGiB: 1, attached: true }))],
})
const decide = (parts: ComputeParts, machine: MachineSighting) => plan(record(parts), machine, 2000)
const up = { kind: 'do', step: 'attach', direction: 'up', item: 'vol-1' }
const down = { kind: 'do', step: 'attach', direction: 'down', item: 'vol-1' }

test('attached before the machine is powered, and while it runs or is off', () => {
  expect(decide(wanted, sighting('off'))).toEqual(up)
  expect(decide({ ...ran, ...wanted }, sighting('running'))).toEqual(up)
  expect(decide({ ...ran, wish: { ...wanted.wish, power: 'off' } }, sighting('off'))).toEqual(up)
  expect(decide({ ...ran, ...wanted }, having(sighting('running'), 'vol-1'))).toEqual({ kind: 'nothing' })
})

test('what is not wanted any more is taken off, before anything else is attached', () => {
  expect(decide(ran, having(sighting('running'), 'vol-1'))).toEqual(down)
  const other = { ...ran, wish: { volumes: [volume('vol-2')] } }
  expect(decide(other, having(sighting('running'), 'vol-1'))).toEqual(down)
})

test('a stop, a suspension and a restart do not wait for a volume', () => {
  for (const [wish, step] of [
    [{ power: 'off' }, 'power'],
    [{ power: 'suspended' }, 'suspend'],
    [{ boots: 1 }, 'reboot'],
  ] as const)
    expect(decide({ ...ran, wish: { ...wanted.wish, ...wish } }, sighting('running'))).toMatchObject({ step })
})

test('a suspended machine is left alone: its memory knows the devices that it had', () => {
  const suspended = { ...ran, wish: { ...wanted.wish, power: 'suspended' } } as const
  expect(decide(suspended, sighting('saved'))).toEqual({ kind: 'nothing' })
  expect(decide({ ...ran, wish: { power: 'suspended' } }, having(sighting('saved'), 'vol-1'))).toEqual({
    kind: 'nothing',
  })
})

test('a machine starts without a volume that was refused thrice', () => {
  const intent: Partial<Intent> = { step: 'attach', direction: 'up', item: 'vol-1', outcome: 'failed' }
  const failed = (failures: number) => ({ ...wanted, journal: { intent: intentOf(intent), failures } })
  expect(decide(failed(2), sighting('off'))).toEqual(up)
  expect(decide(failed(3), sighting('off'))).toMatchObject({ step: 'power', direction: 'up' })
})

test('a deleted machine is cut, lets go of each volume, and is then forgotten', () => {
  const deleted = { ...ran, wish: { exists: false, volumes: [] } }
  expect(decide(deleted, having(sighting('running'), 'vol-1'))).toMatchObject({ step: 'power', direction: 'down' })
  expect(decide(deleted, having(sighting('off'), 'vol-1', 'vol-2'))).toEqual(down)
  expect(decide(deleted, sighting('off'))).toMatchObject({ step: 'define', direction: 'down' })
})

describe('the step', () => {
  const machine = sighting('running')
  const compute = record(wanted)
  test('up, seen, is up; down, seen, is down; both twice', () => {
    const attached = attach.after(machine, 'up', compute, 'vol-1')
    expect(attach.lacks(compute, machine)).toBe('vol-1')
    expect(attach.lacks(compute, attached)).toBeUndefined()
    expect(attach.after(attached, 'up', compute, 'vol-1')).toEqual(attached)
    expect(attach.leaves(compute, attached)).toBe('vol-1')
    const detached = attach.after(attached, 'down', compute, 'vol-1')
    expect(detached).toEqual(machine)
    expect(attach.leaves(compute, detached)).toBeUndefined()
    expect(attach.after(detached, 'down', compute, 'vol-1')).toEqual(detached)
  })
  test("a machine's own disks are no volumes", () => {
    expect(unwantedVolume(record(), machine)).toBeUndefined()
    expect(attach.leaves(record(), machine)).toBeUndefined()
  })
})

describe('placement', () => {
  const there = { host: 'host-2' as HostId, hostName: 'host-2', zone: 'local-1a', simulated: true, at: 1 }
  const beside = demandOf(record(), 0, [storageRecord({ place: there }), storageRecord()])
  test('a machine goes where its volumes lie, and needs room for those that lie nowhere', () => {
    expect(beside).toMatchObject({ with: 'host-2', size: { diskGiB: record().wish.size.diskGiB + 10 } })
    expect(demandOf(record(), 0)).toEqual(demandOf(record(), 0, []))
    expect(demandOf(record(), 0)).not.toHaveProperty('with')
  })
  test('one on shared storage draws it to every host that has that, as disks of its own do', () => {
    const volume = storageRecord({ place: there, seen: { sizeGiB: 10, madeAt: 1, pool: 'nfs-1' } })
    const rule = FILTERS.find(({ name }) => name === 'on-its-storage')
    const says = (pools: readonly string[] | undefined, demand = demandOf(record(), 0, [volume])) =>
      rule?.admits(demand, { ...hostView('host-1'), ...(pools ? { pools } : {}) })
    expect(demandOf(record(), 0, [volume])).not.toHaveProperty('with')
    expect(says(['nfs-1', 'nfs-2'])).toBe(true)
    for (const pools of [undefined, [], ['nfs-2']]) expect(says(pools)).toMatch(/has not the shared storage/)
    const own = { name: 'i-0000000000000000a-root', sizeGiB: 8, attached: false, pool: 'nfs-2' }
    const left = record({
      wish: { name: 'i-0000000000000000a' },
      seen: { machine: { ...sighting('off'), disks: [own] } },
    })
    expect(says(['nfs-1'], demandOf(left, 0, []))).toMatch(/has not the shared storage/)
    expect(says(['nfs-2'], demandOf(left, 0, []))).toBe(true)
    expect(says(undefined, demandOf(record(), 0, []))).toBe(true)
  })
  test('a volume may bind it to a zone', () => {
    expect(demandOf(record(), 0, [storageRecord({ wish: { zone: 'local-1c' } })]).zone).toBe('local-1c')
  })
  test('every other host says why not, and the reason is counted without a name', () => {
    const rule = FILTERS.find(({ name }) => name === 'with-volumes')
    expect(rule?.admits(beside, hostView('host-2'))).toBe(true)
    expect(rule?.admits(beside, hostView('host-1'))).toBe('its volumes are on another host')
    expect(rule?.admits(demandOf(record(), 0), hostView('host-1'))).toBe(true)
    expect(waitingReasons(beside, [hostView('host-1')]).reasons).toEqual({ 'its volumes are on another host': 1 })
  })
})
