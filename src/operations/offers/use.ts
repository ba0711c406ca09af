/** Who uses what an operator wants to remove. */
import { fault } from '../../faults'
import type { AnyRecord, ComputeRecord } from '../../model/records'
import type { Context } from '../context'
import { freshEverywhere } from '../watch-computes'

/** Machines of all projects that are not gone yet. */
export async function machinesWith(
  context: Context,
  is: (machine: ComputeRecord) => boolean,
): Promise<readonly ComputeRecord[]> {
  await freshEverywhere(context)
  return context.mirror.all('compute').filter((machine) => machine.seen.goneAt === null && is(machine))
}

const SHOWN = 3

/** 'in-use', naming some of the machines. */
export function inUse({ kind, id }: AnyRecord, what: string, users: readonly ComputeRecord[]) {
  const names = users.slice(0, SHOWN).map((machine) => machine.wish.name)
  const more = users.length > SHOWN ? ` and ${users.length - SHOWN} more` : ''
  return fault('in-use', `${what} is used by ${names.join(', ')}${more}`, { subject: { kind, id } })
}
