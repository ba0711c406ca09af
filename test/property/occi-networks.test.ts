/** Sending back what was read changes nothing: networks, the site’s and those of projects, in every rendering. */
import fc from 'fast-check'
import { formatIpv4 } from '../../src/model/addresses'
import { parseHeaders, parseTextPlain } from '../../src/model/occi/text'
import type { NetworkRecord } from '../../src/model/records'
import { Member } from '../../src/occi/entities/member'
import { networkEntity } from '../../src/occi/entities/network'
import { openModel } from '../../src/occi/model'
import { catalogueOf } from '../../src/occi/model/catalogue'
import type { Document } from '../../src/occi/parse'
import { parseJson } from '../../src/occi/parse/json'
import { jsonEntity } from '../../src/occi/render/json'
import { textOcci } from '../../src/occi/render/text-occi'
import { plainEntity } from '../../src/occi/render/text-plain'
import { networkChange, networkOrder, networkValues } from '../../src/occi/requests/network-values'
import { PROJECT } from '../support/callers'
import { network } from '../support/fake-offers'

const model = openModel()
const ground = { model, catalogue: catalogueOf(model, []) }
const words = fc.stringMatching(/^[\x20-\x7e]{1,30}$/).filter((text) => text.trim() !== '')
const cidr = fc
  .tuple(fc.integer({ min: 8, max: 30 }), fc.integer({ min: 2 ** 24, max: 2 ** 31 }))
  .map(([bits, start]) => `${formatIpv4(start - (start % 2 ** (32 - bits)))}/${bits}`)

const record: fc.Arbitrary<NetworkRecord> = fc
  .record({
    title: fc.oneof(fc.constant(''), words),
    summary: fc.option(words, { nil: undefined }),
    label: fc.option(fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/), { nil: undefined }),
    allocation: fc.option(fc.constant('static' as const), { nil: undefined }),
    cidr,
    gateway: fc.constantFrom('', '10.9.0.1'),
    vlan: fc.integer({ min: 1, max: 4094 }),
    up: fc.boolean(),
    own: fc.boolean(),
    state: fc.constantFrom('active' as const, 'inactive' as const),
  })
  .map(({ own, state, summary, label, allocation, ...wish }) => ({
    ...network,
    project: own ? PROJECT : null,
    wish: {
      ...network.wish,
      ...wish,
      ...(summary === undefined ? {} : { summary }),
      ...(label === undefined ? {} : { label }),
      ...(allocation === undefined ? {} : { allocation }),
    },
    seen: { state },
  }))

const readers: readonly (readonly [string, (one: NetworkRecord) => Document])[] = [
  ['text/plain', (one) => parseTextPlain(plainEntity(networkEntity(one, '1.2')))],
  ['JSON', (one) => parseJson(jsonEntity(networkEntity(one, '1.2')))],
  [
    'text/occi',
    (one) => {
      const member = new Member('/network/x', 'resources', (version) => networkEntity(one, version))
      return parseHeaders(Object.entries(textOcci.entity(member, { base: 'http://x', version: '1.2' }).headers).flat())
    },
  ],
]

test.each(readers)('a network in %s that is sent back whole or in part is no change', (_name, reread) => {
  fc.assert(
    fc.property(record, fc.constantFrom('whole' as const, 'partial' as const), (one, how) => {
      const values = networkValues(reread(one), ground, networkEntity(one, '1.2'), how)
      expect(networkChange(one, values, how)).toEqual({})
    }),
    { numRuns: 200 },
  )
})

test.each(readers)('a network in %s orders the same network', (_name, reread) => {
  fc.assert(
    fc.property(record, (one) => {
      const { title, summary, label, gateway, allocation } = one.wish
      const said = { title: title || (one.project === null ? one.wish.name : ''), summary, label, gateway, allocation }
      const filled = Object.fromEntries(Object.entries(said).filter(([, value]) => value))
      const order = networkOrder(networkValues(reread(one), ground, undefined, 'whole'))
      expect(order).toEqual({ ...filled, cidr: one.wish.cidr, vlan: one.wish.vlan })
    }),
    { numRuns: 200 },
  )
})
