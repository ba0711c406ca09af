import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import express, { type ErrorRequestHandler } from 'express'
import { pino } from 'pino'
import { asFault } from '../../../src/faults'
import { MOST_BODY_BYTES, readBody, refuse } from '../../../src/http/read-body'
import { type Listening, listen } from '../../../src/http/server'
import { until } from '../../support/until'

let server: Listening
beforeEach(async () => {
  const app = express()
  app.use(readBody(), refuse, (req, res) => void res.send(String(Buffer.isBuffer(req.body) ? req.body.length : 0)))
  const told: ErrorRequestHandler = (thrown, _req, res, _next) => void res.status(413).send(asFault(thrown).kind)
  app.use(told)
  server = await listen(app, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
})
afterEach(() => server.close(0))

/** A connection, and what it was answered so far. */
async function opened(...heads: readonly string[]) {
  const socket = connect(server.port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += String(chunk)
  })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(['POST / HTTP/1.1', 'Host: h', ...heads, '', ''].join('\r\n'))
  return { socket, answer: () => answer }
}
const MIB = Buffer.alloc(MOST_BODY_BYTES, 'x')
const chunk = (socket: Socket, bytes: Buffer) => {
  socket.write(`${bytes.length.toString(16)}\r\n`)
  socket.write(bytes)
  socket.write('\r\n')
}

it('an over-long chunked body is refused as soon as it is, however long it goes on', async () => {
  const { socket, answer } = await opened('Transfer-Encoding: chunked')
  const began = performance.now()
  // Not `once`: what is sent after the cut may end in an error first.
  const cut = new Promise((resolve) => socket.once('close', resolve))
  chunk(socket, MIB)
  expect(answer()).toBe('')
  chunk(socket, Buffer.from('y'))
  await until(() => answer().includes('too-large'))
  expect(answer()).toMatch(/^HTTP\/1.1 413 /)
  expect(performance.now() - began).toBeLessThan(5_000)
  // It goes on sending: what comes is thrown away for a short while, then the connection is cut.
  const sending = setInterval(() => chunk(socket, Buffer.from('z')), 20)
  await cut.finally(() => clearInterval(sending))
  expect(performance.now() - began).toBeLessThan(15_000)
}, 20_000)

it('the connection serves on when the over-long body ends soon', async () => {
  const { socket, answer } = await opened('Transfer-Encoding: chunked')
  chunk(socket, Buffer.concat([MIB, MIB]))
  await until(() => answer().includes('too-large'))
  socket.write('0\r\n\r\n')
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc')
  await until(() => answer().endsWith('3'))
  socket.destroy()
})

it('a body that says that it is too long is refused before it comes', async () => {
  const { socket, answer } = await opened(`Content-Length: ${MOST_BODY_BYTES + 1}`)
  await until(() => answer().includes('too-large'))
  socket.destroy()
})

it('a body of the greatest length is read, whole or in pieces', async () => {
  const whole = await opened(`Content-Length: ${MOST_BODY_BYTES}`)
  whole.socket.write(MIB)
  const pieces = await opened('Transfer-Encoding: chunked')
  for (let at = 0; at < MIB.length; at += 65_536) chunk(pieces.socket, MIB.subarray(at, at + 65_536))
  pieces.socket.write('0\r\n\r\n')
  for (const { answer, socket } of [whole, pieces]) {
    await until(() => answer().endsWith(String(MOST_BODY_BYTES)))
    expect(answer()).toMatch(/^HTTP\/1.1 200 /)
    socket.destroy()
  }
})

it('a compressed body counts by what it holds', async () => {
  for (const [bytes, told] of [
    [MIB, String(MOST_BODY_BYTES)],
    [Buffer.concat([MIB, MIB]), 'too-large'],
  ] as const) {
    const packed = gzipSync(bytes)
    const { socket, answer } = await opened(`Content-Length: ${packed.length}`, 'Content-Encoding: gzip')
    socket.write(packed)
    await until(() => answer().endsWith(told))
    socket.destroy()
  }
})

it('requests without a body go on at once, and the next one on the same connection too', async () => {
  const { socket, answer } = await opened('Content-Length: 0')
  await until(() => answer().includes('200'))
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc')
  await until(() => answer().endsWith('3'))
  socket.destroy()
})
