/** What every figure stands beside: Express alone, sending the bytes of a file from a Buffer, whatever is asked. */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { serveParent } from './server'

const app = express()
app.disable('x-powered-by')
app.set('etag', false)
let bytes = Buffer.alloc(0)
let type = 'text/plain'
let headers: Readonly<Record<string, string>> = {}
app.use((_req, res) => {
  res.set(headers).type(type).send(bytes)
})
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  server.keepAliveTimeout = 65_000
  serveParent(port, (order) => {
    bytes = readFileSync(String(order.file))
    type = String(order.type)
    headers = typeof order.header === 'string' ? { [order.header]: String(order.value) } : {}
  })
})
