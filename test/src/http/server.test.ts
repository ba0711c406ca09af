import { Agent, get, type IncomingMessage } from 'node:http'
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
