/** Snapshots from a host into the image store: consistent, resumed by others, checked; and a new disk of one. */
import { mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { fault } from '../../../../src/faults'
import type { Disks } from '../../../../workers/drivers/transfer'
import { pulledPiece } from '../../../../workers/drivers/transfer/pull-snapshot'
import { type DiskStage, GIB, MIB, noise, openDiskStage, same, through } from '../../../support/disk-stage'
import { testWith } from '../../../support/host-tools'

/** A hypervisor's hooks that write down what they did. */
const HOOKS = `
disk_holder() { cat "$(site_root)/holder-$1" 2>/dev/null; }
disk_freeze() { echo "freeze $1" >>"$(site_root)/deeds"; echo paused; }
disk_thaw() { echo "thaw $1" >>"$(site_root)/deeds"; }
`
/** Small, for what is pulled passes through memory; disks of users have whole GiB. */
const SIZE = 16 * MIB
let stage: DiskStage
beforeEach(() => {
  stage = openDiskStage({ deeds: [HOOKS] })
})
afterEach(() => stage.close())

const blank = (name: string) =>
  through(stage, stage.claim(name), (ticket) =>
    stage.disks.disk.ensure(stage.host, ticket, { name, sizeGiB: SIZE / GIB, source: { from: 'blank' } }),
  )
/** Large and sparse: only what is written here is not zero. */
const scribble = (name: string, at: number, bytes: Buffer) => {
  writeSync(openSync(stage.path('disks', `${name}.raw`), 'r+'), bytes, 0, bytes.length, at)
}
const take = (name: string, snapshot: string, disks: Disks = stage.disks, key = `${snapshot}/snapshot/up/1`) =>
  through(stage, stage.claim(name, key), (ticket) => disks.disk.snapshot(stage.host, ticket, name, snapshot))
const held = () => {
  try {
    return stage.read(200, 'deeds').toString().replaceAll('\0', '').trim().split('\n')
  } catch {
    return []
  }
}
const big = (more = {}) => stage.worker({ pieceBytes: 4 * MIB, ...more })

test('its contents at that moment, checked, while its machine is held still; the copy is removed like a disk', async () => {
  await blank('vol-1')
  const [head, tail] = [noise(3 * MIB), noise(1000)]
  scribble('vol-1', 0, head)
  scribble('vol-1', SIZE - 1000, tail)
  const file = await take('vol-1', 'snap-1', big())
  expect(file).toMatchObject({ bytes: SIZE, format: 'raw', sizeGiB: 1 })
  const kept = stage.images.files.get(file?.sha256 ?? '')
  expect(same(kept?.subarray(0, head.length), head)).toBe(true)
  expect(same(kept?.subarray(SIZE - 1000), tail)).toBe(true)
  expect(held()).toEqual(['freeze vol-1', 'thaw vol-1'])
  expect(stage.names('snapshots')).toEqual(['snap-1.meta', 'snap-1.raw'])
  // The disk goes on changing; the same order again answers what was taken.
  scribble('vol-1', 0, noise(MIB))
  expect(await take('vol-1', 'snap-1', big())).toEqual(file)
  for (const _time of [1, 2]) await stage.disks.disk.remove(stage.host, stage.claim('vol-1'), 'snap-1')
  expect(stage.names('snapshots')).toEqual([])
  expect(await stage.disksOf('vol-1')).toHaveLength(1)
})

test('a worker dies while it pulls: another one goes on where the upload ends', async () => {
  await blank('vol-1')
  scribble('vol-1', 0, noise(SIZE))
  let pieces = 0
  stage.guard.between = (deed) => {
    if (deed === 'snapshot_piece' && ++pieces === 3) throw fault('unreachable', 'cut')
  }
  await expect(take('vol-1', 'snap-1', big())).rejects.toMatchObject({ kind: 'unreachable' })
  expect(stage.images.uploads.get('snap-1')?.length).toBe(8 * MIB)
  // It was cut in the middle of a MiB.
  stage.images.uploads.set('snap-1', stage.images.uploads.get('snap-1')?.subarray(0, 5 * MIB + 77) ?? Buffer.alloc(0))
  const file = await take('vol-1', 'snap-1', big())
  expect(stage.images.files.get(file?.sha256 ?? '')?.length).toBe(SIZE)
  expect(stage.images.uploads.size).toBe(0)
})

test.each([
  ['young: it is not written again', 3_600_000, 0],
  ['old, and swept away perhaps at this moment: it is written again', 23 * 3_600_000, 1],
])('the same contents are in the store, %s', async (_what, age, pulls) => {
  await blank('vol-1')
  scribble('vol-1', 0, noise(MIB))
  await take('vol-1', 'snap-1', big())
  const { stat } = stage.images
  stage.images.stat = async (sum) => {
    const there = await stat(sum)
    return there && { ...there, writtenAt: Date.now() - age }
  }
  stage.guard.calls.clear()
  await take('vol-1', 'snap-2', big())
  // One that has contents, and one that says that the rest is zero.
  expect(stage.guard.calls.get('snapshot_piece') ?? 0).toBe(pulls * 2)
})

test('what was pulled of contents that came otherwise meanwhile is dropped', async () => {
  await blank('vol-1')
  scribble('vol-1', 0, noise(MIB))
  await take('vol-1', 'snap-1', big())
  stage.images.uploads.set('snap-2', noise(10))
  const file = await take('vol-1', 'snap-2', big())
  expect(stage.images.files.get(file?.sha256 ?? '')?.length).toBe(SIZE)
  expect(stage.images.uploads.size).toBe(0)
})

test('what is larger than a file of the store may be is not pulled at all', async () => {
  await blank('vol-1')
  stage.images.mostBytes = SIZE - 1
  await expect(take('vol-1', 'snap-1', big())).rejects.toMatchObject({ kind: 'unsupported' })
  expect(stage.guard.calls.get('snapshot_piece') ?? 0).toBe(0)
  expect(stage.images.uploads.size).toBe(0)
})

test('a piece that would swell beyond what was asked for is damaged', async () => {
  await blank('vol-1')
  scribble('vol-1', 0, noise(MIB))
  const { look } = stage.guard
  stage.guard.look = async (host, ticket, deed, args, options) => {
    const seen = await look(host, ticket, deed, args, options)
    return deed === 'snapshot_piece'
      ? { ...seen, payload: Buffer.concat([Buffer.from('zeros 0\n'), gzipSync(Buffer.alloc(64 * MIB))]) }
      : seen
  }
  await expect(take('vol-1', 'snap-1', big())).rejects.toMatchObject({
    kind: 'unreachable',
    message: 'a piece of the snapshot came damaged',
  })
})

test('what came damaged is thrown away and refused; a second try pulls it anew', async () => {
  await blank('vol-1')
  scribble('vol-1', 0, noise(MIB))
  stage.images.uploads.set('snap-1', noise(MIB))
  await expect(take('vol-1', 'snap-1', big())).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('other contents'),
  })
  expect(await take('vol-1', 'snap-1', big())).toMatchObject({ bytes: SIZE })
})

