import type { ComputeId } from '../../src/model/ids'
import type { MachineSighting } from '../../src/model/machine'
import type { ComputeWish } from '../../src/model/records'

/** What its host would show once the wish is fulfilled. */
export function fulfilled(wish: ComputeWish, id: ComputeId): MachineSighting {
  const domain = wish.power === 'on' ? 'running' : wish.power === 'suspended' ? 'saved' : 'off'
  return {
    name: wish.name,
    id,
    domain,
    disks: wish.disks.map((disk) => ({ name: `${wish.name}-root`, sizeGiB: disk.sizeGiB, attached: true })),
    interfaces: wish.interfaces.map((one) => one.mac),
    work: null,
    startedAt: domain === 'running' ? wish.createdAt : null,
  }
}
