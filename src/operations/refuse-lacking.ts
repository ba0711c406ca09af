/** What the host of a machine cannot do is refused by name before anything is wished, with the reason that the host declares. */
import { fault } from '../faults'
import type { Lack, Verb } from '../model/machine'
import type { ComputeRecord } from '../model/records'
import type { Mirror } from '../store/store'

interface Knows {
  readonly mirror: Pick<Mirror, 'get'>
}

/** `what` as in "it cannot be suspended". Fault: 'unsupported' with the machine as its subject. */
export function refuseLacking({ mirror }: Knows, record: ComputeRecord, verb: Verb, what: string): void {
  const { id, place, wish } = record
  const host = place.host === null ? undefined : mirror.get('host', place.host)
  const lack = host?.seen.capabilities?.lacks.find((one) => one.verb === verb)
  if (lack && !isExcepted(lack, record))
    throw fault('unsupported', `${wish.name} cannot be ${what}: ${lack.because}`, { subject: { kind: 'compute', id } })
}

/** By what is seen of it, not by what was ordered: a provider may take no notice of that, or may not have been told. */
const isExcepted = ({ unless }: Lack, { seen }: ComputeRecord): boolean =>
  unless !== undefined && seen.machine?.given?.[unless] === true

/** Of a machine at a provider, whether it runs or not. Fault: 'unsupported'. */
export function refuseAtProvider(context: Knows, record: ComputeRecord, verb: Verb, what: string): void {
  if (record.place.offer !== undefined) refuseLacking(context, record, verb, what)
}
