/** The network interfaces of the caller's machines: each is a part of its machine's record. */
import { fault } from '../../faults'
import type { ComputeRecord, InterfaceWish } from '../../model/records'
import type { Ec2Context } from '../action'
import { pick } from '../filters/pick'
import { checkShortNames } from './short-names'

export interface Interface {
  readonly compute: ComputeRecord
  readonly one: InterfaceWish
  readonly index: number
}

/** All that are there: they go with their machines. In order of creation of these. */
export async function allInterfaces({ operations, caller }: Ec2Context): Promise<readonly Interface[]> {
  const computes = await operations.listComputes(caller)
  return computes
    .filter(({ wish }) => wish.exists)
    .flatMap((compute) => compute.wish.interfaces.map((one, index) => ({ compute, one, index })))
}

/** Those of these ids, or all. Faults: 'malformed', 'not-found' naming all that are not there. */
export async function interfacesAsked(
  ids: readonly string[] | undefined,
  context: Ec2Context,
): Promise<readonly Interface[]> {
  checkShortNames('networkinterface', ids, 'NetworkInterfaceId')
  return pick(await allInterfaces(context), ids, {
    nameOf: ({ one }) => one.name,
    field: 'NetworkInterfaceId',
    subject: 'networkinterface',
    says: (missing) => `The networkInterface ID '${missing}' does not exist`,
  })
}

/** The one of this id. Faults: 'missing', 'malformed', 'not-found'. */
export async function interfaceNamed(id: string | undefined, context: Ec2Context): Promise<Interface> {
  const [found] = id ? await interfacesAsked([id], context) : []
  if (found) return found
  throw fault('missing', 'The request must contain the parameter NetworkInterfaceId', { field: 'NetworkInterfaceId' })
}
