import { asFault, fault } from '../../../src/faults'
import type { ImageId, ImportId } from '../../../src/model/ids'
import { openModel } from '../../../src/occi/model'
import { openCatalogue } from '../../../src/occi/model/catalogue'
import type { Caller } from '../../../src/operations/context'
import type { ImageOrder } from '../../../src/operations/images/operations'
import type { Operations } from '../../../src/operations/operations'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'
import { runEach } from '../../support/run-each'

let redis: TestRedis
let site: Gateways
let operations: Operations
let other: Operations
let ann: Caller
let bob: Caller
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis)
  operations = site.first.operations
  other = site.second.operations
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
})
afterEach(() => site.close())

const DIGEST = { algorithm: 'sha256', hex: 'cd'.repeat(32) } as const
const parts = { disk: { from: 'upload', bytes: 100, digest: DIGEST } } as const
async function* bytes(count: number): AsyncGenerator<Buffer> {
  yield Buffer.alloc(count, 1)
}

/** As its job writes it. */
async function ready(who: Caller, name: string, length = 100, more: Pick<ImageOrder, 'boot'> = {}) {
  const order = { name, parts: { disk: { ...parts.disk, bytes: length } }, ...more }
  const { image, imports } = await operations.addImage(who, order)
  const disk = { sha256: DIGEST.hex, bytes: length, format: 'raw', sizeGiB: 2 } as const
  const came = await site.store.claim('imageimport', imports[0]?.id ?? '', 1)
  const claim = await site.store.claim('image', image.id, 1)
  if (!claim || !came) throw new Error('no image')
  const completed = { ...came.record.seen, state: 'completed', file: disk }
  await site.store.observe(came, { seen: completed, what: 'test' }, 1)
  await site.store.observe(claim, { seen: { state: 'available', files: { disk } }, what: 'test' }, 1)
  return image
}

const model = openModel()
const templates = async (caller: Caller): Promise<readonly (string | null)[]> =>
  (await openCatalogue(model, other, caller)).mixins
    .filter(({ gives }) => gives?.what === 'image')
    .map(({ title }) => title)

