/** What every image store does: the folder and the bucket, one contract. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { folderBlobs } from '../../src/images/folder'
import type { ImageStore } from '../../src/images/image-store'
import { bucketBlobs } from '../../src/images/s3'
import { storeOfBlobs } from '../../src/images/store-of-blobs'
import { sha256 } from '../support/digest'
import { type S3Server, startS3 } from '../support/s3-server'

/** Parts of the bucket are that small here: 300,000 bytes are several. */
const LIMITS = { partBytes: 65_536, mostParts: 10_000, mostBytes: 1024 ** 4 }
const BYTES = randomBytes(300_000)

const streamOf = (bytes: Buffer, chunk = 10_000): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, n) => bytes.subarray(n * chunk, (n + 1) * chunk)),
    { objectMode: false },
  )

async function all(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function broken(bytes: Buffer): Readable {
  async function* cut() {
    yield bytes
    throw new Error('the sender is gone')
  }
  return Readable.from(cut(), { objectMode: false })
}

interface Opened {
  /** As another process of the site opens it. */
  again(): ImageStore
  /** Everything that is kept, by name. */
  kept(): Promise<readonly string[]>
  /** Puts other bytes under a key, behind the store's back. */
  replace(key: string, bytes: Buffer): Promise<void>
  close(): Promise<void>
}

async function openFolder(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'og-store-'))
  return {
    again: () => storeOfBlobs(folderBlobs(join(folder, 'images'))),
    kept: async () =>
      !existsSync(join(folder, 'images'))
        ? []
        : readdirSync(join(folder, 'images'), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 7)),
    replace: async (key, bytes) => writeFileSync(join(folder, 'images', key), bytes),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

let server: S3Server | undefined
const credentials = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'local-1' }

async function openBucket(): Promise<Opened> {
  const before = Object.fromEntries(Object.keys(credentials).map((name) => [name, process.env[name]]))
  Object.assign(process.env, credentials)
  const s3 = await startS3('pictures')
  server = s3
  const stores: ImageStore[] = []
  return {
    again() {
      const place = { bucket: 'pictures', prefix: 'site-1/', endpoint: s3.url }
      const store = storeOfBlobs(bucketBlobs(place, LIMITS))
      stores.push(store)
      return store
    },
    kept: async () => [...s3.objects.keys()].map((key) => key.slice('site-1'.length)),
    async replace(key, bytes) {
      const headers = { authorization: 'AWS4-HMAC-SHA256 test' }
      const body = new Uint8Array(bytes)
      const put = await fetch(`${s3.url}/pictures/site-1/${key}`, { method: 'PUT', headers, body })
      expect(put.status).toBe(200)
    },
    async close() {
      for (const store of stores) store.close()
      await s3.close()
      server = undefined
      for (const [name, value] of Object.entries(before))
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
    },
  }
}

