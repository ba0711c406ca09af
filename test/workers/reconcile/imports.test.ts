import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { UNNAMED_MS } from '../../../src/images/image-store'
import type { ImageId, ImportId } from '../../../src/model/ids'
import { filesOf } from '../../../src/model/records'
import { SILENT_MS } from '../../../workers/reconcile/imports'
import { PIECE_BYTES } from '../../../workers/reconcile/imports/fetch-slice'
import { sha256 } from '../../support/digest'
import { bzImage, initramfs, qcow2, rawDisk } from '../../support/disks'
import { type FileServer, fileAt } from '../../support/file-server'
import { caller, digest, type Images, OPERATOR, rewishImport, settledImage } from '../../support/images'
import { importsStage } from '../../support/imports-stage'
import { openPump, type Pump } from '../../support/pump'
import type { Site } from '../../support/site'

let site: Site
let images: Images
let server: FileServer
importsStage((stage) => {
  ;({ site, images, server } = stage)
})

const upload = (bytes: Buffer) => ({ from: 'upload', bytes: bytes.length, digest: digest(bytes) }) as const
const url = (path: string, file?: Buffer) => fileAt(server, path, file)
const settled = (pump: Pump, id: ImageId) => settledImage(images, pump, id)

describe('an upload', () => {
  it('becomes an image once all is there', async () => {
    const file = qcow2()
    const { image, imports } = await images.add({ disk: upload(file) })
    const [one] = imports
    if (!one) throw new Error('no import')
    await images.send(one.id, file, 1000)
    const done = await settled(openPump(site), image.id)
    expect(done.seen).toMatchObject({ state: 'available' })
    expect(filesOf(done).disk).toEqual({ sha256: sha256(file), bytes: 4096, format: 'qcow2', sizeGiB: 3 })
    expect((await images.import(one.id))?.seen).toMatchObject({ state: 'completed', bytes: 4096 })
  })

  it('of a kernel and its initramfs is a diskless image', async () => {
    const [kernel, ramdisk] = [bzImage(), initramfs()]
    const { image, imports } = await images.add(
      { kernel: upload(kernel), initramfs: upload(ramdisk) },
      { boot: { mode: 'pvh', cmdline: 'console=hvc0' } },
    )
    expect(imports.map(({ wish }) => wish.part)).toEqual(['kernel', 'initramfs'])
    await images.send(imports[0]?.id as ImportId, kernel)
    await images.send(imports[1]?.id as ImportId, ramdisk)
    const done = await settled(openPump(site), image.id)
    expect(filesOf(done)).toEqual({
      kernel: { sha256: sha256(kernel), bytes: kernel.length, format: 'kernel', sizeGiB: 1 },
      initramfs: { sha256: sha256(ramdisk), bytes: ramdisk.length, format: 'initramfs', sizeGiB: 1 },
    })
  })

  it('of which other bytes came than were announced fails, and says so', async () => {
    const { image, imports } = await images.add({ disk: upload(rawDisk(5000, 1)) })
    await images.send(imports[0]?.id as ImportId, rawDisk(5000, 2))
    const done = await settled(openPump(site), image.id)
    expect(done.seen).toMatchObject({ state: 'failed', message: expect.stringContaining('disk: the SHA-256 is') })
    expect((await images.import(imports[0]?.id as ImportId))?.seen.state).toBe('failed')
  })

  it('of what no machine may be given fails', async () => {
    const file = qcow2({ backing: 512 })
    const { image, imports } = await images.add({ disk: upload(file) })
    await images.send(imports[0]?.id as ImportId, file)
    expect((await settled(openPump(site), image.id)).seen.message).toMatch(/backing file/)
  })

  it('that nobody goes on with is given up after a week in which nothing came', async () => {
    const file = rawDisk()
    const { image, imports } = await images.add({ disk: upload(file) })
    const id = imports[0]?.id as ImportId
    const add = (at: number) =>
      images.operations.appendUpload(OPERATOR, id, {
        at,
        bytes: (async function* () {
          yield file.subarray(at, at + 100)
        })(),
      })
    const pump = openPump(site)
    for (const at of [0, 100, 200]) {
      await add(at)
      await pump.turn()
      expect((await images.image(image.id))?.seen.state).toBe('pending')
      pump.clock.advance(SILENT_MS + 1000)
    }
    await pump.until(async () => (await images.import(id))?.seen.bytes === 300, 'a look at what came')
    expect(await images.context.images.upload(id).size()).toBe(300)
    pump.clock.advance(SILENT_MS + 1000)
    expect((await settled(pump, image.id)).seen.message).toMatch(/nothing came of it for a week/)
    expect(await images.context.images.upload(id).size()).toBe(0)
  })

  it('of which nothing ever came is given up after the first', async () => {
    const { image } = await images.add({ disk: upload(rawDisk()) })
    const pump = openPump(site)
    pump.clock.advance(SILENT_MS + 1000)
    expect((await settled(pump, image.id)).seen.message).toMatch(/nothing came of it for a week/)
  })
})

