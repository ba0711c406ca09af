/** The client's one connection: deadlines, broken connections, answers that are none. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Connection } from '../../../../workers/drivers/simulator/connection'
import { until } from '../../../support/until'

let folder: string
let path: string
let server: Server | undefined
let sockets: Socket[] = []
let received = ''

/** Listens and answers each line by `answer`; undefined is no answer. */
async function listen(answer: (line: { id: number; verb: string }) => string | undefined): Promise<void> {
  received = ''
  server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      received += bytes.toString('utf8')
      for (const line of bytes.toString('utf8').trim().split('\n')) {
        const reply = answer(JSON.parse(line))
        if (reply !== undefined) socket.write(reply)
      }
    })
  })
  await new Promise<void>((resolve) => server?.listen(path, resolve))
}
async function stop(): Promise<void> {
  for (const socket of sockets) socket.destroy()
  sockets = []
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connection-'))
  path = join(folder, 's.sock')
})
afterEach(async () => {
  await stop()
  rmSync(folder, { recursive: true, force: true })
})

test('answers find their calls in whatever order they come, split as they may be', async () => {
  const waiting: number[] = []
  await listen(({ id }) => {
    waiting.push(id)
    if (waiting.length < 3) return undefined
    return waiting
      .reverse()
      .map((one) => `{"id":${one},"ok":"answer ${one} ä"}\n`)
      .join('')
  })
  const connection = new Connection(path, 5_000)
  const answers = await Promise.all(['a', 'b', 'c'].map((verb) => connection.call({ verb })))
  expect(answers).toEqual(['answer 1 ä', 'answer 2 ä', 'answer 3 ä'])
  expect(sockets).toHaveLength(1)
  await connection.close()
})

test('no answer in time is a timeout; a late one is dropped and hurts nobody', async () => {
  await listen(({ verb }) => (verb === 'slow' ? undefined : '{"id":1,"ok":"late"}\n{"id":2,"ok":"mine"}\n'))
  const connection = new Connection(path, 60)
  await expect(connection.call({ verb: 'slow' })).rejects.toMatchObject({
    kind: 'timeout',
    message: expect.stringContaining('slow'),
  })
  expect(await connection.call({ verb: 'quick' })).toBe('mine')
  await connection.close()
})

test('a connection that breaks makes what waits unreachable, and the next call opens another', async () => {
  await listen(({ id, verb }) => (verb === 'ok' ? `{"id":${id},"ok":null}\n` : undefined))
  const connection = new Connection(path, 5_000)
  const waiting = [connection.call({ verb: 'a' }), connection.call({ verb: 'b' })].map((call) =>
    call.catch((f) => f.kind),
  )
  await until(() => received.split('\n').length > 2)
  for (const socket of sockets) socket.destroy()
  expect(await Promise.all(waiting)).toEqual(['unreachable', 'unreachable'])
  expect(await connection.call({ verb: 'ok' })).toBeNull()
  await connection.close()
})

test('nobody there is unreachable; when somebody is, it connects', async () => {
  const connection = new Connection(path, 5_000)
  for (const _ of [1, 2, 3]) await expect(connection.call({ verb: 'a' })).rejects.toMatchObject({ kind: 'unreachable' })
  await listen(({ id }) => `{"id":${id},"ok":7}\n`)
  expect(await connection.call({ verb: 'a' })).toBe(7)
  await connection.close()
})

test.each(['{"id":1}\n'.replace('}', ',"fault":{"kind":"odd"}}'), 'no json\n', '[]\n'])(
  'an answer that is none (%j) breaks the connection',
  async (nonsense) => {
    await listen(() => nonsense)
    const connection = new Connection(path, 5_000)
    await expect(connection.call({ verb: 'a' })).rejects.toMatchObject({ kind: 'unreachable' })
    await connection.close()
  },
)

test('a fault comes with what it held', async () => {
  await listen(({ id }) => `{"id":${id},"fault":{"kind":"stale","message":"older","held":"1.2"}}\n`)
  const connection = new Connection(path, 5_000)
  await expect(connection.call({ verb: 'a' })).rejects.toMatchObject({
    kind: 'stale',
    message: 'older',
    detail: { held: '1.2' },
  })
  await connection.close()
})

test('closing ends what waits, and a closed one takes no more', async () => {
  await listen(() => undefined)
  const connection = new Connection(path, 5_000)
  const waiting = connection.call({ verb: 'a' }).catch((f) => f.kind)
  await until(() => received.includes('"a"'))
  await connection.close()
  expect(await waiting).toBe('unreachable')
  await expect(connection.call({ verb: 'b' })).rejects.toMatchObject({ kind: 'unreachable' })
})
