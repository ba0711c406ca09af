/** The mixin `burst` of ours: what becomes of a compute at providers, said when it is made, shown as it was said but for its secret. */
import { PROVIDER_KINDS } from '../../../../src/model/providers/record'
import { keysOf, USER_DATA_KEY } from '../../../../src/model/providers/template'
import { openModel } from '../../../../src/occi'
import { BURST_ATTRIBUTES, sectionAttribute } from '../../../../src/occi/requests/burst'
import { COMPUTE_KIND, created, type OcciApp, occiApp } from '../../../support/occi-app'

const MIXIN = 'Category: burst; scheme="http://occi-gateway.org/occi/infrastructure/compute#"; class="mixin"'
let app: OcciApp
beforeEach(() => {
  app = occiApp()
})
const attribute = (name: string, value: string) => `X-OCCI-Attribute: org.occi-gateway.burst.${name}=${value}`
const lines = [
  MIXIN,
  attribute('regions', '"eu-west-1,eu-central-1"'),
  attribute('replaceable', 'true'),
  attribute('ec2.subnet', '"subnet-1"'),
  attribute('ec2.securitygroup', '"sg-1,sg-2"'),
  attribute('elastichosts.tier', '"ssd"'),
]

test('it reaches the order, and what GET returned can be PUT', async () => {
  const path = await created(app, ...lines)
  const sections = { ec2: { subnet: 'subnet-1', securityGroup: 'sg-1,sg-2' }, elastichosts: { tier: 'ssd' } }
  const burst = { regions: ['eu-west-1', 'eu-central-1'], replaceable: true, sections }
  expect(app.operations.orders).toEqual([expect.objectContaining({ burst })])
  for (const type of ['text/plain', 'application/occi+json']) {
    const { body } = await app.ask('get', path).set('Accept', type)
    expect(body).toContain('org.occi-gateway.burst.ec2.securitygroup')
    expect((await app.ask('put', path).set('Content-Type', type).send(body)).status).toBe(200)
  }
})

test('user data for one kind of provider is taken and never shown', async () => {
  const path = await created(app, MIXIN, attribute('ec2.userdata', '"#!/bin/sh hello"'))
  const userData = { ec2: Buffer.from('#!/bin/sh hello').toString('base64') }
  expect(app.operations.orders).toEqual([expect.objectContaining({ burst: { userData } })])
  const { body } = await app.ask('get', path).set('Accept', 'application/json')
  expect(body).not.toContain('userdata')
  expect(body).not.toContain(userData.ec2)
})

test.each([
  ['ec2.colour', '"red"', 404],
  ['azure.type', '"x"', 404],
  ['replaceable', '"perhaps"', 400],
])('%s=%s is refused by name, and nothing is ordered', async (name, value, code) => {
  const sent = app.ask('post', '/compute/').set('Content-Type', 'text/plain')
  const { status, body } = await sent.send([COMPUTE_KIND, MIXIN, attribute(name, value)].join('\n'))
  expect(status).toBe(code)
  expect(body).toContain(`org.occi-gateway.burst.${name}`)
  expect(app.operations.orders).toEqual([])
})

test('it is said once: another value later is refused by name', async () => {
  const path = await created(app, ...lines)
  const sent = app.ask('post', path).set('Content-Type', 'text/plain')
  const { status, body } = await sent.send([MIXIN, attribute('ec2.subnet', '"subnet-2"')].join('\n'))
  expect(status).toBe(501)
  expect(body).toContain('org.occi-gateway.burst.ec2.subnet')
})

test('the mixin announces each key of each section, and nothing else', () => {
  const found = openModel().find('http://occi-gateway.org/occi/infrastructure/compute#burst')
  const sections = PROVIDER_KINDS.flatMap((kind) =>
    [...keysOf(kind), USER_DATA_KEY].map((key) => sectionAttribute(kind, key)),
  )
  expect([...(found?.attributes.keys() ?? [])].toSorted()).toEqual(
    [...Object.values(BURST_ATTRIBUTES), ...sections].toSorted(),
  )
})