describe('an address', () => {
  it('is fetched in parts and becomes an image', async () => {
    const file = Buffer.concat([qcow2(), randomBytes(2 * PIECE_BYTES)])
    const { image, imports } = await images.add({ disk: { ...url('/a.qcow2', file), digest: digest(file) } })
    const done = await settled(openPump(site), image.id)
    expect(done.seen.message).toBeUndefined()
    expect(filesOf(done).disk).toMatchObject({ sha256: sha256(file), format: 'qcow2' })
    expect(server.asked[0]).toMatch(/bytes=0-/)
    expect((await images.import(imports[0]?.id as ImportId))?.seen).toMatchObject({
      state: 'completed',
      bytes: file.length,
      total: file.length,
    })
  })

  it('of a server that does not say how long the file is comes whole: a part is not all of it', async () => {
    server.lengths = 'untold'
    server.partBytes = 4000
    const file = Buffer.concat([qcow2(), randomBytes(6000)])
    const { image } = await images.add({ disk: url('/untold.qcow2', file) })
    expect(filesOf(await settled(openPump(site), image.id)).disk).toMatchObject({
      sha256: sha256(file),
      bytes: file.length,
    })
    // Three parts, and that there are no more.
    expect(server.asked.map((line) => /bytes=(\d+)/.exec(line)?.[1])).toEqual(['0', '4000', '8000', '10096'])
  })

  it('of a server that sends nothing is given up after some tries', async () => {
    server.starving = true
    const { image } = await images.add({ disk: url('/starving', rawDisk()) })
    expect((await settled(openPump(site), image.id)).seen.message).toMatch(/127\.0\.0\.1:\d+ sends nothing of the file/)
    expect(server.asked).toHaveLength(20)
  })

  it('of a slow server is fetched in turn with others: a job ends in the middle of a part', async () => {
    const file = Buffer.concat([qcow2(), randomBytes(2 * PIECE_BYTES + 1024 ** 2)])
    const { image } = await images.add({ disk: url('/slow.qcow2', file) })
    const pump: Pump = openPump(site, {
      store: (store) => ({
        ...store,
        upload: (name) => ({
          ...store.upload(name),
          async append(at, bytes) {
            pump.clock.advance(11_000)
            return store.upload(name).append(at, bytes)
          },
        }),
      }),
    })
    expect(filesOf(await settled(pump, image.id)).disk?.sha256).toBe(sha256(file))
    const firsts = server.asked.map((line) => Number(/bytes=(\d+)/.exec(line)?.[1]))
    expect(firsts).toHaveLength(3)
    expect(firsts[1]).toBeGreaterThanOrEqual(PIECE_BYTES)
    expect(firsts[2]).toBeGreaterThan(firsts[1] ?? 0)
  })

  it('that breaks off is gone on with where it broke', async () => {
    const file = Buffer.concat([qcow2(), randomBytes(3 * PIECE_BYTES)])
    server.breakAfter = 2 * PIECE_BYTES + 77
    const { image } = await images.add({ disk: url('/b.qcow2', file) })
    expect(filesOf(await settled(openPump(site), image.id)).disk?.sha256).toBe(sha256(file))
    const firsts = server.asked.map((line) => Number(/bytes=(\d+)/.exec(line)?.[1]))
    expect(firsts[0]).toBe(0)
    expect(firsts[1]).toBeGreaterThanOrEqual(PIECE_BYTES)
  })

  it('of a server that has no ranges is fetched whole, again if need be', async () => {
    server.ranges = 'no'
    const file = Buffer.concat([qcow2(), randomBytes(PIECE_BYTES)])
    server.breakAfter = PIECE_BYTES + 1000
    const { image } = await images.add({ disk: url('/c.qcow2', file) })
    expect(filesOf(await settled(openPump(site), image.id)).disk?.sha256).toBe(sha256(file))
    server.ranges = 'yes'
  })

  it('that has another file by now is begun anew', async () => {
    const [old, fresh] = [randomBytes(2 * PIECE_BYTES), Buffer.concat([qcow2(), randomBytes(PIECE_BYTES)])]
    server.breakAfter = PIECE_BYTES + 5
    const { image, imports } = await images.add({ disk: url('/d.qcow2', old) })
    const pump = openPump(site)
    await pump.until(async () => ((await images.import(imports[0]?.id as ImportId))?.seen.failures ?? 0) > 0, 'a break')
    server.files.set('/d.qcow2', fresh)
    expect(filesOf(await settled(pump, image.id)).disk?.sha256).toBe(sha256(fresh))
  })

  it('is tried again while its server is only away, and given up when it says no', async () => {
    server.failing = { status: 503, times: 3 }
    const { image } = await images.add({ disk: url('/e', rawDisk()) })
    expect((await settled(openPump(site), image.id)).seen.state).toBe('available')
    const missing = await images.add({ disk: url('/nothing') })
    expect((await settled(openPump(site), missing.image.id)).seen.message).toMatch(/answers 404/)
    server.failing = { status: 503, times: 1000 }
    const away = await images.add({ disk: url('/e') })
    expect((await settled(openPump(site), away.image.id)).seen).toMatchObject({ state: 'failed' })
    server.failing = { status: 503, times: 0 }
  })

  it("is compared with its vendor's checksums", async () => {
    const file = rawDisk(9000, 5)
    const sha512 = createHash('sha512').update(file).digest('hex')
    server.files.set('/SHA512SUMS', Buffer.from(`${sha512}  f.img\n${'0'.repeat(128)}  g.img\n`))
    server.files.set('/SHA256SUMS', Buffer.from(`${sha256(file)}  f.img\n`))
    const of = (path: string, sums: string, algorithm: 'sha256' | 'sha512') =>
      images.add({ disk: { ...url(path, file), checksums: { url: `${server.url}/${sums}`, algorithm } } })
    const good = [await of('/f.img', 'SHA512SUMS', 'sha512'), await of('/f.img', 'SHA256SUMS', 'sha256')]
    for (const { image } of good) expect((await settled(openPump(site), image.id)).seen.state).toBe('available')
    const other = await of('/g.img', 'SHA512SUMS', 'sha512')
    expect((await settled(openPump(site), other.image.id)).seen.message).toMatch(/not 0000.* as its vendor says/)
    const unsaid = await of('/g.img', 'SHA256SUMS', 'sha256')
    expect((await settled(openPump(site), unsaid.image.id)).seen.message).toMatch(/no sha256 of g.img/)
  })

  it('of more than there is room for is refused', async () => {
    const { image, imports } = await images.add({ disk: url('/h', rawDisk(5000)) })
    await rewishImport(site, imports[0]?.id as ImportId, { mostBytes: 4999 })
    expect((await settled(openPump(site), image.id)).seen.message).toMatch(/more than the 4999 bytes/)
  })
})