test('a guest that was held still for a copy that was killed goes on', async () => {
  await blank('vol-1')
  mkdirSync(stage.path('snapshots'), { recursive: true })
  writeFileSync(stage.path('snapshots', 'snap-1.held'), 'vol-1\n')
  writeFileSync(stage.path('snapshots', '.new-snap-1'), 'half')
  await stage.disks.disk.remove(stage.host, stage.claim('vol-1'), 'snap-1')
  expect(held()).toEqual(['thaw vol-1'])
  expect(stage.names('snapshots')).toEqual([])
})

test('a disk that is not there has no snapshot; an attached one is not removed', async () => {
  await expect(take('vol-9', 'snap-9')).rejects.toMatchObject({ message: 'failed to stat: no disk vol-9' })
  await blank('vol-1')
  writeFileSync(stage.path('holder-vol-1'), 'i-1\n')
  await expect(stage.disks.disk.remove(stage.host, stage.claim('vol-1'), 'vol-1')).rejects.toMatchObject({
    message: 'vol-1 is attached to i-1',
  })
  expect(await stage.disksOf('vol-1')).toHaveLength(1)
})

testWith('qemu-img', 'a disk over a backing file is copied flat', async () => {
  mkdirSync(stage.path(), { recursive: true })
  writeFileSync(stage.path('settings'), 'clone=qcow2\n')
  const contents = noise(2 * MIB)
  const file = stage.image(contents)
  await through(stage, stage.claim('i-1'), (ticket) =>
    stage.disks.disk.ensure(stage.host, ticket, {
      name: 'i-1-root',
      sizeGiB: SIZE / GIB,
      source: { from: 'image', image: 'ami-1', sizeGiB: 1, file },
    }),
  )
  expect(stage.names('disks')).toEqual(['i-1-root.qcow2'])
  const taken = await take('i-1-root', 'snap-1', big())
  const kept = stage.images.files.get(taken?.sha256 ?? '')
  expect(kept?.length).toBe(SIZE)
  expect(same(kept?.subarray(0, contents.length), contents)).toBe(true)
})

