/** Public addresses at their paths and as links of computes, in every rendering: the same records as EC2's. */
import type { NetworkId } from '../../../../src/model/ids'
import { network } from '../../../support/fake-offers'
import { BASE, created, type OcciApp, occiApp } from '../../../support/occi-app'
import { attribute, goldenBut, inText, pathOf, RENDERINGS } from '../../../support/occi-text'

const POOL = 'dddddddd-0000-4000-8000-000000000009' as NetworkId
let app: OcciApp
beforeEach(() => {
  app = occiApp()
  const range = { cidr: '203.0.113.0/28', gateway: '203.0.113.1', subnet: 'subnet-00000000000000008' }
  const wish = { ...network.wish, ...range, name: 'public', title: 'Public', isPublic: true as const }
  app.operations.networks.set(POOL, { ...network, id: POOL, wish })
})

const { send, text } = inText(() => app.ask)
const golden = goldenBut('links')
const SCHEME = 'scheme="http://schemas.ogf.org/occi/infrastructure#"'
const RESERVATION = `Category: ipreservation; ${SCHEME}; class="kind"`
const OF_POOL = 'Category: public; scheme="http://schemas.openstack.org/network/floatingippool#"; class="mixin"'
const LINK = `Category: networkinterface; ${SCHEME}; class="kind"`
const FRESH = '/ipreservation/77777777-2222-4333-8444-555555555555'
const make = async (...lines: readonly string[]) => pathOf(await send('put', FRESH, RESERVATION, ...lines))
const ends = (compute: string, address: string) => [
  attribute('occi.core.source', BASE + compute),
  attribute('occi.core.target', BASE + address),
]
const link = (compute: string, address: string) => send('post', '/networkinterface/', LINK, ...ends(compute, address))

describe.each(RENDERINGS)('%s', (accept, extension) => {
  const get = (path: string) => app.ask('get', path).set('Accept', accept)

  test('made, shown, listed, linked, in use', async () => {
    const put = app.ask('put', FRESH).set('Content-Type', 'text/plain').set('Accept', accept)
    const lines = [RESERVATION, OF_POOL, attribute('occi.core.title', 'www')]
    golden(`ipreservation-created.${extension}`, await put.send(lines.join('\n')))
    golden(`ipreservation.${extension}`, await get(FRESH))
    golden(`ipreservations.${extension}`, await get('/ipreservation/'))
    const compute = await created(app)
    const post = app.ask('post', '/networkinterface/').set('Content-Type', 'text/plain').set('Accept', accept)
    const made = await post.send([LINK, ...ends(compute, FRESH)].join('\n'))
    golden(`ipreservation-linked.${extension}`, made)
    golden(`ipreservation-link.${extension}`, await get(pathOf(made)))
    golden(`ipreservation-used.${extension}`, await get(FRESH))
    golden(`ipreservation-in-use.${extension}`, await app.ask('delete', FRESH).set('Accept', accept))
  })
})

test('linked: the compute shows it; unlinked, it is free and can be given back', async () => {
  const [path, compute] = [await make(), await created(app)]
  const made = pathOf(await link(compute, path))
  expect(await text(compute)).toContain(`<${path}>`)
  expect((await link(await created(app), path)).status).toBe(409)
  const same = await send('put', made, await text(made))
  expect([same.status, same.body]).toEqual([200, await text(made)])
  expect((await app.ask('delete', made)).status).toBe(200)
  expect((await app.ask('get', made)).status).toBe(404)
  expect((await app.ask('delete', path)).status).toBe(200)
  expect((await app.ask('get', path)).status).toBe(404)
  expect(app.operations.addresses.size).toBe(0)
})

test('what was read is sent back; texts change, address and pool do not', async () => {
  const path = await make(OF_POOL, attribute('occi.ipreservation.address', '203.0.113.7'))
  expect(await text(path)).toContain('occi.ipreservation.address="203.0.113.7"')
  const same = await send('put', path, await text(path))
  expect([same.status, same.body]).toEqual([200, await text(path)])
  expect((await send('post', path, attribute('occi.core.title', 'www'))).status).toBe(200)
  expect(await text(path)).toContain('occi.core.title="www"')
  expect((await send('post', path, attribute('occi.ipreservation.address', '203.0.113.8'))).status).toBe(409)
})

test.each<[string, readonly string[], number]>([
  ['an address that somebody has', [attribute('occi.ipreservation.address', '203.0.113.7')], 409],
  ['no address', [attribute('occi.ipreservation.address', 'www')], 400],
  ['a pool that there is not', [OF_POOL.replace('public', 'private')], 404],
  ['another kind', ['Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'], 400],
])('refused: %s', async (_name, lines, status) => {
  await make(attribute('occi.ipreservation.address', '203.0.113.7'))
  expect((await send('post', '/ipreservation/', RESERVATION, ...lines)).status).toBe(status)
  expect(app.operations.addresses.size).toBe(1)
})

test("a site without a pool says so; another's reservation does not exist", async () => {
  const path = await make()
  for (const method of ['get', 'delete'] as const)
    expect((await app.ask(method, path).set('x-test-user', 'bob')).status).toBe(404)
  expect((await link(await created(app), '/ipreservation/77777777-2222-4333-8444-000000000000')).status).toBe(404)
  app.operations.networks.delete(POOL)
  expect((await send('post', '/ipreservation/', RESERVATION)).status).toBe(501)
})