describe('files that nobody names', () => {
  it('are swept away when they are old enough; others never', async () => {
    const { context } = images
    const named = rawDisk(700, 1)
    const { image, imports } = await images.add({ disk: upload(named) })
    await images.send(imports[0]?.id as ImportId, named)
    const pump = openPump(site)
    await settled(pump, image.id)
    const stray = await context.images.write(Readable.from([rawDisk(700, 2)], { objectMode: false }))
    const sweep = async () => {
      await site.store.wake([{ kind: 'files', id: 'site' }], pump.clock.now())
      await pump.turn()
    }
    await sweep()
    expect(await context.images.stat(stray.sha256)).toBeDefined()
    pump.clock.advance(UNNAMED_MS + 60_000)
    await sweep()
    expect(await context.images.stat(stray.sha256)).toBeUndefined()
    expect(await context.images.stat(sha256(named))).toBeDefined()
    await images.operations.removeImage(OPERATOR, image.wish.name, { force: false })
    await pump.until(async () => (await images.image(image.id)) === undefined, 'the image to be forgotten')
  })

  /** A file that is old enough, and a sweep. */
  const sweptStray = async (): Promise<'gone' | 'kept'> => {
    const { context } = images
    const stray = await context.images.write(Readable.from([rawDisk(700, 4)], { objectMode: false }))
    const pump = openPump(site)
    pump.clock.advance(UNNAMED_MS + 60_000)
    await site.store.wake([{ kind: 'files', id: 'site' }], pump.clock.now())
    await pump.turn()
    expect(pump.passed).toContain('after:settle files')
    return (await context.images.stat(stray.sha256)) === undefined ? 'gone' : 'kept'
  }
  const addNamed = async () => {
    const named = rawDisk(700, 1)
    const { image, imports } = await images.add({ disk: upload(named) })
    await images.send(imports[0]?.id as ImportId, named)
    await settled(openPump(site), image.id)
  }

  it('are left alone by a site that names none: its Redis may be empty until the backup is put back', async () => {
    expect(await sweptStray()).toBe('kept')
    await addNamed()
    expect(await sweptStray()).toBe('gone')
  })

  it('are left alone in a store that another region uses too, whatever the site names', async () => {
    await addNamed()
    expect(await images.context.images.sites('paris-1')).toContain('paris-1')
    expect(await sweptStray()).toBe('kept')
    expect(await images.context.images.sites('paris-1')).toEqual(['paris-1', site.name])
  })
})

