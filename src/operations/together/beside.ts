/** What machines of one request are refused beside each other, where each of them alone would be had. */
import { fault } from '../../faults'
import type { ComputeRecord, ProjectRecord } from '../../model/records'
import type { Context } from '../context'
import type { RunOrder } from '../machine-orders'
import { refuseWithoutRoom } from '../partners/check-order'

/** A volume has one holder, an address or MAC address is one interface's alone. Fault: 'combination'. */
export function refuseShared(orders: readonly RunOrder[]): void {
  const volume = repeated(orders.flatMap(({ attach = [] }) => attach.map(({ storage }) => storage)))
  if (volume !== undefined)
    throw fault('combination', `the volume ${volume} can be attached to one of these machines only`, {
      field: 'attach',
    })
  const interfaces = orders.flatMap(({ interfaces: all = [] }) => all)
  const asked = {
    address: interfaces.flatMap(({ network = '', address }) =>
      address === undefined ? [] : [`${network} ${address}`],
    ),
    mac: interfaces.flatMap(({ mac }) => mac ?? []),
  }
  for (const field of ['address', 'mac'] as const)
    if (repeated(asked[field]) !== undefined)
      throw fault('combination', `two machines of one request cannot have the same ${field}`, { field })
}

const repeated = <T>(all: readonly T[]): T | undefined => all.find((one, at) => all.indexOf(one) !== at)

/** A partner's machines that run here or nowhere are not made to wait for each other. Fault: 'no-capacity'. */
export async function checkRoomBeside(
  context: Context,
  { wish: { partner, bursts } }: ProjectRecord,
  machines: readonly ComputeRecord[],
): Promise<void> {
  if (partner === undefined || machines.length < 2) return
  const here = machines.filter(({ wish }) => wish.origin === undefined || bursts === 'never')
  await refuseWithoutRoom(
    context,
    here.map(({ wish }) => wish.size),
  )
}
