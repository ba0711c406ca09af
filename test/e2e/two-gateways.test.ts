/** Two gateway processes on one Redis: each shows at once what the other acknowledged. */
import { newData, removeData, startSecondGateway, startUp, type Up } from '../support/gateway-process'
import { COMPUTE_CATEGORY, listUrls, occiClient } from '../support/occi-client'

const data = newData()
let up: Up
let second: Awaited<ReturnType<typeof startSecondGateway>>

beforeAll(async () => {
  up = await startUp(data)
  second = await startSecondGateway(up)
})
afterAll(async () => {
  await second.end()
  await up.end('SIGINT')
  removeData(data)
})

const path = (url: string) => new URL(url).pathname

test('a machine made at one is in the other’s next answer, and gone from it once deleted', async () => {
  const here = occiClient(up.session())
  const there = occiClient(up.session(), `${second.url}/`)
  for (let round = 0; round < 15; round++) {
    const [maker, reader] = round % 2 === 0 ? [here, there] : [there, here]
    const made = await maker('POST', 'compute/', { 'content-type': 'text/occi', category: COMPUTE_CATEGORY })
    const name = path(made.headers.get('location') ?? '')
    expect((await listUrls(reader)).map(path)).toContain(name)
    expect((await reader('GET', name)).status).toBe(200)
    expect((await reader('DELETE', name)).status).toBe(200)
    expect((await listUrls(maker)).map(path)).not.toContain(name)
    expect((await maker('GET', name)).status).toBe(404)
  }
})

test('the second one ends in order, the first goes on', async () => {
  await second.end()
  await expect(fetch(`${second.url}/healthz`)).rejects.toThrow()
  expect(await listUrls(occiClient(up.session()))).toEqual([])
  second = await startSecondGateway(up)
  expect((await fetch(`${second.url}/readyz`)).status).toBe(200)
})
