/**
 * What becomes of a machine whose host was given up: a pure function of the records. Never a fresh disk under an old id, never
 * two running copies: a machine goes elsewhere only if it cannot run where it was any more, and everything that it wrote can be
 * reached from there.
 */
import { hasFailed } from '../../../src/model/lifecycle'
import { optionsOf } from '../../../src/model/options'
import type { ComputeRecord, Fenced, HostRecord } from '../../../src/model/records'
import { placesOfDisks, type StorageRecord, survivesItsHost } from '../../../src/model/storage'

export type AfterFence =
  /** Deleted, and it runs nowhere: its place can be given up. */
  | { readonly kind: 'end' }
  /** It may be started on another host. */
  | { readonly kind: 'elsewhere' }
  /** It stays where it is and unknown until its host is back; its owner is told why. */
  | { readonly kind: 'stay'; readonly message: string }

/** A trouble of this kind says why a machine stays on a host that was given up. */
export const FENCED = 'fenced'

/** Whether it may have run: a start was announced, whether or not anybody saw it; one that was taken over ran before. */
const mayHaveRun = ({ wish, seen, journal: { intent } }: ComputeRecord): boolean =>
  wish.adopted !== undefined ||
  seen.startedAt !== null ||
  (intent !== null && ['power', 'suspend', 'reboot', 'reset'].includes(intent.step) && intent.outcome !== 'failed')

/** Whether it is known to run no more: all on the host is off, or its watch has ended what bears the mark. */
export function isEnded(record: ComputeRecord, host: Pick<HostRecord, 'id'>, { how }: Fenced): boolean {
  if (how !== 'self' || !mayHaveRun(record)) return true
  const { seen, journal } = record
  const { intent } = journal
  const unmarking = intent?.step === 'mark' && intent.item === 'plain' && intent.outcome !== 'failed'
  return seen.host === host.id && seen.machine?.restartable === true && !unmarking
}

/** `find`: its volumes. */
export function afterFence(
  record: ComputeRecord,
  host: Pick<HostRecord, 'id'>,
  fenced: Fenced,
  find: (id: StorageRecord['id']) => StorageRecord | undefined,
): AfterFence {
  const { wish, seen } = record
  if (!isEnded(record, host, fenced))
    return stay('its host cut itself off, and it is not known whether it still runs there')
  if (!wish.exists) return { kind: 'end' }
  if (hasFailed(record)) return stay('its host was given up, after it had failed there')
  const lost = lostDisk(record, host, find)
  if (lost !== undefined) return stay(`its host was given up, and ${lost}`)
  if (!mayHaveRun(record)) return { kind: 'elsewhere' }
  if (wish.power !== 'on') return stay('its host was given up; start it to have it on another one')
  if (seen.machine?.domain === 'saved') return stay('its host was given up, and its memory lies there in a file')
  const isOrdered = seen.starts < wish.starts
  if (!isOrdered && !optionsOf(wish).restartable)
    return stay('its host was given up; it is not marked as restartable on another one')
  return { kind: 'elsewhere' }
}

const stay = (message: string): AfterFence => ({ kind: 'stay', message })

/** The first disk that is on that host alone, in words. One that was made and never seen again counts as lying there. */
function lostDisk(
  record: ComputeRecord,
  host: Pick<HostRecord, 'id'>,
  find: (id: StorageRecord['id']) => StorageRecord | undefined,
): string | undefined {
  const ran = mayHaveRun(record)
  const own = new Set(record.wish.disks.map((disk) => `${record.wish.name}-${disk.name}`))
  const lost = placesOfDisks(record, find).find((disk) => {
    if (own.has(disk.name) && !ran) return false
    if (disk.host === null) return own.has(disk.name)
    return disk.host === host.id && !survivesItsHost(disk)
  })
  return lost && `its disk ${lost.name} is on that host alone`
}
