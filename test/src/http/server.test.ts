import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { listen } from '../../../src/http/server'
import { until } from '../../support/until'

const log = pino({ level: 'silent' })
const options = { host: '127.0.0.1', port: 0, log }

const ask = (port: number, agent: Agent): Promise<{ readonly status: number; readonly text: string }> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent }, (answer: IncomingMessage) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += String(chunk)
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    }).on('error', reject)
  })

it('closing lets answers under way go out, and takes nothing new', async () => {
  let answer: () => void = () => undefined
  let asked = 0
  const server = await listen((_req, res) => {
    asked++
    answer = () => void res.end('done')
  }, options)
  const agent = new Agent({ keepAlive: true })
  const waiting = ask(server.port, agent)
  await until(() => asked === 1)
  const closed = server.close(10_000)
  await expect(ask(server.port, new Agent())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  answer()
  expect(await waiting).toEqual({ status: 200, text: 'done' })
  // The client would keep its connection; it is let go as soon as it is idle.
  const startedAt = performance.now()
  await closed
  expect(performance.now() - startedAt).toBeLessThan(2_000)
  agent.destroy()
})

it('cuts what does not end in time', async () => {
  let asked = 0
  const server = await listen(() => {
    asked++
  }, options)
  const waiting = ask(server.port, new Agent()).catch((error: NodeJS.ErrnoException) => error.code)
  await until(() => asked === 1)
  await server.close(50)
  expect(await waiting).toBe('ECONNRESET')
})

it('names a port that is taken and an address that is none', async () => {
  const server = await listen((_req, res) => void res.end(), options)
  await expect(listen(() => undefined, { ...options, port: server.port })).rejects.toMatchObject({
    kind: 'in-use',
    message: expect.stringContaining(String(server.port)),
  })
  await expect(listen(() => undefined, { ...options, host: '203.0.113.1' })).rejects.toMatchObject({
    kind: 'invalid',
    detail: { field: 'listen' },
  })
  await server.close(100)
})

it.each([
  ['http://[::x/compute/?a=b', '/compute/?a=b'],
  ['http://host', '/'],
  ['http://host?x=1', '/?x=1'],
  ['/http://host/x', '/http://host/x'],
  ['*', '*'],
])('the target %s is %s to the fronts, whatever host it names', async (target, url) => {
  const server = await listen((req, res) => void res.end(req.url), options)
  const socket = connect(server.port, '127.0.0.1')
  socket.end(`OPTIONS ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`)
  const answer = await text(socket)
  await server.close(100)
  expect(answer.split('\r\n\r\n')[1]).toContain(url)
  expect(answer).toMatch(/^HTTP\/1.1 200 /)
})

it('every header comes to the fronts, however many there are, as far as their bytes reach', async () => {
  const server = await listen((req, res) => void res.end(String(req.rawHeaders.length / 2)), options)
  const asked = async (headers: number): Promise<string> => {
    const socket = connect(server.port, '127.0.0.1')
    const lines = Array.from({ length: headers }, (_, number) => `x-${number}: ${number}`)
    socket.end(['GET / HTTP/1.1', 'Host: h', 'Connection: close', ...lines, '', ''].join('\r\n'))
    return text(socket)
  }
  expect(await asked(3_000)).toMatch(/\r\n3002$/)
  await server.close(100)
})
