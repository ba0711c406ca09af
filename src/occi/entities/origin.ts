/** What the gateway is told back of a machine that it ordered here as a partner: by it both sides find the same machine. */
import type { StartTold } from '../../model/federation'
import { hasFailed } from '../../model/lifecycle'
import type { ComputeRecord } from '../../model/records'
import { ORIGIN, ORIGIN_START } from '../model/names'
import type { Attribute } from './entity'

/** Never the signature. Nothing of a machine that was ordered here. */
export function originOf(record: ComputeRecord): readonly Attribute[] {
  const { origin } = record.wish
  if (origin === undefined) return []
  const start = startOf(record)
  return [
    { name: ORIGIN.order, value: origin.order },
    { name: ORIGIN.path, value: origin.path.join(' ') },
    { name: ORIGIN.project, value: origin.project },
    ...(start === undefined ? [] : [{ name: ORIGIN_START, value: start }]),
  ]
}

/** Until it has run, `inactive` alone does not tell whether it ever will. */
function startOf(record: ComputeRecord): StartTold | undefined {
  if (record.seen.startedAt !== null) return undefined
  return hasFailed(record) ? 'given-up' : 'awaited'
}
