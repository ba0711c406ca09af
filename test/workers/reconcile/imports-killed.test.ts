/** Workers that die, freeze and overtake each other while they bring a file into the image store: it comes for all that, whole. */
import { createHash, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { ImageId, ImportId } from '../../../src/model/ids'
import { filesOf } from '../../../src/model/records'
import { SHOWN_MS } from '../../../workers/reconcile/imports'
import { PIECE_BYTES } from '../../../workers/reconcile/imports/fetch-slice'
import { sha256 } from '../../support/digest'
import { qcow2 } from '../../support/disks'
import { type FileServer, fileAt } from '../../support/file-server'
import { openFreezer } from '../../support/freezer'
import { digest, type Images, settledImage } from '../../support/images'
import { importsStage } from '../../support/imports-stage'
import { Crash, openPump, type PumpOptions } from '../../support/pump'
import type { Site } from '../../support/site'

let site: Site
let images: Images
let server: FileServer
importsStage((stage) => {
  ;({ site, images, server } = stage)
})

/** No two alike; two pieces are written of it. */
const fileOf = (): Buffer => Buffer.concat([qcow2(), randomBytes(PIECE_BYTES + 1024 ** 2)])
const sha512 = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('hex')
const pieces = (id: ImportId | undefined): Promise<number> => images.context.images.upload(id ?? '').size()

/** Of an import or image: dies the n-th time (from 1) that it comes to this point. */
function dying(point: string, nth: number): { readonly at: NonNullable<PumpOptions['at']>; times(): number } {
  let times = 0
  return {
    at: (here, ref) => {
      if (here !== point || (ref.kind !== 'imageimport' && ref.kind !== 'image')) return
      times += 1
      if (times === nth) throw new Crash()
    },
    times: () => times,
  }
}

/** It is available, and has the file's very bytes. */
async function came(id: ImageId, file: Buffer): Promise<void> {
  const found = await images.image(id)
  expect(found?.seen.message).toBeUndefined()
  expect(found?.seen.state).toBe('available')
  expect((found ? filesOf(found) : {}).disk?.sha256).toBe(sha256(file))
  expect((await buffer(await images.context.images.read(sha256(file)))).equals(file)).toBe(true)
}

// Each arrow of the protocol, of every kind that is at work here: a worker dies there, and another one goes on.
const points = ['claim', 'result', 'settle'].flatMap((arrow) => [`before:${arrow}`, `after:${arrow}`])
const cases = points.flatMap((point) => [1, 2].map((nth) => ({ point, nth })))

test.each(cases)('a worker killed at $point, time $nth, costs nothing', async ({ point, nth }) => {
  const file = fileOf()
  const { image } = await images.add({ disk: { ...fileAt(server, '/k.qcow2', file), digest: digest(file) } })
  const { at, times } = dying(point, nth)
  await settledImage(images, openPump(site, { at }), image.id)
  expect(times()).toBeGreaterThanOrEqual(nth)
  await came(image.id, file)
})

// The results of an import: two pieces, that it is being stored, that it is there.
const results = [1, 2, 3, 4].flatMap((nth) => ['before:result', 'after:result'].map((point) => ({ point, nth })))

test.each(results)(
  'without a checksum it costs nothing either: killed at $point, time $nth',
  async ({ point, nth }) => {
    const file = fileOf()
    const { image } = await images.add({ disk: fileAt(server, '/l.qcow2', file) })
    const { at, times } = dying(point, nth)
    await settledImage(images, openPump(site, { at }), image.id)
    expect(times()).toBeGreaterThanOrEqual(nth)
    await came(image.id, file)
    // From where the first piece ends at most; not at all once it is there.
    expect(server.asked.length).toBeLessThanOrEqual(nth < 3 ? 2 : 1)
  },
)

test.each([3, 4])('nor with a checksum of another kind than files are named by: killed at result %i', async (nth) => {
  const file = fileOf()
  server.files.set('/SHA512SUMS', Buffer.from(`${sha512(file)}  m.qcow2\n`))
  const checksums = { url: `${server.url}/SHA512SUMS`, algorithm: 'sha512' } as const
  const { image } = await images.add({ disk: { ...fileAt(server, '/m.qcow2', file), checksums } })
  await settledImage(images, openPump(site, { at: dying('before:result', nth).at }), image.id)
  await came(image.id, file)
})

test.each([1, 2, 3, 4])('nor where its server says nothing of how much there is: killed at result %i', async (nth) => {
  server.ranges = 'no'
  server.lengths = 'untold'
  const file = fileOf()
  const { image } = await images.add({ disk: fileAt(server, '/n.qcow2', file) })
  await settledImage(images, openPump(site, { at: dying('before:result', nth).at }), image.id)
  await came(image.id, file)
})

test('an upload whose worker dies before it could say that it is stored is stored once more', async () => {
  const file = fileOf()
  const { image, imports } = await images.add({ disk: { from: 'upload', bytes: file.length } })
  await images.send(imports[0]?.id as ImportId, file)
  const { at, times } = dying('before:result', 2)
  await settledImage(images, openPump(site, { at }), image.id)
  expect(times()).toBeGreaterThanOrEqual(2)
  await came(image.id, file)
  expect(await pieces(imports[0]?.id)).toBe(0)
})

test('pieces that cannot be dropped now go with the record', async () => {
  const file = fileOf()
  const { image, imports } = await images.add({ disk: fileAt(server, '/o.qcow2', file) })
  let away = 1
  const pump = openPump(site, {
    store: (store) => ({
      ...store,
      upload: (name) => ({
        ...store.upload(name),
        async discard() {
          away -= 1
          if (away === 0) throw new Error('the store is away')
          await store.upload(name).discard()
        },
      }),
    }),
  })
  await settledImage(images, pump, image.id)
  await came(image.id, file)
  expect(await pieces(imports[0]?.id)).toBe(file.length)
  pump.clock.advance(SHOWN_MS + 1000)
  await pump.until(async () => (await images.import(imports[0]?.id as ImportId)) === undefined, 'its record to go')
  expect(await pieces(imports[0]?.id)).toBe(0)
  await came(image.id, file)
})

test('two workers at the same import make one file', async () => {
  const file = Buffer.concat([fileOf(), randomBytes(PIECE_BYTES)])
  const { image } = await images.add({ disk: { ...fileAt(server, '/two.qcow2', file), digest: digest(file) } })
  await Promise.all([openPump(site), openPump(site)].map((pump) => settledImage(images, pump, image.id)))
  await came(image.id, file)
})

test('a worker that was frozen while it stored the file takes nothing away from the one that stores it now', async () => {
  const file = fileOf()
  const { image, imports } = await images.add({ disk: fileAt(server, '/p.qcow2', file) })
  const first = openFreezer('before:result', 'imageimport', 4)
  const early = settledImage(images, openPump(site, { at: first.at }), image.id)
  await first.frozen
  // This one finds it stored: it says that it stores it, and that it is there.
  const second = openFreezer('before:result', 'imageimport', 2)
  const late = settledImage(images, openPump(site, { at: second.at }), image.id)
  await second.frozen
  first.thaw()
  second.thaw()
  await Promise.all([early, late])
  await came(image.id, file)
  expect(server.asked).toHaveLength(1)
  expect(await pieces(imports[0]?.id)).toBe(0)
})

test('pieces that are gone all the same are fetched anew', async () => {
  const file = fileOf()
  const { image, imports } = await images.add({ disk: fileAt(server, '/q.qcow2', file) })
  const id = imports[0]?.id as ImportId
  const pump = openPump(site, { at: dying('after:result', 3).at })
  await pump.until(async () => (await images.import(id))?.seen.state === 'storing', 'all of it to be there')
  await images.context.images.upload(id).discard()
  await settledImage(images, pump, image.id)
  await came(image.id, file)
})

test('whoever only knows the checksum of a file that is there does not get it', async () => {
  const file = fileOf()
  const { image } = await images.add({ disk: { ...fileAt(server, '/theirs.qcow2', file), digest: digest(file) } })
  await settledImage(images, openPump(site), image.id)
  const empty = { ...fileAt(server, '/empty.qcow2', Buffer.alloc(0)), digest: digest(file) }
  const claimed = await images.add({ disk: empty })
  const found = await settledImage(images, openPump(site), claimed.image.id)
  expect(found.seen).toMatchObject({ state: 'failed', message: expect.stringContaining('the file is empty') })
  expect(filesOf(found)).toEqual({})
})
