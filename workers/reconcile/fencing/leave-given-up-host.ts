/** The job of a machine whose host was given up: it ends, it goes elsewhere, or it stays unknown and says why. */
import { formatEpoch } from '../../../src/model/epoch'
import { isUnsettled } from '../../../src/model/intents'
import { wantsPlace } from '../../../src/model/placement'
import type { ComputeJournal, ComputeRecord, ComputeSeen, Fenced, HostRecord } from '../../../src/model/records'
import { type StorageRecord, volumesOf } from '../../../src/model/storage'
import type { Claim, Observation } from '../../../src/store/store'
import { KEPT_MS } from '../backoff'
import { displaced } from '../journal'
import { givenUp, NO_PLACE } from '../place-given-up'
import { startsAgain } from '../seen'
import { across, type Next, type Work } from '../work'
import { afterFence, FENCED, isEnded } from './after-fence'

/** Undefined: its host was not given up, or is heard of again. */
export async function leaveGivenUpHost(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
): Promise<Next | undefined> {
  if (record.seen.contact !== 'lost' || record.place.host === null) return undefined
  const host = await work.store.read('host', record.place.host)
  if (!host?.seen.fenced || host.seen.contact !== 'lost') return undefined
  return leave(work, claim, record, host, host.seen.fenced)
}

async function leave(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  host: HostRecord,
  fenced: Fenced,
): Promise<Next> {
  const ids = volumesOf(record).map((volume) => volume.storage)
  const volumes = (await work.store.readMany('storage', ids)).filter((volume) => volume !== undefined)
  const byId = new Map<string, StorageRecord>(volumes.map((volume) => [volume.id, volume]))
  const after = afterFence(record, host, fenced, (id) => byId.get(id))
  const now = work.clock.now()
  const observation = observed(record, host, { after, fenced }, now)
  const written =
    observation === undefined ||
    (await across(work, 'result', claim.ref, () => work.store.observe(claim, observation, now)))
  const fields = { vm: record.wish.name, epoch: formatEpoch(claim.epoch), host: host.wish.name, written }
  work.log.info({ ...fields, becomes: after.kind }, 'its host was given up')
  if (after.kind === 'elsewhere') await work.queue.add([{ kind: 'placement', id: 'site' }])
  return { at: after.kind === 'end' ? now + KEPT_MS : null }
}

function observed(
  record: ComputeRecord,
  host: HostRecord,
  { after, fenced }: { readonly after: ReturnType<typeof afterFence>; readonly fenced: Fenced },
  now: number,
): Observation | undefined {
  switch (after.kind) {
    case 'end':
      return givenUp(record, host.id, now)
    case 'elsewhere':
      return elsewhere(record, host, now)
    case 'stay': {
      const { trouble } = record.journal
      if (trouble?.kind === FENCED && trouble.message === after.message && trouble.at >= (host.seen.fenced?.at ?? 0))
        return undefined
      const told = { kind: FENCED, message: after.message, step: 'look', at: now } as const
      const { seen, journal } = isEnded(record, host, fenced) ? withdrawn(record) : record
      return { seen, journal: { ...journal, trouble: told }, what: 'compute-stays-on-fenced-host' }
    }
  }
}

/** Its host leads no address to it any more: whoever is to have one next need not wait for that host. */
function withdrawn({ seen, journal }: ComputeRecord): Pick<ComputeRecord, 'seen' | 'journal'> {
  const { intent } = journal
  const isPublishing = intent?.step === 'publish' && isUnsettled(intent)
  return {
    seen: seen.machine ? { ...seen, machine: { ...seen.machine, publics: [] } } : seen,
    journal: isPublishing ? { ...journal, intent: { ...intent, outcome: 'failed' } } : journal,
  }
}

/** It waits for another place, and the order to start it is unfulfilled again. */
function elsewhere(record: ComputeRecord, host: HostRecord, now: number): Observation {
  const seen: ComputeSeen = { ...left(record.seen, now), starts: startsAgain(record) }
  const journal = leaving(displaced(record.journal), host)
  const wait = wantsPlace({ ...record, seen, journal, place: NO_PLACE })
  return {
    seen,
    journal,
    raisePhase: true,
    giveUpPlace: { host: host.id, place: NO_PLACE, wait },
    what: 'compute-leaves-fenced-host',
  }
}

/** So many hosts that were given up with a machine are remembered. */
const LEFT = 8

const leaving = (journal: ComputeJournal, { id }: HostRecord): ComputeJournal => ({
  ...journal,
  left: [...(journal.left ?? []).filter((host) => host !== id), id].slice(-LEFT),
})

/** Where its disks lie stays known: placement and the disks' own rules go by it. Nothing hangs on it: who detaches a volume has it. */
export function left(seen: ComputeSeen, now: number): ComputeSeen {
  const base: ComputeSeen = { ...seen, at: now, contact: 'ok', hostBoot: null, stoppedAt: now }
  if (seen.machine === null || seen.machine.disks.length === 0) return { ...base, host: null, machine: null }
  const machine = {
    ...seen.machine,
    disks: seen.machine.disks.map((disk) => ({ ...disk, attached: false })),
    domain: 'off',
    id: null,
    interfaces: [],
    publics: [],
    work: null,
    startedAt: null,
  } as const
  return { ...base, machine }
}
