/** The end of a move: the other host is the place now, and what was claimed on the former one is free, in one script. */
import { beginUse } from '../../../src/model/accounts'
import { formatEpoch } from '../../../src/model/epoch'
import { leaseElsewhere } from '../../../src/model/lease'
import type { ComputeJournal, ComputePlace, ComputeRecord, ComputeSeen, Moving } from '../../../src/model/records'
import type { StoragePlace } from '../../../src/model/storage'
import type { Claim } from '../../../src/store/store'
import { announce, done } from '../journal'
import { runs } from '../seen'
import { across, type Next, type Work } from '../work'
import type { Both } from './look-at-both'
import { itemOf } from './order'
import { awake } from './stay'

export async function arrive(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: Moving,
  both: Pick<Both, 'there'>,
): Promise<Next> {
  const now = work.clock.now()
  const { host, ...named } = moving.to
  const lease = leaseElsewhere(record, now)
  const place: ComputePlace = {
    host,
    ...named,
    at: now,
    waiting: null,
    use: beginUse(record.wish, now),
    ...(lease ? { lease } : {}),
  }
  const along: StoragePlace = { host, ...named, at: now }
  const came = await across(work, 'place', claim.ref, () =>
    work.store.transfer(
      claim,
      {
        place,
        seen: seenThere(record, moving, both, now),
        journal: journalThere(record, moving, now),
        leave: { host: record.place.host ?? '', ids: [record.id, ...moving.volumes] },
        volumes: moving.volumes.map((id) => ({ id, place: along })),
        endsUse: true,
        // One that had given its place away has one again.
        waits: isToGiveBack(record),
        what: 'compute-moved',
      },
      now,
    ),
  )
  const { name } = record.wish
  work.log.info({ vm: name, epoch: formatEpoch(claim.epoch), to: named.hostName, how: moving.how, came }, 'moved')
  return { at: now }
}

/** One that rests since its lease is over holds no place: placement takes this one back as it took the former (placement/give-way.ts). */
const isToGiveBack = ({ wish }: ComputeRecord): boolean =>
  wish.exists && wish.lease?.over !== undefined && wish.power !== 'on'

/** It was not started anew: it goes on as it was, elsewhere. */
function seenThere(record: ComputeRecord, moving: Moving, { there }: Pick<Both, 'there'>, now: number): ComputeSeen {
  const machine = there?.machine ?? null
  const seen: ComputeSeen = {
    ...record.seen,
    at: now,
    host: moving.to.host,
    contact: 'ok',
    machine,
    hostBoot: there?.on.boot ?? null,
    moves: Math.max(record.seen.moves ?? 0, moving.level),
    ...(runs(machine)
      ? { stoppedAt: null, starts: record.wish.power === 'on' ? record.wish.starts : record.seen.starts }
      : {}),
  }
  // Nothing of it is here yet, and nothing that it had is missed.
  if (moving.how === 'anew') return awake({ ...record, seen: { ...seen, startedAt: null } }, moving.ran)
  return runs(machine) ? seen : awake({ ...record, seen }, moving.ran)
}

/** Never without an intent there: a place without one is given up unasked. */
function journalThere(record: ComputeRecord, moving: Moving, now: number): ComputeJournal {
  const deed = { step: 'move', direction: 'up', item: itemOf(moving) } as const
  const on = { host: moving.to.host, boot: null }
  const { intent } = record.journal
  const journal = intent === null ? announce(record, deed, on, null, now).journal : record.journal
  const after = done(journal)
  return { ...after, intent: after.intent && { ...after.intent, host: moving.to.host } }
}
