/** What a client of an EC2 service does with answers that have no end. */
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HostId } from '../../../../../src/model/ids'
import type { HostTarget } from '../../../../../workers/drivers/driver'
import { type Accounts, openAccounts } from '../../../../../workers/drivers/providers/ec2/client'
import { faultOf } from '../../../../contract/driver/bench'

const MOST_BYTES = 256 * 1024
const XML = '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet/>'
const END = '</DescribeInstancesResponse>'

let server: Server
let accounts: Accounts
let answers: (response: ServerResponse) => void
beforeAll(async () => {
  accounts = openAccounts(10_000, MOST_BYTES)
  server = createServer((request, response) => {
    request.resume()
    answers(response.writeHead(200, { 'content-type': 'text/xml' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  accounts.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const list = () => {
  const host: HostTarget = {
    id: 'h-1' as HostId,
    name: 'h-1',
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    provider: {
      ...{ region: 'r-1', settings: {}, types: [], images: {}, limits: { cores: null, memoryMiB: null } },
      credentials: () => ({ account: 'AKIA', secret: 'secret' }),
    },
  }
  return accounts.of(host)((sdk, client, abortSignal) =>
    client.send(new sdk.DescribeInstancesCommand({}), { abortSignal }),
  )
}

test('an answer that is as long as may be is read', async () => {
  answers = (response) => response.end(XML + ' '.repeat(MOST_BYTES - XML.length - END.length) + END)
  expect(await list()).toMatchObject({ Reservations: [] })
})

test('one that goes on is read no further, and its connection ends', async () => {
  let closed: Promise<unknown> = Promise.resolve()
  answers = (response) => {
    closed = once(response, 'close')
    response.write(XML)
    const more = (): void => {
      while (!response.destroyed && response.write(' '.repeat(16 * 1024)));
    }
    response.on('drain', more)
    more()
  }
  const fault = await faultOf(list(), 'unreachable')
  expect(fault.message).toBe('its provider answers with more than can be read')
  await closed
})
