/** A web server with one file on loopback, whose habits tests choose: ranges or none, redirects, breaks, another file later. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FileServer {
  readonly url: string
  /** `GET path range` of every request so far. */
  readonly asked: string[]
  /** By path. */
  readonly files: Map<string, Buffer>
  readonly redirects: Map<string, string>
  ranges: 'yes' | 'no'
  /** 'untold': of how many bytes a file has nothing is said. */
  lengths: 'told' | 'untold'
  /** Of what is asked for it sends so many bytes at once, and no more. */
  partBytes: number | undefined
  /** Says that it sends a part, and sends nothing of it. */
  starving: boolean
  /** Breaks the connection after so many bytes of a body, once. */
  breakAfter: number | undefined
  /** Answers that instead, so often. */
  failing: { status: number; times: number }
  /** Its usual habits again, and nothing asked; its files stay. */
  forget(): void
  close(): Promise<void>
}

type Habits = Pick<FileServer, 'ranges' | 'lengths' | 'partBytes' | 'starving' | 'breakAfter' | 'failing'>

const usual = (): Habits => ({
  ...{ ranges: 'yes', lengths: 'told', partBytes: undefined, starving: false, breakAfter: undefined },
  failing: { status: 503, times: 0 },
})

export async function startFileServer(): Promise<FileServer> {
  const self = {
    asked: [] as string[],
    files: new Map<string, Buffer>(),
    redirects: new Map<string, string>(),
    ...usual(),
  }
  const server = createServer((req: IncomingMessage, res: ServerResponse) => {
    const path = req.url ?? '/'
    self.asked.push(`${path} ${req.headers.range ?? 'all'}`)
    if (self.failing.times > 0) {
      self.failing.times -= 1
      res.writeHead(self.failing.status).end()
      return
    }
    const location = self.redirects.get(path)
    if (location !== undefined) {
      res.writeHead(302, { location }).end()
      return
    }
    const file = self.files.get(path)
    if (!file) {
      res.writeHead(404).end()
      return
    }
    const etag = `"${createHash('md5').update(file).digest('hex')}"`
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(req.headers.range ?? '') ?? []
    const isSame = req.headers['if-range'] === undefined || req.headers['if-range'] === etag
    const ranged = self.ranges === 'yes' && first !== undefined && isSame
    const from = ranged ? Number(first) : 0
    if (ranged && from >= file.length) {
      res.writeHead(416, { 'content-range': `bytes */${file.length}` }).end()
      return
    }
    if (ranged && self.starving) {
      res.writeHead(206, { 'content-length': 0, 'content-range': `bytes ${from}-${from + 9}/${file.length}` }).end()
      return
    }
    const end = ranged && last ? Math.min(Number(last) + 1, file.length) : file.length
    const to = ranged ? Math.min(end, from + (self.partBytes ?? end)) : end
    const body = file.subarray(from, to)
    res.writeHead(ranged ? 206 : 200, {
      ...(self.lengths === 'told' ? { 'content-length': body.length } : {}),
      etag,
      ...(ranged ? { 'content-range': `bytes ${from}-${to - 1}/${self.lengths === 'told' ? file.length : '*'}` } : {}),
    })
    if (self.breakAfter === undefined || self.breakAfter >= body.length) {
      res.end(body)
      return
    }
    res.write(body.subarray(0, self.breakAfter), () => res.destroy())
    self.breakAfter = undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(self, {
    url: `http://127.0.0.1:${port}`,
    forget() {
      self.asked.length = 0
      Object.assign(self, usual())
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}

/** An address of the server's, with a file there from now on. */
export function fileAt(server: FileServer, path: string, file?: Buffer) {
  if (file) server.files.set(path, file)
  return { from: 'url', url: server.url + path } as const
}
