/**
 * Blobs in an S3-compatible bucket. What fits into one part goes in one request; more goes as a multipart upload, which becomes
 * visible only when it is completed. A bucket cannot rename: what gets its name from its contents goes under `incoming/` first
 * and is copied through us. Credentials come from the SDK's default chain (environment, profile, instance).
 */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { Fault, fault } from '../faults'
import { MOST_PIECES } from '../model/pieces'
import { type Blob, type Blobs, LEFT_OVER_MS } from './blobs'

export interface BucketPlace {
  readonly bucket: string
  /** '' or ends with a slash. */
  readonly prefix: string
  /** Of a store that is not Amazon's; then the bucket stands in the path. */
  readonly endpoint?: string
}

type Sdk = typeof import('@aws-sdk/client-s3')

export interface BucketLimits {
  /** 8 MiB: at least 5 is asked for, and 10,000 of them are 78 GiB; larger files take larger parts, each of which is held in memory. */
  readonly partBytes: number
  readonly mostParts: number
  /** Of an object. */
  readonly mostBytes: number
}

/** Amazon's, which others follow. */
const S3_LIMITS: BucketLimits = { partBytes: 8 * 1024 ** 2, mostParts: MOST_PIECES, mostBytes: 5 * 1024 ** 4 }

/** Of the bucket: as the AWS tools find it. A variable that is empty is none. */
export const regionIn = ({ AWS_REGION, AWS_DEFAULT_REGION }: NodeJS.ProcessEnv): string =>
  AWS_REGION || AWS_DEFAULT_REGION || 'us-east-1'

/** Faults: 'unavailable' with what the store says. */
export function bucketBlobs({ bucket, prefix, endpoint }: BucketPlace, limits = S3_LIMITS): Blobs {
  // Loaded when first used: the SDK costs every process 100 ms and 40 MB.
  const sdk = require('@aws-sdk/client-s3') as Sdk
  const client = new sdk.S3Client({
    region: regionIn(process.env),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    // Not every compatible store knows the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + key })

  const stat: Blobs['stat'] = async (key) => {
    const found = await absent(client.send(new sdk.HeadObjectCommand(at(key))))
    return found && { key, bytes: found.ContentLength ?? 0, writtenAt: found.LastModified?.getTime() ?? 0 }
  }
  const read: Blobs['read'] = async (key, { from, to }) => {
    const found = await stat(key)
    if (!found) return undefined
    const end = Math.min(to ?? found.bytes, found.bytes)
    if (from >= end) return Readable.from([], { objectMode: false })
    const answer = await absent(
      client.send(new sdk.GetObjectCommand({ ...at(key), Range: `bytes=${from}-${end - 1}` })),
    )
    return answer?.Body instanceof Readable ? answer.Body : undefined
  }
  const remove: Blobs['remove'] = async (key) => void (await client.send(new sdk.DeleteObjectCommand(at(key))))

  async function put(
    bytes: AsyncIterable<Buffer>,
    name: () => string,
    how: 'replace' | 'unless-there',
    size?: number,
  ): Promise<boolean> {
    if (size !== undefined && size > limits.mostBytes) throw tooLarge()
    const parts = inParts(bytes, partSizes(limits, size))[Symbol.asyncIterator]()
    const first = await parts.next()
    const second = first.done ? first : await parts.next()
    if (second.done) return putSmall(first.done ? Buffer.alloc(0) : first.value, name(), how)
    await removeLeftOvers()
    const temporary = `incoming/${randomUUID()}`
    const whole = chain([first.value, second.value], parts)
    await multipart({ client, sdk, limits }, at(temporary), whole)
    try {
      const key = name()
      if (key === '' || (how === 'unless-there' && (await stat(key)))) return false
      const [found, again] = [await stat(temporary), await read(temporary, { from: 0 })]
      if (!found || !again) throw fault('unavailable', 'the image store lost what was just written')
      return await multipart({ client, sdk, limits }, at(key), inParts(again, partSizes(limits, found.bytes)), how)
    } finally {
      await remove(temporary)
    }
  }

  /** What a writer that was killed had under way. */
  async function removeLeftOvers(): Promise<void> {
    for await (const { key, writtenAt } of list('incoming/'))
      if (Date.now() - writtenAt > LEFT_OVER_MS) await remove(key)
  }

  async function putSmall(body: Buffer, key: string, how: 'replace' | 'unless-there'): Promise<boolean> {
    if (key === '' || (how === 'unless-there' && (await stat(key)))) return false
    const order = { ...at(key), Body: body, ContentLength: body.length, ...onlyIf(how) }
    const put = client.send(new sdk.PutObjectCommand(order))
    return put.then(
      () => true,
      (thrown: unknown) => {
        if (isTaken(thrown)) return false
        throw thrown
      },
    )
  }

  async function* list(below: string): AsyncGenerator<Blob> {
    let token: string | undefined
    do {
      const page = await told(
        client.send(
          new sdk.ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix + below,
            ...(token ? { ContinuationToken: token } : {}),
          }),
        ),
      )
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? [])
        yield { key: Key.slice(prefix.length), bytes: Size, writtenAt: LastModified?.getTime() ?? 0 }
      token = page.NextContinuationToken
    } while (token !== undefined)
  }

  return {
    mostBytes: limits.mostBytes,
    stat: (key) => told(stat(key)),
    read: (key, range) => told(read(key, range)),
    put: (bytes, name, how, size) => told(put(bytes, name, how, size)),
    list,
    remove: (key) => told(remove(key)),
    close: () => client.destroy(),
  }
}

