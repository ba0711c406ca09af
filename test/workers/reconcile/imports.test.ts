import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { UNNAMED_MS } from '../../../src/images/image-store'
import type { ImportId } from '../../../src/model/ids'
import { filesOf, type ImportRecord } from '../../../src/model/records'
import { SILENT_MS } from '../../../workers/reconcile/imports'
import { PIECE_BYTES } from '../../../workers/reconcile/imports/fetch-slice'
import { makeSnapshot } from '../../../workers/reconcile/imports/make-snapshot'
import { bzImage, initramfs, qcow2, rawDisk } from '../../support/disks'
import { type FileServer, startFileServer } from '../../support/file-server'
import { caller, type Images, OPERATOR, openImages } from '../../support/images'
import { Crash, openPump, type Pump } from '../../support/pump'
import { startRedis, type TestRedis } from '../../support/redis'
import { type Site, startSite } from '../../support/site'

let redis: TestRedis
let site: Site
let images: Images
let server: FileServer
beforeAll(async () => {
  redis = await startRedis()
  server = await startFileServer()
})
afterAll(async () => {
  await server.close()
  await redis.stop()
})
beforeEach(async () => {
  server.asked.length = 0
  site = await startSite({ redis, hosts: 1 })
  images = await openImages(site)
})
afterEach(async () => {
  await images.close()
  await site.close()
})

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const digest = (bytes: Buffer) => ({ algorithm: 'sha256', hex: sha256(bytes) }) as const
const upload = (bytes: Buffer) => ({ from: 'upload', bytes: bytes.length, digest: digest(bytes) }) as const
const url = (path: string, file?: Buffer) => {
  if (file) server.files.set(path, file)
  return { from: 'url', url: server.url + path } as const
}
const settled = async (pump: Pump, id: Parameters<Images['image']>[0]) => {
  await pump.until(async () => (await images.image(id))?.seen.state !== 'pending', 'the image')
  const found = await images.image(id)
  if (!found) throw new Error('no image')
  return found
}
const stored = async (hash: string): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of await images.context.images.read(hash)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

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

  it('that nobody goes on with is given up after a week', async () => {
    const file = rawDisk()
    const { image, imports } = await images.add({ disk: upload(file) })
    const id = imports[0]?.id as ImportId
    await images.operations.appendUpload(OPERATOR, id, {
      at: 0,
      bytes: (async function* () {
        yield file.subarray(0, 100)
      })(),
    })
    const pump = openPump(site)
    await pump.turn()
    expect((await images.image(image.id))?.seen.state).toBe('pending')
    pump.clock.advance(SILENT_MS + 1000)
    expect((await settled(pump, image.id)).seen.message).toMatch(/nothing came of it for a week/)
    expect(await images.context.images.upload(id).size()).toBe(0)
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
    const id = imports[0]?.id as ImportId
    const record = (await images.import(id)) as ImportRecord
    await site.store.change(
      {
        operationId: 'shrink',
        actor: OPERATOR.actor,
        what: 'test',
        updates: [
          {
            ref: { kind: 'imageimport', id },
            project: null,
            generation: record.generation,
            wish: { ...record.wish, mostBytes: 4999 },
            raisePhase: false,
            wake: true,
          },
        ],
      },
      Date.now(),
    )
    expect((await settled(openPump(site), image.id)).seen.message).toMatch(/more than the 4999 bytes/)
  })
})

describe('an import that is cancelled', () => {
  it('leaves nothing, and is forgotten after an hour with its name', async () => {
    const made = await images.operations.importSnapshot(caller, {
      file: { from: 'url', url: 'https://files.invalid/never.qcow2' },
      description: 'mine',
      tags: {},
    })
    const task = made.wish.task?.name ?? ''
    await images.operations.cancelImport(caller, task)
    const pump = openPump(site)
    await pump.until(async () => (await images.import(made.id))?.seen.state === 'cancelled', 'the cancelling')
    await expect(images.operations.cancelImport(caller, task)).rejects.toMatchObject({ kind: 'state' })
    pump.clock.advance(3_700_000)
    await pump.until(async () => (await images.import(made.id)) === undefined, 'its record to go')
    expect(await site.store.resolve('names', [task])).toEqual([undefined])
  })
})

// Each arrow of the protocol, of every kind that is at work here: a worker dies there, and another one goes on.
const points = ['claim', 'result', 'settle'].flatMap((arrow) => [`before:${arrow}`, `after:${arrow}`])
const cases = points.flatMap((point) => [1, 2].map((nth) => ({ point, nth })))

test.each(cases)('a worker killed at $point, time $nth, costs nothing', async ({ point, nth }) => {
  const file = Buffer.concat([qcow2(), randomBytes(PIECE_BYTES)])
  const { image } = await images.add({ disk: { ...url('/k.qcow2', file), digest: digest(file) } })
  let times = 0
  const pump = openPump(site, {
    at: (here, ref) => {
      if (here !== point || (ref.kind !== 'imageimport' && ref.kind !== 'image')) return
      times += 1
      if (times === nth) throw new Crash()
    },
  })
  const done = await settled(pump, image.id)
  expect(times).toBeGreaterThanOrEqual(nth)
  expect(done.seen.state).toBe('available')
  expect((await stored(sha256(file))).equals(file)).toBe(true)
})

test('two workers at the same import make one file', async () => {
  const file = Buffer.concat([qcow2(), randomBytes(2 * PIECE_BYTES)])
  const { image } = await images.add({ disk: { ...url('/two.qcow2', file), digest: digest(file) } })
  const pumps = [openPump(site), openPump(site)]
  await Promise.all(pumps.map((pump) => settled(pump, image.id)))
  expect((await stored(sha256(file))).equals(file)).toBe(true)
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

test('an import that was cancelled while its file was stored makes no snapshot', async () => {
  const file = { from: 'url', url: 'https://files.invalid/x' } as const
  const made = await images.operations.importSnapshot(caller, { file, description: '', tags: {} })
  await images.operations.cancelImport(caller, made.wish.task?.name ?? '')
  const came = { sha256: 'ab'.repeat(32), bytes: 1, format: 'raw', sizeGiB: 1 } as const
  await makeSnapshot(site.work({}), made, came)
  expect(await site.store.readAll('snapshot')).toEqual([])
})

test('an imported snapshot is complete, once', async () => {
  const file = qcow2()
  server.files.set('/snap.qcow2', file)
  const made = await images.operations.importSnapshot(caller, {
    file: { from: 'url', url: 'https://files.invalid/x' },
    description: 'of mine',
    tags: {},
  })
  const record = (await images.import(made.id)) as ImportRecord
  const source = { from: 'url', url: `${server.url}/snap.qcow2`, reach: 'any' } as const
  await site.store.change(
    {
      operationId: 'redirect',
      actor: OPERATOR.actor,
      what: 'test',
      updates: [
        {
          ref: { kind: 'imageimport', id: made.id },
          project: record.project,
          generation: record.generation,
          wish: { ...record.wish, source },
          raisePhase: false,
          wake: true,
        },
      ],
    },
    Date.now(),
  )
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
