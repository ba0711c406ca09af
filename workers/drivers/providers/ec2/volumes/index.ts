/** The disk verbs of the driver: EC2 has disks that come and go by themselves, so it has those that providers otherwise lack. */
import { fault } from '../../../../../src/faults'
import type { Driver, EffectTicket, HostTarget } from '../../../driver'
import { lacking } from '../../lacking'
import type { Accounts } from '../client'
import { DONE } from '../create'
import { attachVolume, detachVolume } from './hang'
import { type Asked, ensureVolume, growVolume, removeVolume } from './make'

/** `vol-…` of ours; a machine's root disk comes and goes with the machine. */
export const isVolume = (name: string): boolean => name.startsWith('vol-')

export function volumeVerbs(site: string, accounts: Accounts): Driver['disk'] {
  const asked = (host: HostTarget, ticket: EffectTicket): Asked => ({ call: accounts.of(host), site, ticket })
  return {
    ensure: async (host, ticket, order) => {
      if (!isVolume(order.name)) throw fault('unsupported', 'at a provider a machine comes with its disk')
      return ensureVolume(asked(host, ticket), order)
    },
    remove: async (host, ticket, name) => (isVolume(name) ? removeVolume(asked(host, ticket), name) : DONE),
    attach: (host, ticket, disk) => attachVolume(asked(host, ticket), disk),
    detach: (host, ticket, name) => detachVolume(asked(host, ticket), name),
    grow: async (host, ticket, name, sizeGiB) => {
      if (!isVolume(name)) throw lacking('resize')
      return growVolume(asked(host, ticket), name, sizeGiB)
    },
    snapshot: () => Promise.reject(lacking('snapshot-disk')),
  }
}