test("OCCI shows a project's own images and those shared with it, and no others", async () => {
  const image = await ready(ann, 'private one')
  expect((await templates(ann)).toSorted()).toEqual(['Debian 12', 'Tiny', 'private one'])
  expect(await templates(bob)).toEqual(['Debian 12', 'Tiny'])
  await operations.changeImage(ann, image.id, { share: [bob.account] })
  expect(await templates(bob)).toContain('private one')
  const order = { minCount: 1, maxCount: 1, image: image.id, type: 't2.nano' }
  const [compute] = (await other.runComputes(bob, order)).computes
  expect(compute?.wish).toMatchObject({ image: image.id, size: { diskGiB: 2 } })
  await operations.changeImage(ann, image.id, { unshare: [bob.account] })
  expect(await templates(bob)).not.toContain('private one')
  await expect(other.runComputes(bob, order)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(runEach(other, bob, [order])).rejects.toMatchObject({ kind: 'not-found' })
})

test('how an image is started is in the wish of its machines, for placement', async () => {
  const told = await ready(ann, 'boots as it is told', 100, { boot: { mode: 'hvm', cmdline: null } })
  const untold = await ready(ann, 'boots by itself')
  const modeOf = async (more: { readonly image?: ImageId }) => {
    const order = { minCount: 1, maxCount: 1, type: 't2.nano', ...more }
    return (await operations.runComputes(ann, order)).computes[0]?.wish.mode
  }
  expect(await modeOf({ image: told.id })).toBe('hvm')
  expect(await modeOf({ image: untold.id })).toBe('hvm')
  // A simulated image.
  expect(await modeOf({})).toBeUndefined()
})

test('an image that is deregistered while machines of it are ordered has none: its record would go before they start', async () => {
  const images = [await ready(ann, 'first to go'), await ready(ann, 'next to go')]
  let left = 0
  const late = await site.another((store) => ({
    ...store,
    change: async (change, now) => {
      const image = images[left]
      left += 1
      if (image) await operations.deregisterImage(ann, image.id)
      return store.change(change, now)
    },
  }))
  const [one, another] = images.map(({ id }) => ({ minCount: 1, maxCount: 1, image: id, type: 't2.nano' }))
  if (!one || !another) throw new Error('no orders')
  await expect(late.operations.runComputes(ann, one)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(runEach(late.operations, ann, [another])).rejects.toMatchObject({ kind: 'not-found' })
  expect(left).toBe(2)
  expect(await site.store.readAll('compute')).toEqual([])
})

test('an interrupted order is answered again; another under its name is refused; names are a project’s own', async () => {
  const first = await operations.addImage(ann, { name: 'a name', parts })
  expect((await other.addImage(ann, { name: 'a name', parts })).image.id).toBe(first.image.id)
  const different = { disk: { ...parts.disk, bytes: 101 } }
  await expect(other.addImage(ann, { name: 'a name', parts: different })).rejects.toMatchObject({ kind: 'exists' })
  expect((await other.addImage(bob, { name: 'a name', parts })).image.id).not.toBe(first.image.id)
  expect((await other.addImage(OPERATOR, { name: 'a name', parts })).image.project).toBeNull()
})

test('made at the same time with one name, they are one', async () => {
  const asked = [operations, other, operations, other].map((one, n) =>
    one.addImage(ann, { name: 'race', parts: { disk: { from: 'upload', bytes: 100 + n } } }),
  )
  const came = await Promise.allSettled(asked)
  expect(came.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect((await operations.listImages(ann)).filter(({ wish }) => wish.name === 'race')).toHaveLength(1)
})

test('a file comes in at most 10,000 pieces: a smaller one is refused and not kept, unless it is the last', async () => {
  const file = { disk: { from: 'upload', bytes: 30_001 } } as const
  const { imports } = await operations.addImage(ann, { name: 'small pieces', parts: file })
  const id = imports[0]?.id as never
  for (const count of [1, 3])
    await expect(operations.appendUpload(ann, id, { at: 0, bytes: bytes(count) })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('at least 4 bytes'),
    })
  expect(await operations.uploadedBytes(ann, id)).toBe(0)
  expect(await operations.appendUpload(ann, id, { at: 0, bytes: bytes(4) })).toEqual({ have: 4, complete: false })
  expect(await operations.appendUpload(ann, id, { at: 4, bytes: bytes(29_995) })).toMatchObject({ have: 29_999 })
  expect(await operations.appendUpload(ann, id, { at: 29_999, bytes: bytes(2) })).toEqual({
    have: 30_001,
    complete: true,
  })
})

test('pieces go to any gateway; the last one completes the upload, once', async () => {
  const { imports } = await operations.addImage(ann, { name: 'pieces', parts })
  const id = imports[0]?.id as never
  expect(await operations.appendUpload(ann, id, { at: 0, bytes: bytes(60) })).toEqual({ have: 60, complete: false })
  expect(await other.uploadedBytes(ann, id)).toBe(60)
  await expect(other.appendUpload(ann, id, { at: 60, bytes: bytes(41) })).rejects.toMatchObject({ kind: 'too-large' })
  expect(await other.appendUpload(ann, id, { at: 60, bytes: bytes(40) })).toEqual({ have: 100, complete: true })
  expect((await site.store.read('imageimport', id))?.wish.complete).toBe(true)
  expect(site.second.told).toContainEqual({ kind: 'imageimport', id })
  await expect(operations.appendUpload(ann, id, { at: 0, bytes: bytes(1) })).rejects.toMatchObject({
    kind: 'conflict',
    detail: { have: 100 },
  })
  await expect(operations.appendUpload(bob, id, { at: 0, bytes: bytes(1) })).rejects.toMatchObject({
    kind: 'not-found',
  })
  await expect(operations.uploadedBytes(bob, id)).rejects.toMatchObject({ kind: 'not-found' })
})

describe('an upload all of which came while nobody could write that down', () => {
  const complete = async (id: ImportId) => (await site.store.read('imageimport', id))?.wish.complete
  let id: ImportId
  beforeEach(async () => {
    const { imports } = await operations.addImage(ann, { name: 'all there', parts })
    id = imports[0]?.id as ImportId
    const away = await site.another((store) => ({
      ...store,
      change: async (change, now) => {
        if (change.what === 'upload-complete') throw fault('unavailable', 'Redis is away')
        return store.change(change, now)
      },
    }))
    await expect(away.operations.appendUpload(ann, id, { at: 0, bytes: bytes(100) })).rejects.toMatchObject({
      kind: 'unavailable',
    })
    expect(await complete(id)).toBe(false)
  })

  test('is completed by whoever asks how much is there', async () => {
    await expect(operations.uploadedBytes(bob, id)).rejects.toMatchObject({ kind: 'not-found' })
    expect(await complete(id)).toBe(false)
    expect(await operations.uploadedBytes(ann, id)).toBe(100)
    expect(await complete(id)).toBe(true)
    expect(site.first.told).toContainEqual({ kind: 'imageimport', id })
  })

  test('is not completed by a key that only reads', async () => {
    expect(await operations.uploadedBytes({ ...ann, access: 'read-only' }, id)).toBe(100)
    expect(await complete(id)).toBe(false)
  })

  test('is completed by whoever sends the last piece once more', async () => {
    await expect(operations.appendUpload(ann, id, { at: 0, bytes: bytes(100) })).rejects.toMatchObject({
      kind: 'conflict',
      detail: { have: 100 },
    })
    expect(await complete(id)).toBe(true)
  })

  test('is not completed once it was cancelled', async () => {
    const image = (await operations.listImages(ann)).find(({ wish }) => wish.name === 'all there')
    await operations.deregisterImage(ann, image?.id as never)
    await operations.uploadedBytes(ann, id).catch((thrown: unknown) => expect(asFault(thrown).kind).toBe('not-found'))
    expect(await complete(id)).toBe(false)
  })
})

test.each<[string, Parameters<Operations['addImage']>[1], string]>([
  ['no parts', { name: 'abc', parts: {} }, 'missing'],
  ['an initramfs alone', { name: 'abc', parts: { ...parts, initramfs: parts.disk } }, 'combination'],
  ['a command line without a kernel', { name: 'abc', parts, boot: { mode: 'hvm', cmdline: 'x' } }, 'combination'],
  ['pvh without a kernel', { name: 'abc', parts, boot: { mode: 'pvh', cmdline: null } }, 'combination'],
  ['a kernel and nothing of how', { name: 'abc', parts: { kernel: parts.disk } }, 'missing'],
  [
    'a command line of two lines',
    { name: 'abc', parts: { kernel: parts.disk }, boot: { mode: 'pvh', cmdline: 'a\nextra="x"' } },
    'invalid',
  ],
  ['a short name', { name: 'ab', parts }, 'invalid'],
  ['a strange name', { name: 'a\nb c', parts }, 'invalid'],
  ['no bytes', { name: 'abc', parts: { disk: { from: 'upload', bytes: 0 } } }, 'invalid'],
  ['a device that is none', { name: 'abc', parts, rootDevice: '../x' }, 'invalid'],
  ['a size that is none', { name: 'abc', parts, sizeGiB: 0.5 }, 'invalid'],
  ['a file', { name: 'abc', parts: { disk: { from: 'url', url: 'file:///etc/passwd' } } }, 'invalid'],
])('refused: %s', async (_what, order, kind) => {
  await expect(operations.addImage(OPERATOR, order)).rejects.toMatchObject({ kind })
  expect(await site.store.readAll('imageimport')).toEqual([])
})

test('an image of a machine: its tags and its snapshot’s are checked, and DryRun knows what is taken', async () => {
  const compute = 'no such machine' as never
  for (const tags of [{ 'aws:x': 'y' }, { ['k'.repeat(129)]: '' }]) {
    for (const order of [{ tags }, { snapshotTags: tags }])
      await expect(operations.createImageOf(ann, { compute, name: 'abc', ...order })).rejects.toMatchObject({
        kind: 'invalid',
        detail: { field: 'tags' },
      })
  }
  const image = await ready(ann, 'taken')
  const order = { minCount: 1, maxCount: 1, image: image.id, type: 't2.nano' }
  const [machine] = (await operations.runComputes(ann, order)).computes
  const claim = await site.store.claim('compute', machine?.id ?? '', 1)
  if (!claim) throw new Error('no machine')
  await site.store.observe(claim, { seen: { ...claim.record.seen, startedAt: 1 }, what: 'test' }, 1)
  const make = (name: string) => operations.createImageOf(ann, { compute: claim.record.id, name, dryRun: true })
  await expect(make('taken')).rejects.toMatchObject({ kind: 'exists' })
  expect((await make('not taken')).wish.name).toBe('not taken')
})

test('a project that is purged takes its images, imports and names with it', async () => {
  await ready(ann, 'goes along')
  const { imports } = await operations.addImage(ann, { name: 'half there', parts })
  await operations.appendUpload(ann, imports[0]?.id as never, { at: 0, bytes: bytes(50) })
  expect(await operations.purgeProject(OPERATOR, 'ann')).toEqual({ left: 0, done: true })
  expect((await site.store.readAll('image')).filter(({ project }) => project === ann.project)).toEqual([])
  expect(await site.store.readAll('imageimport')).toEqual([])
  expect(await site.images.upload(imports[0]?.id ?? '').size()).toBe(0)
  expect(await site.store.resolve('names', [`image:${ann.project}:goes along`])).toEqual([undefined])
})

test('a project that is purged leaves an image behind, deregistered, while others have machines of it', async () => {
  const image = await ready(ann, 'shared one')
  await operations.changeImage(ann, image.id, { share: [bob.account] })
  const order = { minCount: 1, maxCount: 1, image: image.id, type: 't2.nano' }
  await operations.runComputes(bob, order)
  expect(await operations.purgeProject(OPERATOR, 'ann')).toEqual({ left: 0, done: true })
  expect(await site.store.read('image', image.id)).toMatchObject({ wish: { exists: false, ami: image.wish.ami } })
  expect(await site.store.resolve('names', [image.wish.ami, `image:${ann.project}:shared one`])).toEqual([
    `image:${image.id}`,
    undefined,
  ])
  await expect(operations.runComputes(bob, order)).rejects.toMatchObject({ kind: 'not-found' })
})

test('an operator sees all, a deregistered image is nobody’s', async () => {
  const image = await ready(ann, 'seen')
  expect((await operations.listImages(OPERATOR)).map(({ wish }) => wish.name)).toContain('seen')
  await operations.deregisterImage(ann, image.id)
  for (const who of [OPERATOR, ann])
    expect((await other.listImages(who)).map(({ wish }) => wish.name)).not.toContain('seen')
  await expect(other.changeImage(ann, image.id, { description: 'x' })).rejects.toMatchObject({ kind: 'not-found' })
})

const GIB = 1024 ** 3
const file = { from: 'url', url: 'https://files.invalid/disk.raw' } as const
const importing = (who: Caller) => operations.importSnapshot(who, { file, description: '', tags: {} })

test('what is announced larger than any file may be is refused before it is sent', async () => {
  const disk = { from: 'upload', bytes: 16_385 * GIB } as const
  await expect(operations.addImage(OPERATOR, { name: 'huge', parts: { disk } })).rejects.toMatchObject({
    kind: 'too-large',
    detail: { field: 'bytes' },
  })
})

test('snapshots that are imported count as those that are taken', async () => {
  const { caller: none } = await site.project('none', { snapshotGiB: 0 })
  const refused = { kind: 'quota', detail: { field: 'snapshotGiB' } }
  await expect(importing(none)).rejects.toMatchObject(refused)
  const { caller: two } = await site.project('two', { snapshotGiB: 2 })
  const first = await importing(two)
  expect(first.wish.mostBytes).toBe(2 * GIB)
  expect((await importing(two)).wish.mostBytes).toBe(GIB)
  await expect(importing(two)).rejects.toMatchObject(refused)
  await operations.cancelImport(two, first.wish.task?.name ?? '')
  expect((await importing(two)).wish.mostBytes).toBe(GIB)
})

test('the files of a deregistered image count as long as a machine of it is left', async () => {
  const { caller: small } = await site.project('small', { imageGiB: 1 })
  const length = 700 * 1024 ** 2
  const image = await ready(small, 'large one', length)
  await operations.runComputes(small, { minCount: 1, maxCount: 1, image: image.id, type: 't2.nano' })
  await operations.deregisterImage(small, image.id)
  const again = { name: 'another', parts: { disk: { from: 'upload', bytes: length } } } as const
  await expect(operations.addImage(small, again)).rejects.toMatchObject({
    kind: 'quota',
    detail: { field: 'imageGiB' },
  })
  const claim = await site.store.claim('image', image.id, 1)
  if (!claim) throw new Error('no image')
  await site.store.forget(claim, [], 1)
  expect((await operations.addImage(small, again)).image.wish.name).toBe('another')
})
