/**
 * A simulator of one ElasticHosts zone, on loopback: servers, drives with image copies, addresses, VLANs, in both formats, with the
 * errors of the API and faults that a test puts on the wire. The company's service is gone; what the simulator does where no
 * source says is marked in docs/elastichosts.md. Its clock is real time plus what the test adds.
 */
import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { answerCall, type Call } from './calls'
import { type Format, type Reply, readBody, writeReply } from './formats'
import { Refusal, refuse } from './refusal'
import { newTroubles, type Trouble, type Troubles } from './troubles'
import { GIB, type Habits, newWorld, type World } from './world'

export interface Account {
  /** UUID. */
  readonly user: string
  readonly key: string
}

export interface ElasticHostsSimulator {
  readonly url: string
  readonly account: Account
  /** Another account of the same zone. */
  readonly stranger: Account
  readonly world: World
  readonly habits: Habits
  readonly troubles: Troubles
  /** `METHOD /path` of every request so far. */
  readonly asked: string[]
  /** Moves its clock, ms. */
  advance(ms: number): void
  /** What lay on its way arrives now; how many requests. */
  arrive(): number
  close(): Promise<void>
}

const ACCOUNT: Account = { user: '91c7a4d0-2f5e-4d0a-8a66-7c1b7f0e3d52', key: 'simulated-key-1' }
const STRANGER: Account = { user: '5f0c1b7e-9a44-4c1e-8b1d-2c9e6a7d4b10', key: 'simulated-key-2' }

export async function startElasticHosts(habits: Partial<Habits> = {}): Promise<ElasticHostsSimulator> {
  let aheadMs = 0
  const world = newWorld(
    {
      ...{
        dialect: 'new',
        imagingMs: 0,
        hush: [],
        obeysMs: 0,
        storageBytes: 2048 * GIB,
        cpu: 400_000,
        balance: 'some',
      },
      ...habits,
    },
    () => Date.now() + aheadMs,
  )
  const troubles = newTroubles()
  const asked: string[] = []
  const late: (() => void)[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    const serve = async () => {
      const body = await bodyOf(request)
      asked.push(`${request.method} ${request.url}`)
      const trouble = troubles.take(`${request.method} ${request.url}`, body)
      meet(trouble, () => answer(world, request, body), { request, response, late })
    }
    serve().catch(() => request.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    account: ACCOUNT,
    stranger: STRANGER,
    world,
    habits: world.habits,
    troubles,
    asked,
    advance(ms) {
      aheadMs += ms
    },
    arrive() {
      const arrived = late.splice(0)
      for (const one of arrived) one()
      return arrived.length
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

interface Wire {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly late: (() => void)[]
}

/** Answers, with the trouble that the request meets. */
function meet(trouble: Trouble | undefined, act: () => Answered, { request, response, late }: Wire): void {
  switch (trouble?.what) {
    case undefined:
      send(response, act())
      break
    case 'answers': {
      const headers = trouble.code === undefined ? {} : { 'X-Elastic-Error': trouble.code }
      send(response, { status: trouble.status, headers, body: trouble.body ?? 'injected by a test\n' })
      break
    }
    case 'silent':
      break
    case 'silent after':
      act()
      break
    case 'cut before':
      request.socket.destroy()
      break
    case 'cut after':
      act()
      request.socket.destroy()
      break
    case 'cut, done late':
      late.push(() => void act())
      request.socket.destroy()
      break
    case 'garbage':
      send(response, { ...act(), body: trouble.body })
      break
  }
}

function send(response: ServerResponse, { status, headers, body }: Answered): void {
  response.writeHead(status, { ...headers, 'Content-Length': String(Buffer.byteLength(body)) }).end(body)
}

function answer(world: World, request: IncomingMessage, body: Buffer): Answered {
  const format: Format = /\bapplication\/json\b/.test(request.headers.accept ?? '') ? 'json' : 'text'
  try {
    const { method = '', headers } = request
    const user = authenticated(headers.authorization)
    if (method !== 'GET' && method !== 'POST') throw refuse('method', 'Use GET or POST')
    if (headers['transfer-encoding'] !== undefined) throw refuse('usage', 'Chunked transfer is not supported')
    if (method === 'POST' && headers['content-length'] === undefined) throw refuse('usage', 'Missing Content-Length')
    const call: Call = {
      world,
      user,
      method,
      words: (request.url ?? '').split('?', 1).join('').split('/').filter(Boolean),
      config: () => readBody(headers['content-type'], body),
      body,
      packed: headers['content-encoding'] === 'gzip' ? 'gzip' : 'plain',
    }
    return rendered(answerCall(call), format)
  } catch (thrown) {
    const { status, code, message } = thrown instanceof Refusal ? thrown : refuse('system', String(thrown))
    return { status, headers: { 'X-Elastic-Error': code, 'Content-Type': 'text/plain' }, body: `${message}\n` }
  }
}

function authenticated(header: string | undefined): string {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(header ?? '') ?? []
  const given = Buffer.from(encoded ?? '', 'base64')
  const known = [ACCOUNT, STRANGER].find(({ user, key }) => {
    const expected = Buffer.from(`${user}:${key}`)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!known) throw refuse('auth', 'Authentication failed')
  return known.user
}

function rendered(reply: Reply, format: Format): Answered {
  if (reply.kind === 'done') return { status: 204, headers: {}, body: '' }
  if (reply.kind === 'bytes')
    return { status: 200, headers: { 'Content-Type': 'application/octet-stream' }, body: reply.bytes }
  const { output, body } = writeReply(reply, format)
  const type = format === 'json' ? 'application/json' : 'text/plain; charset=utf-8'
  return { status: 200, headers: { 'Content-Type': type, 'X-Elastic-Output': output }, body }
}
