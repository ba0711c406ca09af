/** What is sent in each rendering is what the gateway's own parser, and so any, reads. */
import { COMPUTE, COMPUTE_ACTIONS } from '../../../../../src/model/occi/names'
import { type Document, parseContent } from '../../../../../src/occi/parse'
import {
  type Content,
  type Described,
  describe as described,
  invoke,
  type Rendering,
  titled,
} from '../../../../../workers/drivers/providers/occi/api/write'
import { expectGolden } from '../../../../support/golden'

const RENDERINGS: readonly Rendering[] = ['application/occi+json', 'text/plain', 'text/occi']
const ORDER: Described = {
  kind: COMPUTE,
  id: '2b1d3a52-1f0e-4b0a-9f7e-0c5d6a3e7f0c',
  mixins: ['http://cloud.example.org/os#debian12', 'http://cloud.example.org/size#small'],
  title: 'og-local-1-i-0a',
  summary: 'record=r epoch=1.2 made=3',
  attributes: {
    'occi.compute.hostname': 'web1',
    'occi.credentials.ssh.publickey': 'ssh-ed25519 AAAA "me\\too", ünïcödé',
  },
  networks: ['/network/10'],
}

/** As a server reads it: Node gives headers as Latin-1. */
const received = ({ headers, body }: Content): Document =>
  parseContent({
    contentType: headers['content-type'],
    rawHeaders: Object.entries(headers).flat(),
    body: Buffer.from(body, 'utf8'),
  })

test.each(RENDERINGS)('an order in %s says all of it', (rendering) => {
  const { categories, attributes, links } = received(described(rendering, ORDER))
  expect(categories.map(({ id }) => id)).toEqual([ORDER.kind, ...ORDER.mixins])
  const told = Object.fromEntries(attributes.map(({ name, value }) => [name, value]))
  expect(told).toMatchObject({
    'occi.core.title': ORDER.title,
    'occi.core.summary': ORDER.summary,
    ...ORDER.attributes,
  })
  expect(links.map(({ target }) => target)).toEqual(ORDER.networks)
})

test.each(RENDERINGS)('an action in %s', (rendering) => {
  const { categories, attributes } = received(invoke(rendering, 'stop', { method: 'graceful' }))
  expect(categories).toMatchObject([{ id: `${COMPUTE_ACTIONS}stop`, class: 'action' }])
  expect(attributes).toMatchObject([{ name: 'method', value: 'graceful' }])
})

test.each(['text/plain', 'text/occi'] as const)(
  'a location that would end its link early is refused in %s',
  (rendering) => {
    for (const network of ['/network/1>; rel="x"', '/network/<1', '/a network', '/netzwerk/ü'])
      expect(() => described(rendering, { ...ORDER, networks: [network] })).toThrow(
        expect.objectContaining({ kind: 'refused', message: `network ${network} is no location` }),
      )
  },
)

test('as it goes over the wire', () => {
  expectGolden(
    'providers/occi-order.txt',
    RENDERINGS.map((rendering) => {
      const { headers, body } = described(rendering, { ...ORDER, attributes: { 'occi.compute.hostname': 'web1' } })
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
      return `${lines.join('\n')}\n\n${body}\n`
    }).join('\n--\n'),
  )
})

test('a filter by title is a header', () => {
  expect(titled('a "b"')).toEqual({ 'X-OCCI-Attribute': String.raw`occi.core.title="a \"b\""` })
})

test.each(['text/plain', 'text/occi'] as const)(
  'what %s cannot hold is refused by name, and never cut',
  (rendering) => {
    const order = { ...ORDER, attributes: { 'occi.compute.userdata': 'a\r\nX-Evil: 1' } }
    expect(() => described(rendering, order)).toThrow(
      expect.objectContaining({ kind: 'refused', message: expect.stringContaining('occi.compute.userdata') }),
    )
  },
)
