import fc from 'fast-check'
import type { ImageId, ProjectId } from '../../../src/model/ids'
import { bytesLeft, imageBytes, snapshotGiBComing } from '../../../src/model/image-quota'
import type { ImageRecord, ImageWish, ImportRecord, ImportSeen, ProjectRecord } from '../../../src/model/records'
import { newImage } from '../../../src/operations/images/new-image'
import { newImport } from '../../../src/operations/images/new-import'

const OURS = 'aaaaaaaa-0000-4000-8000-000000000001' as ProjectId
const THEIRS = 'aaaaaaaa-0000-4000-8000-000000000002' as ProjectId
const GIB = 1024 ** 3
const project = (imageGiB: number) => ({ id: OURS, wish: { quota: { imageGiB } } }) as unknown as ProjectRecord

const file = (n: number, bytes: number) =>
  ({ sha256: String(n).padStart(64, '0'), bytes, format: 'raw', sizeGiB: 1 }) as const

function imageOf(files: ImageRecord['seen']['files'], parts: Partial<ImageRecord> = {}, wish: Partial<ImageWish> = {}) {
  const { record } = newImage({ project: OURS, name: 'an image', now: 1 })
  return {
    ...record,
    ...parts,
    wish: { ...record.wish, ...wish },
    seen: { ...record.seen, ...(files ? { files } : {}) },
  }
}

interface Coming {
  readonly seen?: Partial<ImportSeen>
  readonly upload?: number
  readonly at?: number
  readonly image?: ImageId
  readonly owner?: ProjectId
}

function importOf({ seen = {}, upload, at = 1, image, owner = OURS }: Coming): ImportRecord {
  const { record } = newImport({
    part: 'disk',
    file: upload === undefined ? { from: 'url', url: 'https://files.invalid/x' } : { from: 'upload', bytes: upload },
    owner: { project: owner, record: undefined, userName: 'ann', reach: 'public' },
    mostBytes: 100,
    now: at,
    ...(image === undefined ? {} : { image }),
  })
  return { ...record, seen: { ...record.seen, ...seen } }
}

const bytes = (images: readonly ImageRecord[], imports: readonly ImportRecord[]) =>
  imageBytes(OURS, { images, imports })

describe('what a project has of files', () => {
  it('is what its images name, the same contents once, and what is coming', () => {
    const images = [
      imageOf({ disk: file(1, 100), kernel: file(2, 10) }),
      imageOf({ disk: file(1, 100) }),
      imageOf({ disk: file(3, 1000) }, { project: THEIRS }),
    ]
    expect(bytes(images, [])).toBe(110)
    const coming = [
      { upload: 7 },
      { seen: { bytes: 20 } },
      { seen: { bytes: 20, total: 300 } },
      { upload: 5, owner: THEIRS },
    ]
    expect(bytes(images, coming.map(importOf))).toBe(110 + 7 + 20 + 300)
  })

  it('counts a deregistered image as long as it is there', () => {
    expect(bytes([imageOf({ disk: file(1, 100) }, {}, { exists: false })], [])).toBe(100)
  })

  it('counts what came of an image that waits for more, and once only when all of it is there', () => {
    const done = { state: 'completed', file: file(1, 100), bytes: 100 } as const
    const waits = imageOf(undefined)
    const came = importOf({ image: waits.id, seen: done })
    expect(bytes([waits], [came])).toBe(100)
    expect(bytes([{ ...waits, seen: { state: 'available', files: { disk: file(1, 100) } } }], [came])).toBe(100)
    // Its image is gone, or it has become a snapshot, or nothing came of it.
    expect(bytes([], [came, importOf({ seen: done }), importOf({ seen: { state: 'failed', total: 50 } })])).toBe(0)
  })
})

describe('what is left for a file that is fetched', () => {
  const left = (one: ImportRecord, imports: readonly ImportRecord[]) =>
    bytesLeft(project(1), one, { images: [], imports, snapshots: [] })

  it('is all but what was ordered before it, and what came of others', () => {
    const [early, one, late] = [10, 20, 30].map((at) => importOf({ at, seen: { bytes: 5, total: 500 } }))
    if (!early || !one || !late) throw new Error('no imports')
    expect(left(one, [early, one, late])).toBe(GIB - 500 - 5)
    expect(left(one, [one, importOf({ at: 30, upload: 70 })])).toBe(GIB - 70)
  })

  it('lets some of them through and never more than there is room for', () => {
    const totals = fc.array(fc.integer({ min: 1, max: 2 * GIB }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(totals, fc.boolean(), (all, atOnce) => {
        const imports = all.map((total, n) => importOf({ at: atOnce ? 1 : n, seen: { total } }))
        const through = imports.filter((one) => (one.seen.total ?? 0) <= left(one, imports))
        expect(through.reduce((sum, { seen }) => sum + (seen.total ?? 0), 0)).toBeLessThanOrEqual(GIB)
        const [first] = imports.toSorted((one, other) =>
          one.wish.createdAt === other.wish.createdAt
            ? one.id.localeCompare(other.id)
            : one.wish.createdAt - other.wish.createdAt,
        )
        if (first && (first.seen.total ?? 0) <= GIB) expect(through).toContain(first)
      }),
    )
  })
})

test.each([
  [0, 1],
  [GIB, 1],
  [GIB + 1, 2],
])('a file of %i bytes is a snapshot of %i GiB at least', (total, expected) => {
  expect(snapshotGiBComing(importOf({ seen: { total } }))).toBe(expected)
})
