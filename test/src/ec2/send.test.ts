/** What goes over the wire: packed for who takes it so, and many requests on one connection. */
import { Agent, request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { sign } from 'aws4'
import { texts } from '../../support/ec2-call'
import { ANNS_KEY, type Ec2Server, startEc2 } from '../../support/ec2-server'
import { fakeOperations } from '../../support/fake-operations'

let server: Ec2Server
beforeAll(async () => {
  server = await startEc2({ operations: fakeOperations() })
})
afterAll(() => server.stop())

interface Got {
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: Buffer
  /** The client's port: the same for requests on one connection. */
  readonly port: number | undefined
}

const ask = (action: string, accept?: string, agent?: Agent): Promise<Got> =>
  new Promise((resolve, reject) => {
    const path = `/?Action=${action}&Version=2016-11-15`
    const signed = sign({ host: server.host, method: 'GET', path, service: 'ec2', region: 'local-1' }, ANNS_KEY)
    const headers = { ...signed.headers, ...(accept === undefined ? {} : { 'accept-encoding': accept }) }
    const { hostname, port } = new URL(server.url)
    const sent = request({ hostname, port, path, headers, ...(agent ? { agent } : {}) }, (res) => {
      const chunks: Buffer[] = []
      const { localPort } = res.socket
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('end', () => resolve({ headers: res.headers, bytes: Buffer.concat(chunks), port: localPort }))
    })
    sent.on('error', reject)
    sent.end()
  })

test.each(['gzip', 'gzip, deflate, br', 'deflate, gzip;q=0.5', '*'])('packed for %s', async (accept) => {
  const plain = await ask('DescribeInstanceTypes')
  const packed = await ask('DescribeInstanceTypes', accept)
  expect(packed.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-length': String(packed.bytes.length),
    vary: 'Accept-Encoding',
  })
  expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2)
  const types = (xml: string) => texts(xml, 'instanceType')
  expect(types(gunzipSync(packed.bytes).toString('utf8'))).toEqual(types(plain.bytes.toString('utf8')))
})

test.each([undefined, 'identity', 'deflate', 'gzip;q=0', 'nonsense'])('as it is for %s', async (accept) => {
  const { headers, bytes } = await ask('DescribeInstanceTypes', accept)
  expect(headers).not.toHaveProperty('content-encoding')
  expect(bytes.toString('utf8')).toMatch(/^<\?xml/)
})

test('what is short is not packed', async () => {
  expect((await ask('DescribeRegions', 'gzip')).headers).not.toHaveProperty('content-encoding')
})

test('requests one after another share a connection', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ports = [await ask('DescribeRegions', undefined, agent), await ask('DescribeRegions', 'gzip', agent)]
  agent.destroy()
  expect(new Set(ports.map(({ port }) => port)).size).toBe(1)
})
