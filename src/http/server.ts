/** The HTTP server: limits on what is read before a route is known, and an end that lets answers under way go out. */
import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { fault } from '../faults'
import type { Log } from '../log'

/** OCCI's text/occi carries whole entities in headers (GFD.223 §4.5). */
const MOST_HEADER_BYTES = 64 * 1024
const HEADERS_WITHIN_MS = 10_000
const REQUEST_WITHIN_MS = 60_000
const IDLE_MS = 65_000

export interface Listening {
  readonly port: number
  /** Takes nothing new, waits for answers under way for at most `graceMs`, then cuts. */
  close(graceMs: number): Promise<void>
}

export interface ListenOptions {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  readonly log: Log
  /** What requests and answers are made of; Node's own when not given. */
  readonly messages?: Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>
}

/** Faults: 'in-use' when the port is taken, 'invalid' for an address that cannot be listened on. */
export async function listen(app: RequestListener, { host, port, log, messages }: ListenOptions): Promise<Listening> {
  const server = createServer({ ...messages, maxHeaderSize: MOST_HEADER_BYTES }, (req, res) => {
    req.url = originForm(req.url ?? '/')
    app(req, res)
  })
  // Their bytes are bounded. Beyond a thousand of them Node drops the rest unsaid: half of an order would be carried out.
  server.maxHeadersCount = 0
  server.headersTimeout = HEADERS_WITHIN_MS
  server.requestTimeout = REQUEST_WITHIN_MS
  server.keepAliveTimeout = IDLE_MS
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseUnread(error, socket, log))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  }).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EADDRINUSE'
      ? fault('in-use', `port ${port} of ${host} is taken; choose another with --port`, { field: 'port', cause })
      : fault('invalid', `cannot listen on port ${port} of ${host}: ${cause.code}`, { field: 'listen', cause })
  })
  return { port: portOf(server), close: (graceMs) => end(server, graceMs) }
}

/** A target may name scheme and host (RFC 9112 §3.2.2); Express cannot route one whose host cannot be parsed. */
const originForm = (target: string): string => {
  if (target.startsWith('/')) return target
  const rest = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
  return rest === target || rest.startsWith('/') ? rest : `/${rest}`
}

const portOf = (server: Server): number => {
  const address: string | AddressInfo | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const UNREAD: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** What Node's parser refuses never reaches a route; the answer bears a request id like all others. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Socket, log: Log): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const id = randomUUID()
  const status = UNREAD[error.code ?? ''] ?? '400 Bad Request'
  log.info({ requestId: id, status: Number(status.slice(0, 3)), code: error.code }, 'request refused unread')
  const body = `${status}\n`
  const head = [
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    `x-request-id: ${id}`,
    'Connection: close',
  ]
  socket.end(`HTTP/1.1 ${status}\r\n${head.join('\r\n')}\r\n\r\n${body}`)
}

const IDLE_CHECK_MS = 25

async function end(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection that just got its answer is idle then; clients keep it open otherwise.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
  const late = setTimeout(() => server.closeAllConnections(), graceMs)
  server.closeIdleConnections()
  await closed
  clearInterval(idle)
  clearTimeout(late)
}
