/** One host, one record, and one account, one provider: of two, each would take the other's machines for leftovers. */
import { fault } from '../../faults'
import { isSameAccount } from '../../model/providers/same-account'
import type { HostRecord } from '../../model/records'
import type { Context } from '../context'
import { SIMULATOR } from '../host-changes'

interface Joining {
  /** Its own record, if it has one, is of that name. */
  readonly name: string
  readonly driver: string
  readonly address: string
  /** What it showed; empty: nobody has looked yet. */
  readonly hostKeys?: readonly string[]
}

/**
 * Hosts are one where they are reached alike or show the same ssh host key. Wants a fresh mirror; of two that join at once the second
 * finds its marks taken (model/host-marks.ts), and comes here again. Fault: 'exists' under another name.
 */
export function refuseTwin({ mirror }: Context, joining: Joining): void {
  if (joining.driver === SIMULATOR) return
  const twin = mirror.all('host').find((host) => isTwin(host, joining))
  if (!twin) return
  throw fault(
    'exists',
    `${twin.wish.name} is that host already: it has the same address or the same ssh host key (hosts that were cloned need keys of their own)`,
    { subject: { kind: 'host', id: twin.id }, field: 'address' },
  )
}

const isTwin = ({ wish }: HostRecord, { name, address, hostKeys = [] }: Joining): boolean =>
  wish.name !== name &&
  !wish.simulated &&
  wish.provider === undefined &&
  (wish.address === address || wish.hostKeys?.some((key) => hostKeys.includes(key)) === true)

/** Wants a fresh mirror, and of two at once the second comes here again too. `wish`: as it is to be. Fault: 'exists'. */
export function refuseTwinAccount({ mirror }: Context, wish: Parameters<typeof isSameAccount>[0], name: string): void {
  const twin = mirror.all('host').find((host) => host.wish.name !== name && isSameAccount(host.wish, wish))
  if (!twin) return
  throw fault('exists', `${twin.wish.name} is that account already: one account is one provider here`, {
    subject: { kind: 'host', id: twin.id },
    field: 'account',
  })
}