describe.each([
  ['folder', openFolder],
  ['bucket', openBucket],
])('an image store in a %s', (_name, open) => {
  let opened: Opened
  let store: ImageStore
  beforeEach(async () => {
    opened = await open()
    store = opened.again()
  })
  afterEach(() => opened.close())

  const listed = async (): Promise<readonly string[]> => {
    const found: string[] = []
    for await (const { sha256: name } of store.list()) found.push(name)
    return found
  }

  it('keeps what is written under its SHA-256, whole, for every process', async () => {
    const stored = await store.write(streamOf(BYTES))
    expect(stored).toEqual({ sha256: sha256(BYTES), bytes: BYTES.length })
    const other = opened.again()
    expect(await other.stat(stored.sha256)).toMatchObject(stored)
    expect((await all(await other.read(stored.sha256))).equals(BYTES)).toBe(true)
    expect(await opened.kept()).toEqual([`/files/${stored.sha256}`])
  })

  it('keeps the same contents once, and says that they were written again', async () => {
    const first = await store.write(streamOf(BYTES))
    const { writtenAt: before = 0 } = (await store.stat(first.sha256)) ?? {}
    expect(await opened.again().write(streamOf(BYTES, 77_777))).toEqual(first)
    expect(await listed()).toEqual([first.sha256])
    expect((await store.stat(first.sha256))?.writtenAt).toBeGreaterThanOrEqual(before)
  })

  it('knows which sites use it, each once, and shows none of that among its files', async () => {
    expect(await store.sites('local-1')).toEqual(['local-1'])
    expect(await opened.again().sites('local-1')).toEqual(['local-1'])
    expect(await Promise.all([store.sites('paris-1'), opened.again().sites('paris-1')])).toEqual([
      ['local-1', 'paris-1'],
      ['local-1', 'paris-1'],
    ])
    expect(await listed()).toEqual([])
  })

  it('reads ranges', async () => {
    const { sha256: name } = await store.write(streamOf(BYTES))
    expect(await all(await store.read(name, { from: 100_000, to: 100_010 }))).toEqual(BYTES.subarray(100_000, 100_010))
    expect(await all(await store.read(name, { from: 299_990 }))).toEqual(BYTES.subarray(299_990))
    expect(await all(await store.read(name, { from: 299_990, to: 1_000_000 }))).toEqual(BYTES.subarray(299_990))
    expect(await all(await store.read(name, { from: 300_000 }))).toHaveLength(0)
  })

  it('refuses other contents than announced and keeps nothing of them', async () => {
    const expected = { sha256: 'a'.repeat(64) }
    await expect(store.write(streamOf(BYTES), expected)).rejects.toMatchObject({
      kind: 'conflict',
      detail: { reason: 'digest' },
    })
    expect(await opened.kept()).toEqual([])
  })

  it('keeps nothing of a stream that breaks off', async () => {
    await expect(store.write(broken(BYTES))).rejects.toThrow('the sender is gone')
    expect(await opened.kept()).toEqual([])
  })

  it('says what is not there', async () => {
    const name = 'b'.repeat(64)
    expect(await store.stat(name)).toBeUndefined()
    await expect(store.read(name)).rejects.toMatchObject({ kind: 'not-found' })
    await store.remove(name)
    expect(await listed()).toEqual([])
  })

  it('has no names but SHA-256', async () => {
    for (const name of ['../../etc/passwd', 'A'.repeat(64), '', 'files'])
      await expect(store.read(name)).rejects.toMatchObject({ kind: 'invalid' })
    for (const name of ['../x', '', 'a/b', 'x'.repeat(101)]) expect(() => store.upload(name)).toThrow(/letters/)
  })

  it('lists and removes', async () => {
    const names: string[] = []
    for (let n = 0; n < 7; n += 1) names.push((await store.write(streamOf(Buffer.from(`file ${n}`)))).sha256)
    expect(await listed()).toEqual(names.toSorted())
    await store.remove(names[0] ?? '')
    expect(await listed()).toEqual(names.slice(1).toSorted())
  })

  describe('an upload', () => {
    it('goes on in another process, and becomes a file', async () => {
      expect(await store.upload('u-1').append(0, streamOf(BYTES.subarray(0, 100_000)))).toBe(100_000)
      const other = opened.again().upload('u-1')
      expect(await other.size()).toBe(100_000)
      await other.append(100_000, streamOf(BYTES.subarray(100_000, 100_001)))
      await store.upload('u-1').append(100_001, streamOf(BYTES.subarray(100_001)))
      expect(await listed()).toEqual([])
      const stored = await other.finish({ sha256: sha256(BYTES) })
      expect(stored).toEqual({ sha256: sha256(BYTES), bytes: BYTES.length })
      expect((await all(await store.read(stored.sha256))).equals(BYTES)).toBe(true)
      // Whoever dies before it could say so finishes it once more.
      expect(await store.upload('u-1').finish({ sha256: sha256(BYTES) })).toEqual(stored)
      expect(await store.upload('u-1').size()).toBe(BYTES.length)
      await other.discard()
      expect(await opened.kept()).toEqual([`/files/${stored.sha256}`])
    })

    it('says where it is to whoever adds elsewhere', async () => {
      const upload = store.upload('u-2')
      await upload.append(0, streamOf(BYTES.subarray(0, 1000)))
      for (const at of [0, 999, 1001])
        await expect(upload.append(at, streamOf(BYTES))).rejects.toMatchObject({
          kind: 'conflict',
          detail: { reason: 'offset', have: 1000 },
        })
    })

    it.each([
      ['small', 1000],
      ['large', 150_000],
    ])('takes one of several %s pieces that come for the same place', async (_size, bytes) => {
      const pieces = [1, 2, 3, 4].map((n) => Buffer.alloc(bytes + n, n))
      const came = await Promise.allSettled(
        pieces.map((piece) => opened.again().upload('race').append(0, streamOf(piece))),
      )
      const won = came.flatMap((one, n) => (one.status === 'fulfilled' ? [n] : []))
      expect(won).toHaveLength(1)
      const stored = await store.upload('race').finish()
      expect(stored.sha256).toBe(sha256(pieces[won[0] ?? 0] ?? Buffer.alloc(0)))
    })

    it('goes on behind a piece within which another writer began one', async () => {
      const [late, early] = [store.upload('u-6'), opened.again().upload('u-6')]
      // One that came at 1,000 when there was less, and the other's that reaches beyond.
      await early.append(0, streamOf(BYTES.subarray(0, 1000)))
      await early.append(1000, streamOf(BYTES.subarray(1000, 3000)))
      await opened.replace('uploads/u-6/0000000000000000', BYTES.subarray(0, 2000))
      expect(await late.size()).toBe(2000)
      expect(await late.append(2000, streamOf(BYTES.subarray(2000, 5000)))).toBe(5000)
      expect((await late.finish()).sha256).toBe(sha256(BYTES.subarray(0, 5000)))
      await late.discard()
      expect((await opened.kept()).filter((name) => name.includes('u-6'))).toEqual([])
    })

    it('has nothing of a piece that broke off', async () => {
      const upload = store.upload('u-3')
      await upload.append(0, streamOf(BYTES.subarray(0, 1000)))
      await expect(upload.append(1000, broken(BYTES))).rejects.toThrow('the sender is gone')
      expect(await upload.size()).toBe(1000)
      expect(await upload.append(1000, Readable.from([], { objectMode: false }))).toBe(1000)
    })

    it('stays when it is not what was announced, and can be dropped', async () => {
      const upload = store.upload('u-4')
      await upload.append(0, streamOf(BYTES))
      await expect(upload.finish({ sha256: 'c'.repeat(64) })).rejects.toMatchObject({ kind: 'conflict' })
      expect(await upload.size()).toBe(BYTES.length)
      await upload.discard()
      await upload.discard()
      expect(await upload.size()).toBe(0)
      expect(await opened.kept()).toEqual([])
    })

    it('has many pieces, in their order', async () => {
      const upload = store.upload('u-5')
      for (let at = 0; at < 30_000; at += 2_500) await upload.append(at, streamOf(BYTES.subarray(at, at + 2_500)))
      expect((await upload.finish()).sha256).toBe(sha256(BYTES.subarray(0, 30_000)))
    })
  })
})

