/** Where `project add` and `partner add` say that the site is. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startApp, type TestApp } from '../../../support/http'
import { startRedis, type TestRedis } from '../../../support/redis'
import { operatorAt, runCli } from '../../../support/run-cli'

const PROJECT = ['project', 'add', 'ann']
const PARTNER = ['partner', 'add', 'south', '--machines', '2', '--cores', '2', '--memory-mib', '4096']

let redis: TestRedis
let app: TestApp | undefined
beforeAll(async () => {
  redis = await startRedis()
})
afterEach(async () => {
  await app?.close()
  app = undefined
})
afterAll(() => redis.stop())

const told = async (at: { readonly url: string; readonly token: string }, words: readonly string[]): Promise<unknown> =>
  JSON.parse(await runCli(operatorAt(at), ...words, '--json'))

test.each([[PROJECT], [PARTNER]])('%j: at the public address, whatever its operator reaches it at', async (words) => {
  app = await startApp(redis, undefined, { publicUrl: 'https://cloud.example.org' })
  expect(await told(app, words)).toMatchObject({
    occiUrl: 'https://cloud.example.org/',
    ec2Url: 'https://cloud.example.org/ec2/',
    region: app.site.site,
    password: expect.any(String),
  })
})

test.each([[PROJECT], [PARTNER]])('%j: without one, where the gateway was asked', async (words) => {
  app = await startApp(redis)
  expect(await told(app, words)).toMatchObject({ occiUrl: `${app.url}/`, ec2Url: `${app.url}/ec2/` })
})

test.each([[PROJECT], [PARTNER]])('%j: nothing is made whose secrets could not be told', async (words) => {
  const asked: string[] = []
  const server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`)
    res.writeHead(404, { 'content-type': 'application/json' })
    res.end('{"code":"not-found","message":"the admin API has none"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const refused = told({ url: `http://127.0.0.1:${port}`, token: 'x' }, words)
  await expect(refused.finally(() => server.close())).rejects.toMatchObject({ kind: 'not-found' })
  expect(asked).toEqual(['GET /api/v1/site'])
})
