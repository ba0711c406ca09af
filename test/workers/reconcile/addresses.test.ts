/** Which of its public addresses a machine's host is asked for. */
import type { AddressId, ComputeId, HostId, NetworkId } from '../../../src/model/ids'
import type { AddressRecord, ComputeRecord, PoolId, PublicWish } from '../../../src/model/records'
import { withFreeAddresses } from '../../../workers/reconcile/addresses'
import type { Work } from '../../../workers/reconcile/work'
import { computeRecord } from '../../support/compute-record'

const PROVIDER = 'provider-1' as HostId
const target = { interface: 'eni-1', mac: '02:00:00:00:00:01', privateAddress: '10.0.0.4', association: '', since: 0 }
const publicOf = (id: string, pool: PoolId, more: Partial<PublicWish> = {}): PublicWish => ({
  ...target,
  ...{ address: id as AddressId, name: `eipalloc-${id}`, ip: '198.51.100.7', pool },
  ...more,
})
const machine = (host: string, publics: readonly PublicWish[]): ComputeRecord =>
  computeRecord({ place: { host: host as HostId }, wish: { publics } })

/** Of which the machine is the holder, and which nobody else may have. */
const held = ({ id: compute, wish }: ComputeRecord): readonly AddressRecord[] =>
  (wish.publics ?? []).map(
    ({ address, ip }) =>
      ({
        id: address,
        wish: { ip, holder: { compute }, formers: [] as ComputeId[] },
        seen: null,
      }) as unknown as AddressRecord,
  )

async function wanted(record: ComputeRecord): Promise<readonly string[]> {
  const work = { store: { readMany: async () => held(record) } } as unknown as Work
  const { record: came } = await withFreeAddresses(work, record)
  return (came.wish.publics ?? []).map(({ address }) => address)
}

test('one of a provider’s is asked for there alone, one of the site’s own wherever the machine is', async () => {
  const own = publicOf('own', 'network-1' as NetworkId)
  const theirs = publicOf('theirs', PROVIDER, { atProvider: true })
  expect(await wanted(machine(PROVIDER, [theirs]))).toEqual(['theirs'])
  expect(await wanted(machine('host-1', [own, theirs]))).toEqual(['own'])
})

test('one that was taken down is not asked for', async () => {
  expect(await wanted(machine(PROVIDER, [publicOf('theirs', PROVIDER, { atProvider: true, down: true })]))).toEqual([])
})
