/** Public addresses of a provider by OCCI: the mixin of its zone, a reservation that is there at once, and what can be done with it until it has its address. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostId } from '../../../src/model/ids'
import { FLOATINGIPPOOL_SCHEME } from '../../../src/occi/model/names'
import { OPERATOR } from '../../support/gateways'
import { basicOf, startApp, type TestApp } from '../../support/http'
import { startRedis, type TestRedis } from '../../support/redis'

const POOL = `ec2-eu;scheme="${FLOATINGIPPOOL_SCHEME}";class="mixin"`
const KIND = 'ipreservation; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'
const ID = 'e1f0a3f4-9d0c-4a57-8d0e-1d3b5f7a9c21'

let redis: TestRedis
let app: TestApp
let auth: Readonly<Record<string, string>>
let pool: HostId
beforeAll(async () => {
  redis = await startRedis()
  app = await startApp(redis)
  auth = basicOf('ann', (await app.site.project('ann')).password)
  const provider = await app.operations.addProvider(OPERATOR, {
    ...{ name: 'amazon-eu', kind: 'ec2', endpoint: 'https://ec2.eu-west-1.amazonaws.com', region: 'eu-west-1' },
    ...{ zone: 'ec2-eu', account: 'AKIAEXAMPLE', secret: 'secret', settings: { addresses: '2' } },
  })
  pool = provider.id
})
afterAll(async () => {
  await app.close()
  await redis.stop()
})

async function occi(method: string, path: string, headers: Readonly<Record<string, string>> = {}) {
  const all = { ...auth, Accept: 'text/plain', 'Content-Type': 'text/occi', ...headers }
  const answer = await fetch(`${app.url}${path}`, { method, headers: all })
  return { status: answer.status, text: await answer.text() }
}
const order = (more: Readonly<Record<string, string>> = {}) => ({ Category: `${KIND}, ${POOL}`, ...more })
const chosen = { 'X-OCCI-Attribute': 'occi.ipreservation.address="198.51.100.7"' }

test('a reservation of the zone’s pool is there at once, without an address, until it is given back', async () => {
  expect((await occi('GET', '/-/')).text.replaceAll('; ', ';')).toContain(POOL)
  expect(await occi('POST', '/ipreservation/', order(chosen))).toMatchObject({ status: 501 })
  expect(await occi('PUT', `/ipreservation/${ID}`, order())).toMatchObject({ status: 201 })
  const { status, text } = await occi('GET', `/ipreservation/${ID}`)
  expect(status).toBe(200)
  expect(text).toContain('floatingippool#')
  expect(text).toContain('occi.ipreservation.state="inactive"')
  expect(text).toContain('its provider is asked for it')
  expect(text).not.toContain('occi.ipreservation.address=')
  expect((await app.site.store.read('address', ID))?.wish).toMatchObject({ atProvider: true, pool, ip: '' })
  // What it has not yet cannot be said to be another one.
  expect(await occi('POST', `/ipreservation/${ID}`, { ...chosen, Category: KIND })).toMatchObject({ status: 409 })
  expect((await occi('POST', '/ipreservation/', order())).status).toBe(201)
  // As many as the operator lets be leased.
  const full = await occi('POST', '/ipreservation/', order())
  expect(full).toMatchObject({ status: 409, text: expect.stringContaining('all 2 public addresses') })

  expect((await occi('DELETE', `/ipreservation/${ID}`)).status).toBe(200)
  expect((await occi('GET', `/ipreservation/${ID}`)).status).toBe(404)
  expect((await occi('DELETE', `/ipreservation/${ID}`)).status).toBe(404)
  // Its provider has not taken it back yet.
  const again = await occi('PUT', `/ipreservation/${ID}`, order())
  expect(again).toMatchObject({ status: 409, text: expect.stringContaining('still on its way back') })
})

test('the page about providers names that mixin as it is', () => {
  const page = readFileSync(join(__dirname, '../../../docs/bursting.md'), 'utf8')
  expect(/http:\/\/\S+#ec2-eu/.exec(page)?.[0]).toBe(`${FLOATINGIPPOOL_SCHEME}ec2-eu`)
})
