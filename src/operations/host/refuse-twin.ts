/** One host, one record: of two, each would take the other's machines for leftovers, and end them. */
import { fault } from '../../faults'
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