const onlyIf = (how: 'replace' | 'unless-there') => (how === 'unless-there' ? { IfNoneMatch: '*' } : {})

/** Completed when all parts are there; ended and forgotten when one fails, and when the key is taken: false. */
async function multipart(
  { client, sdk, limits }: { readonly client: S3Client; readonly sdk: Sdk; readonly limits: BucketLimits },
  place: { readonly Bucket: string; readonly Key: string },
  parts: AsyncIterable<Buffer>,
  how: 'replace' | 'unless-there' = 'replace',
): Promise<boolean> {
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(place))
  try {
    const done: { PartNumber: number; ETag: string | undefined }[] = []
    for await (const Body of parts) {
      const PartNumber = done.length + 1
      if (PartNumber > limits.mostParts) throw tooLarge()
      const { ETag } = await client.send(
        new sdk.UploadPartCommand({ ...place, UploadId, PartNumber, Body, ContentLength: Body.length }),
      )
      done.push({ PartNumber, ETag })
    }
    const order = { ...place, UploadId, MultipartUpload: { Parts: done }, ...onlyIf(how) }
    await client.send(new sdk.CompleteMultipartUploadCommand(order))
    return true
  } catch (thrown) {
    await client.send(new sdk.AbortMultipartUploadCommand({ ...place, UploadId })).catch(() => undefined)
    if (how === 'unless-there' && isTaken(thrown)) return false
    throw thrown
  }
}

const tooLarge = () => fault('too-large', 'the file is too large for the image store')

/**
 * Bytes of the part behind so many others. Where nobody knows how much will come they grow with it, and 10,000 hold 430 GiB; where it is
 * known all are alike, and there are no more than there may be.
 */
function partSizes({ partBytes, mostParts }: BucketLimits, size: number | undefined): (count: number) => number {
  if (size === undefined) return (count) => partBytes * (1 + Math.floor(count / 1000))
  const each = Math.max(partBytes, Math.ceil(size / mostParts))
  return () => each
}

/** Cut anew: every part but the last has its size. */
async function* inParts(bytes: AsyncIterable<Buffer>, sizes: (count: number) => number): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let length = 0
  let count = 0
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length; ) {
      const wanted = sizes(count) - length
      const piece = chunk.subarray(from, from + wanted)
      waiting.push(piece)
      length += piece.length
      from += piece.length
      if (piece.length < wanted) continue
      yield Buffer.concat(waiting)
      count += 1
      waiting = []
      length = 0
    }
  }
  if (length > 0) yield Buffer.concat(waiting)
}

async function* chain(first: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

/** Another was there first (412), or comes at this moment (409). */
const isTaken = (thrown: unknown): boolean => statusOf(thrown) === 412 || statusOf(thrown) === 409

const statusOf = (thrown: unknown): number | undefined => {
  const metadata = typeof thrown === 'object' && thrown !== null && '$metadata' in thrown ? thrown.$metadata : undefined
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined
  return typeof status === 'number' ? status : undefined
}

/** Undefined where the store says that there is no such thing. */
const absent = <T>(call: Promise<T>): Promise<T | undefined> =>
  call.catch((thrown: unknown) => {
    if (statusOf(thrown) === 404) return undefined
    throw thrown
  })

const told = <T>(call: Promise<T>): Promise<T> =>
  call.catch((thrown: unknown) => {
    // The SDK marks its own; another is of whoever sends the bytes.
    if (thrown instanceof Fault || !(thrown instanceof Error && '$metadata' in thrown)) throw thrown
    throw fault('unavailable', `the image store cannot be used now: ${thrown.name}`, { cause: thrown })
  })
