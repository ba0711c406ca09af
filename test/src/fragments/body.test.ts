import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Body, endWith, textOf } from '../../../src/fragments/body'

async function sent(body: Body, method = 'GET'): Promise<Response> {
  const server = createServer((_req, res) => endWith(res, body)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { method })
    const text = await answer.text()
    return new Response(text, { headers: answer.headers })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const runs = ['one ', 'zwö ', 'three'].map((text) => Buffer.from(text, 'utf8'))

test.each<readonly [string, Body, string]>([
  ['a text', 'täxt', 'täxt'],
  ['no text', '', ''],
  ['runs', runs, 'one zwö three'],
  ['one run', runs.slice(1, 2), 'zwö '],
  ['no runs', [], ''],
])('%s is sent whole, with its length in bytes', async (_what, body, text) => {
  const answer = await sent(body)
  expect(await answer.text()).toBe(text)
  expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  expect(textOf(body)).toBe(text)
})

test('HEAD gets the length and nothing else', async () => {
  const answer = await sent(runs, 'HEAD')
  expect(await answer.text()).toBe('')
  expect(answer.headers.get('content-length')).toBe('14')
})
