/** What a host's list call told of use goes into its windows: beside the records, so that no event is told of it. */
import { flowsOf, type Owner } from '../../src/model/accounts'
import type { HostId } from '../../src/model/ids'
import { advance, type HostUsage } from '../../src/model/usage'
import type { Work } from './work'

/**
 * Also of a host that tells no use: when it answered last is known by it. Of machines only those that have their place there
 * (`owners`: by name). One look fewer is no harm: where another worker wrote meanwhile, its look stands.
 */
export async function keepUsage(
  { store }: Pick<Work, 'store'>,
  host: HostId,
  usage: HostUsage | undefined,
  { owners, at }: { readonly owners: ReadonlyMap<string, Owner>; readonly at: number },
): Promise<void> {
  const [former = null] = await store.readUsage([host], 'machines')
  const known = usage && { ...usage, machines: usage.machines.filter(({ name }) => owners.has(name)) }
  const { window, points } = advance(host, former, known ?? null, at)
  if (window !== former) await store.keepUsage(host, former, window, points, flowsOf(host, former, window, owners))
}