describe('a folder', () => {
  it('removes what killed writers left beside, once it is a day old', async () => {
    const opened = await openFolder()
    const store = opened.again()
    await store.write(streamOf(Buffer.from('first')))
    const folder = mkdtempSync(join(tmpdir(), 'og-left-'))
    const own = storeOfBlobs(folderBlobs(folder))
    await own.write(streamOf(Buffer.from('x')))
    const [old, young] = [join(folder, 'incoming', 'old'), join(folder, 'incoming', 'young')]
    for (const path of [old, young]) writeFileSync(path, 'half')
    utimesSync(old, 1, 1)
    await own.write(streamOf(Buffer.from('y')))
    expect([existsSync(old), existsSync(young)]).toEqual([false, true])
    rmSync(folder, { recursive: true })
    await opened.close()
  })

  it('says why it cannot be written to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'og-file-'))
    writeFileSync(join(folder, 'file'), '')
    const store = storeOfBlobs(folderBlobs(join(folder, 'file', 'images')))
    await expect(store.write(streamOf(BYTES))).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('no folder'),
    })
    rmSync(folder, { recursive: true })
  })
})

describe('a bucket', () => {
  it('removes what killed writers left beside, once it is a day old', async () => {
    const opened = await openBucket()
    const store = opened.again()
    for (const name of ['old', 'young']) await opened.replace(`incoming/${name}`, Buffer.from('half'))
    server?.objects.get('site-1/incoming/old')?.at.setTime(Date.now() - 25 * 3_600_000)
    const { sha256: name } = await store.write(streamOf(BYTES))
    expect((await opened.kept()).toSorted()).toEqual([`/files/${name}`, '/incoming/young'])
    await opened.close()
  })

  it('leaves no unfinished multipart upload when a stream breaks off or a part is refused', async () => {
    const opened = await openBucket()
    const store = opened.again()
    await expect(store.write(broken(BYTES))).rejects.toThrow('the sender is gone')
    if (!server) throw new Error('no server')
    server.refuse = (method, key) => method === 'PUT' && key.includes('incoming')
    await expect(store.write(streamOf(BYTES))).rejects.toMatchObject({ kind: 'unavailable' })
    expect(server.open.size).toBe(0)
    expect(await opened.kept()).toEqual([])
    await opened.close()
  })

  it('takes a file that is larger than so many parts of the usual size in larger ones, and none that is larger than an object', async () => {
    const opened = await openBucket()
    const place = { bucket: 'pictures', prefix: 'site-1/', endpoint: server?.url ?? '' }
    const store = storeOfBlobs(bucketBlobs(place, { ...LIMITS, mostParts: 4, mostBytes: BYTES.length }))
    expect(store.mostBytes).toBe(BYTES.length)
    const upload = store.upload('up-1')
    for (let at = 0; at < BYTES.length; at += 60_000) await upload.append(at, streamOf(BYTES.subarray(at, at + 60_000)))
    const { sha256: name } = await upload.finish()
    expect((await all(await store.read(name))).equals(BYTES)).toBe(true)
    await upload.append(BYTES.length, streamOf(Buffer.from('!')))
    const asked = server?.asked.length ?? 0
    await expect(upload.finish()).rejects.toMatchObject({ kind: 'too-large' })
    // It was but looked at what there is.
    expect(server?.asked.slice(asked).filter((one) => !one.startsWith('GET'))).toEqual([])
    store.close()
    await opened.close()
  })
})
