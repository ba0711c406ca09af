/** Stands between a driver and its provider's HTTP API, and breaks what the test says: each order counts for the next requests that match. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type WireFault =
  /** The connection breaks; nothing was done. */
  | { readonly kind: 'cut-before' }
  /** It was done, and nobody hears of it. */
  | { readonly kind: 'cut-after' }
  /** This is answered instead; nothing was done. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly type?: string }
  /** It was done, and this is answered. */
  | { readonly kind: 'answer-after'; readonly status: number; readonly body: string; readonly type?: string }
  /** Nothing is answered, ever; nothing was done. */
  | { readonly kind: 'hang' }

export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly body: string
}

export interface ProviderWire {
  readonly url: string
  /** The next request that matches, or so many of them. */
  next(fault: WireFault, matches?: (request: WireRequest) => boolean, times?: number): void
  /** Forgets what was not used. */
  calm(): void
  /** All requests so far. */
  readonly requests: readonly WireRequest[]
  close(): Promise<void>
}

interface Order {
  readonly fault: WireFault
  readonly matches: (request: WireRequest) => boolean
  times: number
}

/** `rewrite`: what arrives of a request's body; as it was sent where nothing is said. */
export async function startWire(target: string, rewrite = (body: Buffer): Buffer => body): Promise<ProviderWire> {
  const orders: Order[] = []
  const requests: WireRequest[] = []
  const server = createServer((req, res) => {
    void handle(req, res)
  })
  const take = (asked: WireRequest): WireFault | undefined => {
    const order = orders.find(({ matches, times }) => times > 0 && matches(asked))
    if (order) order.times -= 1
    return order?.fault
  }
  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const body = rewrite(Buffer.concat(chunks))
    const asked = { method: req.method ?? '', path: req.url ?? '', body: body.toString('utf8') }
    requests.push(asked)
    const fault = take(asked)
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'cut-before') return void req.socket.destroy()
    if (fault?.kind === 'answer') return reply(res, fault.status, fault.type, fault.body)
    try {
      const came = await forward(new URL(target), req, body)
      if (fault?.kind === 'cut-after') return void req.socket.destroy()
      if (fault?.kind === 'answer-after') return reply(res, fault.status, fault.type, fault.body)
      res.writeHead(came.status, came.headers).end(came.body)
    } catch {
      req.socket.destroy()
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: (fault, matches = () => true, times = 1) => void orders.push({ fault, matches, times }),
    calm: () => void orders.splice(0),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const reply = (res: ServerResponse, status: number, type = 'text/xml', body = ''): void => {
  res.writeHead(status, { 'content-type': type }).end(body)
}

interface Came {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** As it was sent, its Host too: that is signed. */
function forward(target: URL, req: IncomingMessage, body: Buffer): Promise<Came> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = target
    const length = req.headers['content-length'] === undefined ? {} : { 'content-length': String(body.length) }
    const headers = { ...req.headers, ...length }
    const out = request({ hostname, port, method: req.method, path: req.url, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) }),
      )
    })
    out.on('error', reject)
    out.end(body)
  })
}
