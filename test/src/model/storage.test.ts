import type { ComputeId } from '../../../src/model/ids'
import type { Quota } from '../../../src/model/quota'
import type { Intent } from '../../../src/model/records'
import {
  attachmentOf,
  ec2VolumeState,
  freeDevice,
  type Holder,
  isDevice,
  isTaken,
  mayHold,
  occiStorageActions,
  occiStorageState,
  storageMessage,
  volumeQuota,
} from '../../../src/model/storage'
import { computeRecord, sighting } from '../../support/compute-record'
import { storageRecord } from '../../support/storage-record'

const NAME = 'vol-00000000000000001'
const compute = computeRecord()
const holder: Holder = {
  compute: compute.id,
  computeName: compute.wish.name,
  device: '/dev/sdf',
  deleteOnTermination: false,
  since: 5,
  mountpoint: null,
}
const attachedDisk = { name: NAME, sizeGiB: 1, attached: true }
const seenWith = (...disks: readonly { name: string; sizeGiB: number; attached: boolean }[]) => ({
  ...compute,
  seen: { ...compute.seen, machine: { ...sighting('running'), disks } },
})
const trying = (parts: Partial<Intent>) => {
  const intent = { step: 'attach', direction: 'up', item: NAME, outcome: 'open', ...parts } as Intent
  return { ...compute, journal: { ...compute.journal, intent } }
}

describe('whether a machine may have a volume', () => {
  test('seen with it, or told to attach it with an outcome that nobody knows', () => {
    expect(mayHold(seenWith(attachedDisk), NAME)).toBe(true)
    expect(mayHold(trying({}), NAME)).toBe(true)
    expect(mayHold(trying({ outcome: 'running' }), NAME)).toBe(true)
  })
  test.each([
    ['nobody', undefined],
    ['seen with another', seenWith({ ...attachedDisk, name: 'vol-2' })],
    ['seen beside it', seenWith({ ...attachedDisk, attached: false })],
    ['failed to attach it', trying({ outcome: 'failed' })],
    ['attaching another', trying({ item: 'vol-2' })],
    ['detaching it, and seen without it', trying({ direction: 'down' })],
  ])('%s has it not', (_what, record) => {
    expect(mayHold(record, NAME)).toBe(false)
  })
  test('what is gone has nothing', () => {
    const gone = seenWith(attachedDisk)
    expect(mayHold({ ...gone, seen: { ...gone.seen, goneAt: 9 } }, NAME)).toBe(false)
  })
})

describe('the attachment', () => {
  const held = storageRecord({ wish: { holder } })
  const let_go = storageRecord({ wish: { former: holder } })
  test('attaching, attached, detaching, none', () => {
    expect(attachmentOf(held, () => compute)?.state).toBe('attaching')
    expect(attachmentOf(held, () => seenWith(attachedDisk))?.state).toBe('attached')
    expect(attachmentOf(let_go, () => seenWith(attachedDisk))).toEqual({ holder, state: 'detaching' })
    expect(attachmentOf(let_go, () => compute)).toBeUndefined()
    expect(attachmentOf(storageRecord(), () => compute)).toBeUndefined()
  })
  test('asks for the machine that the record names', () => {
    const asked: ComputeId[] = []
    attachmentOf(held, (id) => {
      asked.push(id)
      return undefined
    })
    expect(asked).toEqual([compute.id])
  })
})

describe('states', () => {
  const attachment = { holder, state: 'attached' } as const
  const broken = storageRecord({ journal: { stuck: { since: 1, message: 'no space left' } } })
  test("EC2's", () => {
    expect(ec2VolumeState(storageRecord(), undefined)).toBe('available')
    expect(ec2VolumeState(storageRecord(), attachment)).toBe('in-use')
    expect(ec2VolumeState(storageRecord({ wish: { exists: false } }), attachment)).toBe('deleting')
    expect(ec2VolumeState(broken, undefined)).toBe('error')
    expect(ec2VolumeState(broken, attachment)).toBe('in-use')
  })
  test("OCCI's, with the actions that apply", () => {
    const offline = storageRecord({ wish: { online: false } })
    expect([storageRecord(), offline, broken].map(occiStorageState)).toEqual(['online', 'offline', 'error'])
    expect(occiStorageActions(storageRecord(), undefined)).toEqual(['offline', 'backup', 'snapshot', 'resize'])
    expect(occiStorageActions(storageRecord(), attachment)).toEqual(['backup', 'snapshot', 'resize'])
    expect(occiStorageActions(offline, undefined)).toEqual(['online', 'backup', 'snapshot', 'resize'])
  })
  test('what is told never names a host, and says that it does not survive one', () => {
    const placed = { host: 'h' as never, hostName: 'sim-1', zone: 'z', simulated: true, at: 1 }
    const records = [
      storageRecord(),
      storageRecord({ place: placed }),
      storageRecord({ place: placed, seen: { sizeGiB: 4 } }),
      storageRecord({ journal: { trouble: { kind: 'no-room', message: 'its host has 1 GiB of disk free', at: 1 } } }),
      broken,
    ]
    const messages = records.map(storageMessage)
    expect(messages).toEqual([
      expect.stringContaining('first machine'),
      expect.stringContaining('does not survive it'),
      expect.stringContaining('from 4 to 10 GiB'),
      expect.stringContaining('tried again'),
      expect.stringContaining('an operator is needed'),
    ])
    expect(messages.join()).not.toContain('sim-1')
  })
})

describe('devices', () => {
  test.each(['/dev/sdf', 'sdf', '/dev/xvdf', 'xvdba', '/dev/vdb', '/dev/hda', '/dev/sda1', '/dev/sdf15'])(
    '%s is one',
    (name) => expect(isDevice(name)).toBe(true),
  )
  test.each(['', '/dev/', '/dev/null', '/dev/sd', '/dev/sdF', 'sdf16', '/dev/sdf; rm', '../sdf', '/dev/sdf\n'])(
    '%j is none',
    (name) => expect(isDevice(name)).toBe(false),
  )
  test.each(['/dev/xvdzz', 'xvdzz', '/dev/xvdzz1'])('%s is where the seed disk is', (name) =>
    expect(isDevice(name)).toBe(false),
  )
  test('one place on the bus has several names', () => {
    expect(isTaken('/dev/xvdf', ['/dev/sdf'])).toBe(true)
    expect(isTaken('vdf', ['/dev/sdf1'])).toBe(true)
    expect(isTaken('/dev/sdg', ['/dev/sdf'])).toBe(false)
  })
  test('the next free one begins at f; none is left in the end', () => {
    expect(freeDevice(['/dev/sda1'])).toBe('/dev/sdf')
    expect(freeDevice(['/dev/sda1', '/dev/xvdf', 'sdg'])).toBe('/dev/sdh')
    const taken = ['/dev/sda1']
    for (let next = freeDevice(taken); next; next = freeDevice(taken)) taken.push(next)
    expect(new Set(taken).size).toBe(26)
  })
})

test("limits of volumes: the site's where a project says nothing", () => {
  const quota: Quota = { instances: 1, cores: 1, memoryMiB: 1 }
  expect(volumeQuota(quota)).toEqual({ volumes: 5_000, volumeGiB: 100_000 })
  expect(volumeQuota({ ...quota, volumes: 1, volumeGiB: 2 })).toEqual({ volumes: 1, volumeGiB: 2 })
})
