/** A reservation of a provider's address as OCCI shows it, before and after the provider has said which address it is. */
import type { AddressRecord } from '../../../../src/model/records'
import { addressEntity } from '../../../../src/occi/entities/ipreservation'
import type { AddressView } from '../../../../src/operations/addresses/operations'
import { providerRecord } from '../../../support/provider-record'

const provider = providerRecord('9')
const view = (ip: string | null): AddressView => ({
  record: {
    ...{ id: 'a1', project: 'p1', wish: { ip: '', pool: provider.id, atProvider: true, holder: null, title: null } },
    seen: ip === null ? null : { at: 1, ip, object: 'eipalloc-theirs', goneAt: null },
  } as unknown as AddressRecord,
  ...{ state: ip === null ? 'allocating' : 'free', message: ip === null ? 'its provider is asked for it' : null },
  ...{ pool: undefined, provider },
})
const attributesOf = (ip: string | null) =>
  Object.fromEntries(addressEntity(view(ip)).attributes.map(({ name, value }) => [name, value]))

test('it has no address until its provider has said which, and says why', () => {
  expect(attributesOf(null)).toEqual({
    'occi.ipreservation.used': false,
    'occi.ipreservation.state': 'inactive',
    'occi.ipreservation.state.message': 'its provider is asked for it',
  })
  expect(attributesOf('198.51.100.7')).toEqual({
    'occi.ipreservation.address': '198.51.100.7',
    'occi.ipreservation.used': false,
    'occi.ipreservation.state': 'inactive',
  })
})

test('its pool is the zone that its provider is', () => {
  expect(addressEntity(view(null)).mixins).toEqual([expect.stringMatching(/floatingippool#cloud$/)])
})
