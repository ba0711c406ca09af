/** Whether the interfaces of a machine can be changed now: before anything changes, what its host cannot do is refused by name. */
import { fault } from '../../faults'
import type { ComputeId } from '../../model/ids'
import { lifecycle } from '../../model/lifecycle'
import { type ComputeRecord, type ComputeWish, type InterfaceWish, leavingInterfaces } from '../../model/records'
import type { Mirror, Update } from '../../store/store'
import type { Caller } from '../context'
import { ownCompute } from '../own-compute'
import { refuseAtProvider } from '../refuse-lacking'

/** Hot while it runs; a machine that is off is defined anew before it starts. */
const TAKES: ReadonlySet<string> = new Set([
  'pending',
  'held',
  'preparing',
  'booting',
  'running',
  'poweroff',
  'undeployed',
])

/** Faults: 'not-found', 'state', 'unsupported'. */
export function connectable(
  mirror: Pick<Mirror, 'get'>,
  caller: Caller,
  id: ComputeId,
  verb: 'attach-network' | 'detach-network',
): ComputeRecord {
  const record = ownCompute(mirror.get('compute', id), caller, id)
  const state = lifecycle(record)
  const subject = { kind: 'compute', id }
  if (!TAKES.has(state))
    throw fault(
      'state',
      `the machine ${record.wish.name} is ${state}; its interfaces are changed while it runs or is off`,
      { subject, allowed: [...TAKES] },
    )
  refuseAtProvider({ mirror }, record, verb, 'connected otherwise')
  // A machine that is off needs none of it: its definition says what it is connected to.
  const isOff = state === 'poweroff' || record.place.host === null
  const host = isOff ? undefined : mirror.get('host', record.place.host ?? '')
  const lack = host?.seen.capabilities?.lacks.find((one) => one.verb === verb)
  if (lack)
    throw fault('unsupported', `interfaces of ${record.wish.name} cannot be changed while it runs: ${lack.because}`, {
      subject,
    })
  return record
}

/** Its wish with these interfaces; those that left and are seen gone are named no more. */
export const withInterfaces = (
  record: ComputeRecord,
  interfaces: readonly InterfaceWish[],
  left: readonly InterfaceWish[],
): Update & { readonly wish: ComputeWish } => {
  const { id, project, generation, wish } = record
  const { leaving: _before, ...kept } = wish
  const leaving = [...leavingInterfaces(record), ...left]
  return {
    ref: { kind: 'compute', id },
    project,
    generation,
    wish: { ...kept, interfaces, ...(leaving.length === 0 ? {} : { leaving }) },
    raisePhase: false,
    wake: true,
  }
}

/** Security groups of any of its interfaces, as what is to be told. */
export const groupsTold = (...lists: readonly (readonly InterfaceWish[])[]) =>
  [...new Set(lists.flat().flatMap(({ groups = [] }) => groups))].map((id) => ({ kind: 'securitygroup', id }) as const)
