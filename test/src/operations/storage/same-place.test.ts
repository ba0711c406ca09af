/** Which volumes can hang on a machine at a provider: those that are or come to be in the same account and zone there; all else is refused by name. */
import type { HostId } from '../../../../src/model/ids'
import type { Context } from '../../../../src/operations/context'
import { checkSamePlace } from '../../../../src/operations/storage/attach'
import { EC2_LACKS } from '../../../../workers/drivers/providers/ec2/lacks'
import { PROVIDER_LACKS } from '../../../../workers/drivers/providers/lacking'
import { computeRecord, placed, sighting } from '../../../support/compute-record'
import { providerRecord } from '../../../support/provider-record'
import { type StorageParts, storageRecord } from '../../../support/storage-record'

const AWAY = 'ec2-eu' as HostId
const there = { ...placed, host: AWAY, hostName: 'ec2-eu', zone: 'cloud', offer: { type: 'small', price: 1 } }
const lying = { host: AWAY, hostName: 'ec2-eu', zone: 'cloud', simulated: false, at: 1 }
const given = { object: 'i-their', zone: 'eu-1b', addresses: [] }
const machine = computeRecord({
  place: there,
  seen: { starts: 1, machine: sighting('running', { whole: true, given }) },
})

const check =
  (volume: StorageParts, lacks = EC2_LACKS) =>
  (): void => {
    const host = providerRecord(AWAY, {}, { capabilities: { lacks } })
    const mirror = { get: (kind: string) => (kind === 'host' ? host : undefined) }
    checkSamePlace({ mirror } as unknown as Context, storageRecord(volume), machine)
  }
const refusal = (kind: string, message: RegExp) =>
  expect.objectContaining({ kind, message: expect.stringMatching(message) })

test.each<[string, StorageParts]>([
  ['was made nowhere yet', {}],
  ['was made nowhere yet and is wanted in the zone of the provider', { wish: { zone: 'cloud' } }],
  ['lies there in its zone', { place: lying, seen: { madeAt: 1, sizeGiB: 10, zoneThere: 'eu-1b' } }],
  ['lies there, and nobody knows the zone', { place: lying, seen: { madeAt: 1, sizeGiB: 10 } }],
])('one that %s may', (_what, volume) => {
  expect(check(volume)).not.toThrow()
})

test.each<[string, StorageParts, ReturnType<typeof refusal>]>([
  [
    'lies on a host of the site',
    { place: { ...lying, host: 'host-1' as HostId, zone: null }, seen: { madeAt: 1, sizeGiB: 10 } },
    refusal('conflict', /lies on another host/),
  ],
  ['is wanted in another zone', { wish: { zone: 'local-1a' } }, refusal('conflict', /is in local-1a, .* in cloud$/)],
  [
    'lies in another zone there',
    { place: lying, seen: { madeAt: 1, sizeGiB: 10, zoneThere: 'eu-1a' } },
    refusal('conflict', /^the volume vol-\S+ is in eu-1a at its provider, the machine i-\S+ in eu-1b$/),
  ],
  [
    'is to be made of a snapshot',
    { wish: { source: { snapshot: 'snap-1', on: 'snap-1', file: null } as never } },
    refusal('unsupported', /its disk lies at a provider, not in the image store$/),
  ],
])('one that %s may not', (_what, volume, refused) => {
  expect(check(volume)).toThrow(refused)
})

test('where a provider has no volumes it is refused with the reason', () => {
  expect(check({}, PROVIDER_LACKS)).toThrow(refusal('unsupported', /cannot hang on a machine at a provider$/))
})