test('zeros are left out on the way, and told how many', async () => {
  await blank('vol-1')
  const mark = noise(1000)
  scribble('vol-1', 9 * MIB, mark)
  await take('vol-1', 'snap-1', big())
  const piece = async (from: number) => {
    const args = ['snap-1', String(from * MIB), String(4 * MIB)]
    const { payload } = await stage.guard.look(stage.host, stage.claim('snap-1'), 'snapshot_piece', args)
    const end = payload.indexOf('\n')
    return { head: payload.subarray(0, end).toString(), behind: payload.subarray(end + 1) }
  }
  const { head, behind } = await piece(0)
  expect(head).toBe(`zeros ${8 * MIB}`)
  const contents = gunzipSync(behind)
  expect(contents.length).toBe(4 * MIB)
  expect(same(contents.subarray(MIB, MIB + 1000), mark)).toBe(true)
  expect(await piece(12)).toEqual({ head: `zeros ${4 * MIB}`, behind: Buffer.alloc(0) })
})

test('a worker dies within zeros that were left out: another one goes on in the middle of them', async () => {
  await blank('vol-1')
  const tail = noise(MIB)
  scribble('vol-1', 13 * MIB, tail)
  // What the one that died had written.
  stage.images.uploads.set('snap-1', Buffer.alloc(6 * MIB + 13))
  const file = await take('vol-1', 'snap-1', big())
  const kept = stage.images.files.get(file?.sha256 ?? '')
  expect(kept?.length).toBe(SIZE)
  expect(same(kept?.subarray(13 * MIB, 14 * MIB), tail)).toBe(true)
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a piece without its head', gzipSync(Buffer.alloc(MIB))],
  ['no bytes at all', Buffer.from('zeros 0\n')],
])('an answer of %s is none', async (_what, payload) => {
  await blank('vol-1')
  const { look } = stage.guard
  stage.guard.look = async (host, ticket, deed, args, options) => {
    const seen = await look(host, ticket, deed, args, options)
    return deed === 'snapshot_piece' ? { ...seen, payload } : seen
  }
  await expect(take('vol-1', 'snap-1', big())).rejects.toMatchObject({ kind: 'unreachable' })
  expect(stage.images.files.size).toBe(0)
})

test.each([
  ['of most disks 8 MiB', 70, 8],
  ['of large ones more, so that there are 10,000', 200, 21],
  ['and of the largest as much as comes in one call', 16_384, 64],
])('pieces: %s', (_what, gib, expected) => {
  expect(pulledPiece(8 * MIB, gib * 1024 * MIB)).toBe(expected * MIB)
})
