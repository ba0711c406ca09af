/** The mixin `placement` of ours: where a compute is to be, said when it is made, shown as it was said. */
import { COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'

const MIXIN = 'Category: placement; scheme="http://occi-gateway.org/occi/infrastructure/compute#"; class="mixin"'
const REQUIREMENTS = 'RACK = "r1" & NAME != "x\\"'
let app: OcciApp
beforeEach(() => {
  app = occiApp()
})
const attribute = (name: string, value: string) => `X-OCCI-Attribute: org.occi-gateway.placement.${name}=${value}`
const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const lines = [
  MIXIN,
  attribute('requirements', quoted(REQUIREMENTS)),
  attribute('policy', '"packing"'),
  attribute('priority', '7'),
]
const shown = async (path: string) => JSON.parse((await app.ask('get', path).set('Accept', 'application/json')).body)

test('it reaches the order, and is shown in every rendering', async () => {
  const path = await created(app, ...lines)
  const wish = { requirements: REQUIREMENTS, policy: 'packing', priority: 7 }
  expect(app.operations.orders).toEqual([expect.objectContaining({ placement: wish })])
  const { mixins, attributes } = await shown(path)
  expect(mixins).toContain('http://occi-gateway.org/occi/infrastructure/compute#placement')
  expect(attributes).toMatchObject({
    'org.occi-gateway.placement.requirements': REQUIREMENTS,
    'org.occi-gateway.placement.policy': 'packing',
    'org.occi-gateway.placement.priority': 7,
  })
  expect(attributes).not.toHaveProperty('org.occi-gateway.placement.rank')
  for (const type of ['text/plain', 'application/occi+json']) {
    const { body } = await app.ask('get', path).set('Accept', type)
    expect(body).toContain(type === 'text/plain' ? quoted(REQUIREMENTS) : JSON.stringify(REQUIREMENTS))
    // What GET returned can be PUT.
    expect((await app.ask('put', path).set('Content-Type', type).send(body)).status).toBe(200)
  }
})

test('it is given once: another value later is refused by name', async () => {
  const path = await created(app, ...lines)
  const sent = app.ask('post', path).set('Content-Type', 'text/plain')
  const { status, body } = await sent.send([MIXIN, attribute('priority', '8')].join('\n'))
  expect(status).toBe(501)
  expect(body).toContain('org.occi-gateway.placement.priority')
})

test.each([
  ['mode', '"haizea"'],
  ['priority', '101'],
  ['priority', '"high"'],
])('%s=%s is refused by name', async (name, value) => {
  const sent = app.ask('post', '/compute/').set('Content-Type', 'text/plain')
  const { status, body } = await sent.send([COMPUTE_KIND, MIXIN, attribute(name, value)].join('\n'))
  expect(status).toBe(400)
  expect(body).toContain(`org.occi-gateway.placement.${name}`)
  expect(app.operations.orders).toEqual([])
})
