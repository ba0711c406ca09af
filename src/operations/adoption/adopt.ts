/**
 * Taking a foreign domain over. One script makes its record with the place that it has, counts it against its project, and takes its
 * name, its addresses and its room on the host: all or nothing. The domain's uuid is the record's id, so one domain has one record.
 * A worker then has the host make it ours (the step `adopt`); should that be refused, the machine has failed and the domain is as
 * it was.
 */
import { fault } from '../../faults'
import { beginUse } from '../../model/accounts'
import { type ComputeId, isUuid } from '../../model/ids'
import type { Size } from '../../model/machine'
import { formatClaim, machineClaim } from '../../model/placement'
import type { ComputeRecord, ForeignMachine, HostRecord, ProjectRecord, TypeRecord } from '../../model/records'
import { attempt, type Proposal, type Refusal } from '../attempt'
import { checkTags } from '../check-tags'
import type { Context, Operator } from '../context'
import { created } from '../created'
import { held } from '../held'
import { hostNamed, projectNamed, typeNamed } from '../named'
import { countedDisks, countersFor, countWithinQuota } from '../run/count-within-quota'
import { interfaceTakes } from '../run/lease-addresses'
import { type Connected, connected } from './interfaces'
import { foreignLook, refuseUnable } from './look'
import { adoptedWish, NEVER_SEEN, NOTHING_DONE } from './new-adopted'
import type { AdoptOrder } from './operations'

/** What was seen longer ago may have changed since, ms. */
const FRESH_MS = 300_000

interface Taking {
  readonly host: HostRecord
  readonly project: ProjectRecord
  readonly machine: ForeignMachine
  readonly type: TypeRecord | undefined
  readonly size: Size
  readonly connected: Connected
}

export const adoptDomain = (context: Context, operator: Operator, order: AdoptOrder): Promise<ComputeRecord> =>
  attempt(context, operator.actor, 'adopt-domain', async (refusal): Promise<Proposal<ComputeRecord>> => {
    if (refusal?.state === 'taken') throw takenAlready(refusal)
    await context.mirror.fresh()
    const host = hostNamed(context, order.host)
    refuseUnable(host)
    const project = projectNamed(context, order.project)
    if (project.wish.purging)
      throw fault('conflict', `the project ${order.project} is being removed and takes nothing new`, {
        field: 'project',
      })
    const machine = await lookedAt(context, host, order.look)
    await refuseKnown(context, machine)
    if (order.name !== undefined) checkTags({ Name: order.name })
    const type = typeOf(context, machine, order.type)
    const size = { ...machine.size, type: type?.wish.name ?? '' }
    const taking = { host, project, machine, type, size, connected: connected(context, machine.interfaces, order) }
    // A limit that is passed is told in the words that an order for a new machine gets.
    if (order.dryRun || refusal?.state === 'quota') await countWithinQuota(context, project, size, 1, 1)
    const proposal = await proposed(context, operator, order, taking)
    return order.dryRun ? { ...proposal, change: undefined } : proposal
  })

/** What a look of a short while ago found. Faults: 'not-found', 'state', 'refused' with all that stands in the way. */
async function lookedAt(context: Context, host: HostRecord, id: string): Promise<ForeignMachine> {
  const { wish, seen } = await foreignLook(context, id)
  if (wish.host !== host.id) throw fault('state', 'that look was at another host', { field: 'look' })
  if (seen === null) throw fault('state', 'no worker has looked at that domain yet', { field: 'look' })
  if (context.clock.now() - seen.at > FRESH_MS)
    throw fault('state', 'that look is more than 5 minutes old; look again', { field: 'look' })
  const { machine, message } = seen
  if (machine === null) throw fault('refused', message ?? 'it could not be looked at', { field: 'look' })
  if (machine.obstacles.length > 0)
    throw fault('refused', `${machine.name} cannot be taken over: ${machine.obstacles.join('; ')}`, { field: 'look' })
  if (machine.domain === 'crashed')
    throw fault('refused', `${machine.name} cannot be taken over: it is crashed`, { field: 'look' })
  if (!isUuid(machine.uuid))
    throw fault('refused', `${machine.name} cannot be taken over: its uuid is ${machine.uuid}`, { field: 'look' })
  return machine
}

/** Faults: 'exists', 'conflict'. */
async function refuseKnown({ store }: Context, { name, uuid }: ForeignMachine): Promise<void> {
  const holder = await store.read('compute', uuid)
  if (!holder) return
  const subject = { kind: 'compute', id: uuid }
  if (holder.wish.exists)
    throw fault('exists', `the domain ${name} is the machine ${holder.wish.name} already`, { subject })
  throw fault('conflict', `the machine ${holder.wish.name} had the uuid of ${name} and is not forgotten yet`, {
    subject,
  })
}

/** Faults: 'not-found', 'invalid' for a type of other amounts. */
function typeOf(context: Context, { name, size }: ForeignMachine, asked: string | undefined): TypeRecord | undefined {
  const fits = ({ wish }: TypeRecord): boolean =>
    wish.size.cores === size.cores && wish.size.memoryMiB === size.memoryMiB
  if (asked === undefined) return context.mirror.list('type', null).find(fits)
  const type = typeNamed(context, asked)
  if (fits(type)) return type
  const { cores, memoryMiB } = type.wish.size
  throw fault(
    'invalid',
    `${asked} has ${cores} cores and ${memoryMiB} MiB, ${name} has ${size.cores} and ${size.memoryMiB}; take it over without a type and resize it`,
    { field: 'type' },
  )
}

async function proposed(
  context: Context,
  { actor }: Operator,
  order: AdoptOrder,
  { host, project, machine, type, size, connected: { interfaces, networks } }: Taking,
): Promise<Proposal<ComputeRecord>> {
  const now = context.clock.now()
  const [claims] = await context.store.hostClaims([host.id])
  const ref = { kind: 'compute', id: machine.uuid as ComputeId } as const
  const draft = { machine, size, interfaces, name: order.name ?? machine.name, by: actor.user, now }
  const wish = { ...adoptedWish(draft), ...countedDisks(project, size) }
  const { name: hostName, zone, simulated } = host.wish
  const place = { host: host.id, hostName, zone, simulated, at: now, waiting: null, use: beginUse(wish, now) }
  const create = { ref, project: project.id, wish, seen: NEVER_SEEN, journal: NOTHING_DONE, place, wake: true }
  return {
    value: created('compute', create),
    change: {
      holds: [project, host, ...networks, ...(type ? [type] : [])].map(held),
      creates: [create],
      takes: [
        { hash: 'names', field: wish.name, value: `compute:${ref.id}` },
        ...interfaces.flatMap((one) => interfaceTakes(ref.id, one)),
      ],
      counters: countersFor(project, size, 1),
      reclaims: [
        {
          host: host.id,
          revision: claims?.revision ?? 0,
          compute: ref.id,
          claim: formatClaim(machineClaim({ project: project.id, wish })),
          begins: true,
        },
      ],
    },
  }
}

const takenAlready = ({ take }: Extract<Refusal, { readonly state: 'taken' }>) =>
  take.hash === 'names'
    ? fault('conflict', 'its name was taken this very moment; try again')
    : fault('exists', `another machine of this site has ${take.field} already`, {
        field: take.hash === 'macs' ? 'domain' : 'address',
      })