test('a check finds what was changed behind our back', async () => {
  const file = rawDisk(800, 3)
  const { image, imports } = await images.add({ disk: upload(file) })
  await images.send(imports[0]?.id as ImportId, file)
  const pump = openPump(site)
  await settled(pump, image.id)
  const checked = async (): Promise<string | null | undefined> => {
    const { wish } = await images.operations.checkImage(OPERATOR, image.wish.ami)
    await pump.until(async () => (await images.image(image.id))?.seen.checks === wish.checks, 'the check')
    return (await images.image(image.id))?.seen.checked?.wrong
  }
  expect(await checked()).toBeNull()
  await images.context.images.remove(sha256(file))
  expect(await checked()).toMatch(/is not in the image store/)
})

test('an imported snapshot is complete, once', async () => {
  const file = qcow2()
  server.files.set('/snap.qcow2', file)
  const made = await images.operations.importSnapshot(caller, {
    file: { from: 'url', url: 'https://files.invalid/x' },
    description: 'of mine',
    tags: {},
  })
  const source = { from: 'url', url: `${server.url}/snap.qcow2`, reach: 'any' } as const
  await rewishImport(site, made.id, { source })
  const pump = openPump(site)
  await pump.until(async () => (await images.import(made.id))?.seen.state === 'completed', 'the import')
  const id = made.wish.snapshot?.id ?? ''
  const snapshot = await site.store.read('snapshot', id)
  expect(snapshot).toMatchObject({
    project: caller.project,
    wish: { name: made.wish.snapshot?.name, sizeGiB: 3, description: 'of mine', of: { kind: 'file' } },
    seen: { state: 'completed', file: { sha256: sha256(file), format: 'qcow2' } },
  })
  const image = await images.operations.registerImage(caller, {
    name: 'from snapshot',
    of: { snapshot: snapshot?.wish.name ?? '' },
  })
  expect(filesOf(await settled(pump, image.id)).disk?.sha256).toBe(sha256(file))
})
