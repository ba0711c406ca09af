/** Images on their way to a host's cache: killed pushers, several workers, damaged pieces, full disks, eviction. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fault } from '../../../../src/faults'
import type { ImageFile } from '../../../../src/model/images'
import type { Disks } from '../../../../workers/drivers/transfer'
import { type DiskStage, GIB, MIB, noise, openDiskStage, same, through } from '../../../support/disk-stage'
import { testWith } from '../../../support/host-tools'

let stage: DiskStage
const settings = (text: string) => {
  mkdirSync(stage.path(), { recursive: true })
  writeFileSync(stage.path('settings'), text)
}
beforeEach(() => {
  stage = openDiskStage()
  settings('clone=copy\n')
})
afterEach(() => stage.close())

const made = (name: string, file: ImageFile, disks: Disks = stage.disks) =>
  through(stage, stage.claim(name), (ticket) =>
    disks.disk.ensure(stage.host, ticket, {
      name,
      sizeGiB: 1,
      source: { from: 'image', image: 'ami-1', sizeGiB: 1, file },
    }),
  )
const files = (): readonly string[] => stage.names('images').filter((name) => !name.endsWith('.users'))

test('many machines fetch it once; zero pieces are not sent', async () => {
  const contents = Buffer.concat([noise(2 * MIB), Buffer.alloc(3 * MIB), noise(100)])
  const file = stage.image(contents)
  const other = stage.worker()
  await Promise.all([1, 2, 3, 4, 5, 6].map((at) => made(`i-${at}-root`, file, at % 2 === 0 ? other : stage.disks)))
  expect(files()).toEqual([`${file.sha256}.raw`])
  expect(same(stage.read(contents.length, 'images', `${file.sha256}.raw`), contents)).toBe(true)
  for (const at of [1, 6]) expect(same(stage.read(contents.length, 'disks', `i-${at}-root.raw`), contents)).toBe(true)
  // The other worker may have had a piece in hand, now and then, that was there already.
  expect(stage.images.given).toBeLessThanOrEqual(contents.length + 4 * MIB)
  expect(stage.guard.calls.get('image_zeros')).toBeGreaterThanOrEqual(1)
})

test('a run of zeros is one call, however long', async () => {
  const contents = Buffer.concat([noise(2 * MIB), Buffer.alloc(9 * MIB), noise(100), Buffer.alloc(5 * MIB)])
  const file = stage.image(contents)
  await made('i-1-root', file, stage.worker({ pushMs: 60_000 }))
  expect(same(stage.read(contents.length, 'images', `${file.sha256}.raw`), contents)).toBe(true)
  expect(stage.guard.calls.get('image_zeros')).toBe(2)
})

test('progress is told while it comes', async () => {
  const file = stage.image(noise(8 * MIB))
  const slow = stage.worker({ pushMs: 1 })
  const percents: number[] = []
  await through(stage, stage.claim('i-1-root'), async (ticket) => {
    const effect = await slow.ensureFiles(stage.host, { ...ticket, resource: 'i-1' }, [file])
    if (effect.state === 'running') percents.push(effect.percent)
    return effect
  })
  expect(percents.length).toBeGreaterThan(3)
  expect([...percents].sort((a, b) => a - b)).toEqual(percents)
  expect(Math.max(...percents)).toBe(99)
})

test('a worker that dies with a piece in hand costs nothing: another goes on where it ended', async () => {
  const contents = noise(6 * MIB)
  const file = stage.image(contents)
  let pieces = 0
  stage.guard.between = (deed) => {
    if (deed === 'image_piece' && ++pieces === 3) throw fault('unreachable', 'cut')
  }
  await expect(made('i-1-root', file)).rejects.toMatchObject({ kind: 'unreachable' })
  // What a killed shell had written of its piece is there, and is not sent again.
  writeFileSync(stage.path('images', `${file.sha256}.raw.part`), contents.subarray(0, 2 * MIB + 333))
  const before = stage.images.given
  await made('i-1-root', file, stage.worker())
  expect(stage.images.given - before).toBe(4 * MIB - 333)
  expect(same(stage.read(contents.length, 'disks', 'i-1-root.raw'), contents)).toBe(true)
})

test('a damaged piece: the host refuses the image, sends it away and gets it anew', async () => {
  const contents = noise(3 * MIB)
  const file = stage.image(contents)
  let spoilt = 0
  stage.images.spoil = (piece) => (spoilt++ === 1 ? noise(piece.length) : piece)
  await expect(made('i-1-root', file)).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('other contents'),
  })
  expect(files()).toEqual([])
  expect(stage.names('disks')).toEqual([])
  await made('i-1-root', file)
  expect(same(stage.read(contents.length, 'disks', 'i-1-root.raw'), contents)).toBe(true)
})

test('an image that the store has not, and one of another length, are refused', async () => {
  const file = stage.image(noise(MIB))
  await expect(made('i-1-root', { ...file, bytes: 2 * MIB })).rejects.toMatchObject({ kind: 'refused' })
  stage.images.files.clear()
  await expect(made('i-2-root', { ...file, sha256: 'f'.repeat(64) })).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('image store'),
  })
})

test('a simulated image has no contents for a real disk', async () => {
  const order = { name: 'i-1-root', sizeGiB: 1, source: { from: 'image', image: 'ami-1', sizeGiB: 1 } } as const
  await expect(stage.disks.disk.ensure(stage.host, stage.claim('i-1'), order)).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('simulated'),
  })
})

test('contents larger than the disk are refused', async () => {
  const header = Buffer.alloc(MIB)
  header.writeUInt32BE(0x514649fb, 0)
  header.writeBigUInt64BE(5n * 1024n ** 3n, 24)
  const large = stage.image(header, 'qcow2')
  await expect(made('i-1-root', large)).rejects.toMatchObject({ message: expect.stringContaining('too few') })
  expect(stage.names('disks')).toEqual([])
})

describe('space', () => {
  const old = (file: ImageFile, days: number) => {
    const at = Date.now() / 1000 - days * 86_400
    utimesSync(stage.path('images', `${file.sha256}.${file.format}`), at, at)
  }

  /** As the deed that defines a machine says it. */
  const uses = (file: ImageFile, user: string): void => {
    const folder = stage.path('images', `${file.sha256}.${file.format}.users`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, user), '')
  }

  testWith('qemu-img', 'what is promised counts, not only what is used: the quota of an operator', async () => {
    const file = stage.image(noise(MIB))
    settings('most=2\nclone=qcow2\n')
    await made('i-1-root', file)
    await made('i-2-root', file)
    await expect(made('i-3-root', file)).rejects.toMatchObject({
      message: expect.stringMatching(/no space left on device: i-3-root needs 1024 MiB, /),
    })
    await stage.disks.disk.remove(stage.host, stage.claim('i-1'), 'i-1-root')
    await made('i-3-root', file)
  })

  test('a file of qcow2 that is larger than its disk is copied whole, and needs room for all of it', async () => {
    const header = Buffer.alloc(MIB)
    header.writeUInt32BE(0x514649fb, 0)
    header.writeBigUInt64BE(BigInt(GIB), 24)
    const file = stage.image(header, 'qcow2')
    settings('most=2\nclone=copy\n')
    await through(stage, stage.claim('i-1'), (ticket) => stage.disks.ensureFiles(stage.host, ticket, [file]))
    // One of an earlier release: none is taken any more that has so much beside its disk.
    truncateSync(stage.path('images', `${file.sha256}.qcow2`), 3 * GIB)
    await expect(made('i-1-root', { ...file, bytes: 3 * GIB }, stage.worker())).rejects.toMatchObject({
      message: expect.stringMatching(/no space left on device: i-1-root needs 3072 MiB, /),
    })
    expect(stage.names('disks')).toEqual([])
  })

  testWith('qemu-img', 'images that nothing needs go after two weeks; those in use stay', async () => {
    settings('clone=qcow2\n')
    const [used, unused, booted] = [
      stage.image(noise(MIB)),
      stage.image(noise(MIB + 1)),
      stage.image(noise(MIB + 2), 'kernel'),
    ]
    await made('i-1-root', used)
    await made('i-2-root', unused)
    await stage.disks.disk.remove(stage.host, stage.claim('i-2'), 'i-2-root')
    const brought = stage.image(noise(MIB + 3), 'kernel')
    for (const file of [booted, brought])
      await through(stage, stage.claim('i-1'), (ticket) => stage.disks.ensureFiles(stage.host, ticket, [file]))
    uses(booted, 'i-1')
    // What was brought for a machine that never came to be is nobody's.
    for (const file of [used, unused, booted, brought]) old(file, 15)
    await stage.disks.disk.remove(stage.host, stage.claim('i-9'), 'i-9-root')
    expect(files()).toEqual([`${used.sha256}.raw`, `${booted.sha256}.kernel`].sort())
  })

  // A mount needs root.
  const asRoot = process.getuid?.() === 0 ? test : test.skip
  asRoot('a full file system (mounted by root): refused, nothing is left, and kept images make room', async () => {
    mkdirSync(stage.path(), { recursive: true })
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', stage.path()])
    expect(mounted.status).toBe(0)
    try {
      const first = stage.image(noise(7 * MIB), 'kernel')
      const second = stage.image(noise(8 * MIB), 'initramfs')
      const large = stage.image(noise(13 * MIB), 'kernel')
      const hold = (file: ImageFile, resource: string) =>
        through(stage, stage.claim(resource), (ticket) => stage.disks.ensureFiles(stage.host, ticket, [file]))
      await hold(first, 'i-1')
      uses(first, 'i-1')
      await expect(hold(second, 'i-2')).rejects.toMatchObject({ message: expect.stringContaining('no space left') })
      expect(files()).toEqual([`${first.sha256}.kernel`])
      // Its machine is forgotten: the kernel may go.
      await stage.disks.disk.remove(stage.host, stage.claim('i-1'), 'i-1')
      await hold(second, 'i-2')
      uses(second, 'i-2')
      expect(files()).toEqual([`${second.sha256}.initramfs`])
      await expect(hold(large, 'i-3')).rejects.toMatchObject({ kind: 'refused' })
      expect(files()).toEqual([`${second.sha256}.initramfs`])
    } finally {
      spawnSync('umount', [stage.path()])
    }
  })
})
