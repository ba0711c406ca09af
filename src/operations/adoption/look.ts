/** Looks at domains that nobody ordered: the wish is written, a worker asks the host, and the caller asks until it is there. */
import { fault } from '../../faults'
import type { ForeignLookId } from '../../model/ids'
import type { ForeignLookRecord, ForeignLookWish, HostRecord } from '../../model/records'
import { attempt } from '../attempt'
import type { Context, Operator } from '../context'
import { created } from '../created'
import { drawId } from '../draw'
import { hostNamed } from '../named'

/** What is known to be no foreign domain is refused before anybody is asked. */
export const lookAtForeign = (
  context: Context,
  operator: Operator,
  hostName: string,
  domain: string,
): Promise<ForeignLookRecord> =>
  attempt(context, operator.actor, 'look-at-foreign', async () => {
    await context.mirror.fresh()
    const host = hostNamed(context, hostName)
    refuseUnable(host)
    await refuseOurs(context, host, domain)
    if (host.seen.foreign.some(({ name, runsHost }) => name === domain && runsHost))
      throw fault('conflict', `${domain} runs the host itself: it is nobody's machine`, { field: 'domain' })
    const wish: ForeignLookWish = { host: host.id, domain, createdAt: context.clock.now() }
    const ref = { kind: 'foreignlook', id: drawId<ForeignLookId>() } as const
    const create = { ref, project: null, wish, seen: null, journal: null, place: null, wake: true }
    return { value: created('foreignlook', create), change: { creates: [create] } }
  })

/** Faults: 'unsupported' where its driver lacks the verb, 'state' for one that takes no machines or does not answer. */
export function refuseUnable({ id, wish, seen }: HostRecord): void {
  const subject = { kind: 'host', id }
  const lack = seen.capabilities?.lacks.find(({ verb }) => verb === 'adopt')
  if (lack) throw fault('unsupported', `nothing on ${wish.name} can be taken over: ${lack.because}`, { subject })
  const why = wish.removing
    ? 'is being removed'
    : seen.distrusted
      ? 'shows another host key than the pinned one'
      : seen.fenced || seen.contact !== 'ok'
        ? 'does not answer'
        : undefined
  if (why !== undefined) throw fault('state', `${wish.name} ${why}: nothing can be taken over there now`, { subject })
}

/** One that bears a machine's name is that machine, or what is left of one that nobody remembers. */
async function refuseOurs({ mirror, store }: Context, host: HostRecord, domain: string): Promise<void> {
  const [taken] = await store.resolve('names', [domain])
  if (taken?.startsWith('compute:') || mirror.named(domain)?.kind === 'compute')
    throw fault('exists', `${domain} bears the name of a machine of this site; rename it first (xl rename)`, {
      field: 'domain',
    })
  if (host.seen.orphans.includes(domain))
    throw fault('conflict', `${domain} is an orphan: ${ORPHANS}`, { field: 'domain' })
}

/** What is told of orphans wherever they are shown. */
export const ORPHANS =
  'it bears the mark of this site and has no record here. Restore the record from a backup, or end it on its host by hand (docs/xen.md, Orphans)'

/** Faults: 'not-found' (also once it is forgotten, an hour later). */
export async function foreignLook(context: Context, id: string): Promise<ForeignLookRecord> {
  await context.mirror.fresh()
  const look = context.mirror.get('foreignlook', id)
  if (look) return look
  throw fault('not-found', `there is no look ${id}`, { subject: { kind: 'foreignlook', id } })
}
