import type { IncomingMessage, ServerResponse } from 'node:http'
import express from 'express'
import { pino } from 'pino'
import { messagesOf } from '../../../src/http/born-express'
import { type Listening, listen } from '../../../src/http/server'

const born: { request: object; response: object }[] = []
let server: Listening
let app: express.Express

beforeAll(async () => {
  app = express()
  app.use((req, res) => void res.status(202).json({ path: req.path, host: req.hostname, same: res.req === req }))
  const messages = messagesOf(app)
  const watching = (req: IncomingMessage, res: ServerResponse): void => {
    born.push({ request: Object.getPrototypeOf(req), response: Object.getPrototypeOf(res) })
    app(req, res)
  }
  server = await listen(watching, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }), messages })
})
afterAll(() => server.close(0))

test('requests and answers have the prototypes that Express would give them before it sees them', async () => {
  await fetch(`http://127.0.0.1:${server.port}/compute/`)
  expect(born).toHaveLength(1)
  expect(born[0]?.request).toBe(app.request)
  expect(born[0]?.response).toBe(app.response)
})

test('they can do all that Express lets them do', async () => {
  const answer = await fetch(`http://127.0.0.1:${server.port}/compute/?number=5`)
  expect(answer.status).toBe(202)
  expect(await answer.json()).toEqual({ path: '/compute/', host: '127.0.0.1', same: true })
})

test('an application that has no such server is as Express made it', async () => {
  const plain = express()
  const before = [plain.request, plain.response]
  messagesOf(express())
  expect([plain.request, plain.response]).toEqual(before)
})
