/** The simulator's socket: many requests in flight on each connection, answered as they come to an end. */
import { chmodSync, existsSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { asFault, fault } from '../../../src/faults'
import type { Log } from '../../../src/log'
import { SILENCE } from './handle'
import { onLines, sendLine } from './lines'
import { type FaultOnWire, type Request, requestSchema } from './wire'

/** One object per connection: `push` sends more than answers for as long as it lasts. */
export interface Connection {
  readonly push: (value: unknown) => void
  readonly onClose: (listener: () => void) => void
}
export type Answer = (request: Request, connection: Connection) => Promise<unknown>

/** How often its socket is looked for. */
const SOCKET_POLL_MS = 1_000

/** Listens on a unix socket; what a killed simulator left there is taken over, a live one is a 'conflict'. */
export async function serve(path: string, log: Log, answer: Answer): Promise<{ close(): Promise<void> }> {
  if (await answers(path)) throw fault('conflict', `a simulator answers at ${path} already`)
  rmSync(path, { force: true })
  const sockets = new Set<Socket>()
  const accept = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    const connection: Connection = {
      push: (value) => sendLine(socket, value),
      onClose: (listener) => socket.once('close', listener),
    }
    onLines(socket, (value) => void respond(socket, value, log, (request) => answer(request, connection)))
  }
  let server = await listen(path, accept)
  // Nobody new finds one whose socket was removed (by who tidies /tmp, say): it listens there anew.
  const timer = setInterval(async () => {
    if (existsSync(path)) return
    // First, since closing removes whatever bears its name; connections live on.
    server.close()
    try {
      server = await listen(path, accept)
      log.warn({ event: 'socket-removed', socket: path }, 'the socket was removed; listening there again')
    } catch (thrown) {
      log.error(
        { event: 'socket-removed', socket: path, err: thrown },
        'the socket was removed and cannot be made again',
      )
    }
  }, SOCKET_POLL_MS).unref()
  return {
    close: async () => {
      clearInterval(timer)
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const listen = (path: string, accept: (socket: Socket) => void): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(accept)
    server.once('error', (cause) => reject(fault('unavailable', `cannot listen at ${path}`, { cause })))
    server.listen(path, () => {
      chmodSync(path, 0o600)
      resolve(server)
    })
  })

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

async function respond(
  socket: Socket,
  value: unknown,
  log: Log,
  answer: (request: Request) => Promise<unknown>,
): Promise<void> {
  const parsed = requestSchema.safeParse(value)
  if (!parsed.success) {
    log.warn({ event: 'malformed-request' }, 'a request that is none ends its connection')
    socket.destroy()
    return
  }
  const { id } = parsed.data
  try {
    const ok = await answer(parsed.data)
    if (ok !== SILENCE) sendLine(socket, { id, ok: ok ?? null })
  } catch (thrown) {
    const answered = onWire(thrown)
    const fields = { verb: parsed.data.verb, host: parsed.data.host, resource: parsed.data.ticket?.resource }
    if (asFault(thrown).kind === 'internal') log.error({ event: 'request-failed', ...fields, err: thrown })
    else log.debug({ event: 'request-refused', ...fields, fault: answered.kind, message: answered.message })
    sendLine(socket, { id, fault: answered })
  }
}

/** A fault as a driver may throw it: one of ours inside the simulator leaves the outcome unknown. */
function onWire(thrown: unknown): FaultOnWire {
  const { kind, message, detail } = asFault(thrown)
  switch (kind) {
    case 'stale':
      return { kind, message, ...(detail.held === undefined ? {} : { held: detail.held }) }
    case 'busy':
    case 'refused':
    case 'unsupported':
    case 'unreachable':
    case 'timeout':
      return { kind, message }
    default:
      return { kind: 'unreachable', message: `the simulator failed: ${message}` }
  }
}
