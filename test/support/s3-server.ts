/** As much of S3 as the image store uses, in memory, on loopback: objects, ranges, conditional writes, pages of lists, multipart uploads. */
import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Entry {
  readonly body: Buffer
  readonly at: Date
}

export interface S3Server {
  readonly url: string
  readonly objects: ReadonlyMap<string, Entry>
  /** Multipart uploads that were neither completed nor aborted. */
  readonly open: ReadonlyMap<string, unknown>
  /** `METHOD key` of every request so far. */
  readonly asked: string[]
  /** Answers 503 to requests for which it is true. */
  refuse: (method: string, key: string) => boolean
  close(): Promise<void>
}

/** Entries in a page of a list: few, so that there are several pages. */
const PAGE = 3

export async function startS3(bucket: string): Promise<S3Server> {
  const objects = new Map<string, Entry>()
  const open = new Map<string, Map<number, Buffer>>()
  const asked: string[] = []
  const state = { refuse: (_method: string, _key: string) => false }

  const server = createServer((req, res) => {
    answer(req, res).catch((thrown: unknown) => res.writeHead(500).end(String(thrown)))
  })
  const xml = (res: ServerResponse, text: string) =>
    void res.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${text}`)
  const failed = (res: ServerResponse, status: number, code: string): void => {
    res.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://s3')
    const [, place = '', ...rest] = url.pathname.split('/')
    const key = decodeURIComponent(rest.join('/'))
    const method = req.method ?? ''
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    asked.push(`${method} ${key}`)
    if (place !== bucket) return failed(res, 404, 'NoSuchBucket')
    if (!/^AWS4-HMAC-SHA256 /.test(req.headers.authorization ?? '')) return failed(res, 403, 'AccessDenied')
    if (state.refuse(method, key)) return failed(res, 400, 'InternalFailure')
    const upload = url.searchParams.get('uploadId')
    if (method === 'GET' && key === '') return list(url, res)
    if (method === 'POST' && url.searchParams.has('uploads')) return begin(key, res)
    if (method === 'PUT' && upload !== null) return part(upload, Number(url.searchParams.get('partNumber')), body, res)
    if (method === 'POST' && upload !== null) return complete(upload, key, body, req.headers['if-none-match'], res)
    if (method === 'DELETE') {
      if (upload === null) objects.delete(key)
      else open.delete(upload)
      return void res.writeHead(204).end()
    }
    if (method === 'PUT') {
      if (req.headers['if-none-match'] === '*' && objects.has(key)) return failed(res, 412, 'PreconditionFailed')
      objects.set(key, { body, at: new Date() })
      return void res.writeHead(200, { etag: etagOf(body) }).end()
    }
    const found = objects.get(key)
    if (!found) return failed(res, 404, 'NoSuchKey')
    return send(method, found, req.headers.range, res)
  }

  function send(method: string, { body, at }: Entry, range: string | undefined, res: ServerResponse): void {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
    const part = first === undefined ? body : body.subarray(Number(first), Number(last) + 1)
    res.writeHead(first === undefined ? 200 : 206, {
      'content-length': part.length,
      'last-modified': at.toUTCString(),
      etag: etagOf(body),
    })
    res.end(method === 'HEAD' ? undefined : part)
  }

  function list(url: URL, res: ServerResponse): void {
    const prefix = url.searchParams.get('prefix') ?? ''
    const after = url.searchParams.get('continuation-token') ?? ''
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
    const page = keys.slice(0, PAGE)
    const entries = page.map((key) => {
      const entry = objects.get(key)
      return `<Contents><Key>${key}</Key><Size>${entry?.body.length}</Size><LastModified>${entry?.at.toISOString()}</LastModified></Contents>`
    })
    const more = keys.length > PAGE ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
    xml(res, `<ListBucketResult><IsTruncated>${more !== ''}</IsTruncated>${more}${entries.join('')}</ListBucketResult>`)
  }

  function begin(key: string, res: ServerResponse): void {
    const id = randomUUID()
    open.set(id, new Map())
    xml(
      res,
      `<InitiateMultipartUploadResult><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    )
  }

  function part(id: string, number: number, body: Buffer, res: ServerResponse): void {
    const parts = open.get(id)
    if (!parts) {
      failed(res, 404, 'NoSuchUpload')
      return
    }
    parts.set(number, body)
    res.writeHead(200, { etag: etagOf(body) }).end()
  }

  function complete(id: string, key: string, body: Buffer, unless: string | undefined, res: ServerResponse): void {
    if (unless === '*' && objects.has(key)) {
      failed(res, 412, 'PreconditionFailed')
      return
    }
    const parts = open.get(id) ?? new Map<number, Buffer>()
    const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, n]) => Number(n))
    const named = numbers.map((n) => parts.get(n))
    if (named.length === 0 || named.includes(undefined)) {
      failed(res, 400, 'InvalidPart')
      return
    }
    open.delete(id)
    objects.set(key, { body: Buffer.concat(named.filter((one) => one !== undefined)), at: new Date() })
    xml(res, `<CompleteMultipartUploadResult><Key>${key}</Key></CompleteMultipartUploadResult>`)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    open,
    asked,
    get refuse() {
      return state.refuse
    },
    set refuse(refuse) {
      state.refuse = refuse
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`
