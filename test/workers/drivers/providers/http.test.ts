/** What comes back of one request to a provider. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openSender, type Sender } from '../../../../workers/drivers/providers/http'
import { faultOf } from '../../../contract/driver/bench'

let server: Server
let sender: Sender
let listed = 0
beforeAll(async () => {
  sender = openSender(5_000)
  server = createServer((_req, res) => {
    const locations = Array.from({ length: listed }, (_, at) => ['X-OCCI-Location', `/compute/${at}`])
    res.writeHead(200, [['Content-Type', 'text/occi'], ...locations].flat()).end('OK')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  sender.close()
  await new Promise((resolve) => server.close(resolve))
})

const asked = () => {
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/compute/`)
  return sender.send({ method: 'GET', url, headers: {} })
}

test('every header of an answer, however many there are: none is dropped unsaid', async () => {
  for (listed of [0, 999, 1_500, 3_000]) {
    const { rawHeaders, body } = await asked()
    expect(rawHeaders.filter((name) => name === 'X-OCCI-Location')).toHaveLength(listed)
    expect(body.toString()).toBe('OK')
  }
})

test('more bytes of headers than are read are a fault, and not a shorter list', async () => {
  listed = 10_000
  await faultOf(asked(), 'unreachable')
})
