/** The mixin `lease` of ours: when a compute needs its place, said when it is made, shown as it was said. */
import { COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'

const MIXIN = 'Category: lease; scheme="http://occi-gateway.org/occi/infrastructure/compute#"; class="mixin"'
let app: OcciApp
beforeEach(() => {
  app = occiApp()
})
const attribute = (name: string, value: string) => `X-OCCI-Attribute: org.occi-gateway.lease.${name}=${value}`
const lines = [
  MIXIN,
  attribute('start', '"2036-12-01T09:00:00+01:00"'),
  attribute('duration', '"90m"'),
  attribute('group', '"pair"'),
  attribute('members', '2'),
]

test('it reaches the order, and is shown in every rendering', async () => {
  const path = await created(app, ...lines)
  const lease = { start: Date.parse('2036-12-01T08:00:00Z'), seconds: 5400, group: { name: 'pair', members: 2 } }
  expect(app.operations.orders).toEqual([expect.objectContaining({ lease })])
  const { mixins, attributes } = JSON.parse((await app.ask('get', path).set('Accept', 'application/json')).body)
  expect(mixins).toContain('http://occi-gateway.org/occi/infrastructure/compute#lease')
  expect(attributes).toMatchObject({
    'org.occi-gateway.lease.start': '2036-12-01T08:00:00Z',
    'org.occi-gateway.lease.duration': '5400s',
    'org.occi-gateway.lease.atend': 'stop',
    'org.occi-gateway.lease.members': 2,
  })
  for (const type of ['text/plain', 'application/occi+json']) {
    const { body } = await app.ask('get', path).set('Accept', type)
    expect(body).toContain('2036-12-01T08:00:00Z')
    // What GET returned can be PUT.
    expect((await app.ask('put', path).set('Content-Type', type).send(body)).status).toBe(200)
  }
})

test.each([
  ['start', '"soon"'],
  ['duration', '"1 hour"'],
  ['deadline', '"tomorrow"'],
  ['atend', '"hibernate"'],
  ['members', '0'],
  ['preemptible', '"perhaps"'],
])('%s=%s is refused by name', async (name, value) => {
  const sent = app.ask('post', '/compute/').set('Content-Type', 'text/plain')
  const { status, body } = await sent.send([COMPUTE_KIND, MIXIN, attribute(name, value)].join('\n'))
  expect(status).toBe(400)
  expect(body).toContain(`org.occi-gateway.lease.${name}`)
  expect(app.operations.orders).toEqual([])
})
