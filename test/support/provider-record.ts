/** Accounts at providers for tests of placement and money. */
import type { ProviderType, ProviderWish } from '../../src/model/providers/record'
import type { HostRecord, HostSeen, SealedText } from '../../src/model/records'
import { accountCapacity } from '../../workers/drivers/providers/probe'
import { hostRecord } from './host-record'

/** The image that `providerRecord` has. */
export const THEIR_IMAGE = 'image-1'

export const typeOf = (
  name: string,
  cores: number,
  gib: number,
  price: number,
  count: number | null = null,
): ProviderType => ({ name, cores, memoryMiB: gib * 1024, diskGiB: null, price, count })

export const providerWish = (parts: Partial<ProviderWish> = {}): ProviderWish => ({
  region: 'eu-1',
  account: 'AKIAPROVIDER',
  secret: 'sealed' as SealedText,
  settings: {},
  types: [typeOf('small', 1, 1.7, 40_000, 5)],
  limits: { cores: null, memoryMiB: null },
  images: { [THEIR_IMAGE]: 'ami-theirs' },
  latencyMs: null,
  burstAfterMs: 0,
  currency: 'EUR',
  budget: null,
  ...parts,
})

/** As it is after its first poll. */
export function providerRecord(
  id: string,
  parts: Partial<ProviderWish> = {},
  seen: Partial<HostSeen> = {},
): HostRecord {
  const provider = providerWish(parts)
  return hostRecord(id, {
    wish: { name: `provider-${id}`, zone: 'cloud', driver: 'ec2', simulated: false, provider },
    seen: { capacity: accountCapacity(provider), foreign: [], capabilities: { lacks: [] }, ...seen },
  })
}
