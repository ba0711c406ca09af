import { fault } from '../../faults'
import type { ComputeRecord } from '../../model/records'
import { changeComputes } from '../change-computes'
import type { Caller, Context } from '../context'
import type { ModifyOperations } from './operations'
import { refuseEnded } from './stopped'

type Order = Parameters<ModifyOperations['setInterface']>[1]

const LONGEST = 255

/** What is said of one of a machine's interfaces. Faults: 'invalid', 'state' (deleted), 'not-found' (machine, interface), 'conflict', 'unavailable'. */
export async function setInterface(context: Context, caller: Caller, order: Order): Promise<ComputeRecord> {
  const { id, description } = order
  if (description.length > LONGEST)
    throw fault('invalid', `a description has at most ${LONGEST} characters`, { field: 'description' })
  const [changed] = await changeComputes(context, caller, {
    what: 'set-interface',
    ids: [id],
    compares: 'any-state',
    dryRun: order.dryRun ?? false,
    decide: (record) => {
      refuseEnded(record)
      const { interfaces } = record.wish
      const one = interfaces.find(({ name }) => name === order.interface)
      if (one === undefined) throw noInterface(record, order.interface)
      if ((one.description ?? '') === description) return undefined
      return { interfaces: interfaces.map((each) => (each === one ? { ...one, description } : each)) }
    },
  })
  if (!changed) throw fault('internal', 'a machine that was changed is not there')
  return changed.record
}

const noInterface = ({ wish }: ComputeRecord, name: string) =>
  fault('not-found', `the machine ${wish.name} has no interface ${name}`, {
    subject: { kind: 'networkinterface', id: name },
  })
