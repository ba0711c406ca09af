/** What operators order of a host that is there: how it is fenced, whom it is trusted as, what it is called. */
import { fault } from '../../faults'
import { LASTS_MS } from '../../model/fencing'
import type { Fencing, HostRecord, HostWish } from '../../model/records'
import { attempt, type Proposal } from '../attempt'
import { checkName } from '../check-name'
import { checkTags } from '../check-tags'
import type { Context, Operator } from '../context'
import { changedHost, hostRemoval } from '../host-changes'
import { hostNamed } from '../named'
import { keysShown } from './check'
import type { HostChange } from './operations'
import { refuseTwin } from './refuse-twin'
import { changedKeeps, keepsOfZone } from './reserve'

const COMMAND_MS = { least: 1_000, most: 600_000 }

/** Changes a host's wish. Faults: 'not-found', what `decide` throws, 'conflict', 'unavailable'. */
export const changeHost = (
  context: Context,
  operator: Operator,
  name: string,
  what: string,
  decide: (host: HostRecord) => HostWish | Promise<HostWish>,
): Promise<HostRecord> =>
  attempt(context, operator.actor, what, async (): Promise<Proposal<HostRecord>> => {
    await context.mirror.fresh()
    const host = hostNamed(context, name)
    const wish = await decide(host)
    const record: HostRecord = { ...host, rev: host.rev + 1, generation: host.generation + 1, wish }
    return { value: record, change: changedHost(host, wish) }
  })

export const setHost = (context: Context, operator: Operator, name: string, asked: HostChange): Promise<HostRecord> =>
  changeHost(context, operator, name, 'set-host', (host) => {
    const { wish } = host
    if (asked.zone !== undefined) checkName('zone', 'zone', asked.zone)
    const { zoneKeeps: _former, ...rest } = wish
    const moved =
      asked.zone === undefined || asked.zone === wish.zone ? wish : { ...rest, ...keepsOfZone(context, asked.zone) }
    return {
      ...moved,
      ...(asked.keeps ? { keeps: changedKeeps(wish.keeps, asked.keeps, [host]) } : {}),
      zone: asked.zone ?? wish.zone,
      labels: labelled(wish.labels ?? {}, asked.labels ?? {}),
      fencing: fencing(wish.fencing ?? {}, asked),
    }
  })

function labelled(
  labels: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> {
  const all = Object.entries({ ...labels, ...changes })
  const kept = Object.fromEntries(all.filter((pair): pair is [string, string] => pair[1] !== null))
  checkTags(kept)
  return kept
}

function fencing(before: Fencing, { command, commandMs, selfMs }: HostChange): Fencing {
  between('commandMs', commandMs, COMMAND_MS)
  between('selfMs', selfMs, LASTS_MS)
  if (command && (command.length === 0 || command[0] === ''))
    throw fault('invalid', 'a fence command begins with a program', { field: 'command' })
  const words = command === undefined ? before.command : (command ?? undefined)
  const ms = commandMs === undefined ? before.commandMs : (commandMs ?? undefined)
  const self = selfMs === undefined ? before.selfMs : (selfMs ?? undefined)
  return {
    ...(words ? { command: words } : {}),
    ...(ms === undefined ? {} : { commandMs: ms }),
    ...(self === undefined ? {} : { selfMs: self }),
  }
}

function between(
  field: string,
  ms: number | null | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (ms == null || (ms >= least && ms <= most)) return
  throw fault('invalid', `${field} is between ${least / 1000} and ${most / 1000} seconds`, { field })
}

/** What a check of it showed is pinned from now on, and nothing else. Fault: 'exists' where that is another host of ours. */
export const trustHost = (context: Context, operator: Operator, name: string, check: string): Promise<HostRecord> =>
  changeHost(context, operator, name, 'trust-host', async ({ wish }) => {
    const hostKeys = await keysShown(context, check, wish, 'answered')
    if (hostKeys.length === 0) throw fault('state', 'that check saw no host key', { field: 'check' })
    refuseTwin(context, { ...wish, hostKeys })
    return { ...wish, hostKeys }
  })

/** A worker carries it out with its next look; should the host answer that one, the order is void. */
export const fenceHost = (
  context: Context,
  operator: Operator,
  name: string,
  how: 'confirmed' | 'command',
): Promise<HostRecord> =>
  changeHost(context, operator, name, 'fence-host', ({ id, wish, seen }) => {
    const subject = { kind: 'host', id }
    if (seen.contact === 'ok' && seen.lostSince === null)
      throw fault('state', `${name} answers: a host that answers is not fenced; disable it and move its machines`, {
        subject,
      })
    if (how === 'command' && !wish.fencing?.command)
      throw fault('missing', `${name} has no fence command; set one, or say with --confirmed that it is off`, {
        subject,
        field: 'command',
      })
    const fence = { level: (wish.fence?.level ?? 0) + 1, how, at: context.clock.now(), by: operator.actor.user }
    return { ...wish, fence }
  })

/** Nothing asks the host. What it still has of ours is shown as an orphan should it ever join again. */
export async function forgetHost(context: Context, operator: Operator, name: string): Promise<void> {
  await attempt(context, operator.actor, 'forget-host', async () => {
    await context.mirror.fresh()
    const host = hostNamed(context, name)
    await refuseUsed(context, host)
    if (!host.seen.fenced && host.seen.contact !== 'never')
      throw fault('state', `${name} was not fenced: what it runs would go on without us; fence it first`, {
        subject: { kind: 'host', id: host.id },
      })
    const { removal, releases } = hostRemoval(host)
    return { value: undefined, change: { removals: [removal], releases } }
  })
}

/** Fault: 'in-use' while machines, volumes or addresses have their place there. */
export async function refuseUsed(context: Context, host: HostRecord): Promise<void> {
  const [claims] = await context.store.hostClaims([host.id])
  const held = Object.keys(claims?.claims ?? {}).length
  if (held === 0) return
  throw fault(
    'in-use',
    `${held} machines, volumes and addresses have their place on ${host.wish.name}; disable it and delete them first`,
    { subject: { kind: 'host', id: host.id } },
  )
}
