/**
 * Making a machine. Where a server lets its clients choose the path of what they make, the machine is put at an id that is made from the
 * intent's key: the same order makes one compute, however often it arrives. Where it does not, an order whose answer was lost may have
 * made one that the next look does not show yet: the second one bears our mark too, and is discarded by the poll that shows both. One that
 * was answered is not given again: what it made may be listed late.
 */
import { fault } from '../../../../src/faults'
import {
  AVAILABILITY_ZONE,
  COMPUTE,
  OPENSTACK_PUBLIC_KEY,
  OPENSTACK_USER_DATA,
  OS_TPL,
  RESOURCE_TPL,
  SSH_KEY,
  USER_DATA,
} from '../../../../src/model/occi/names'
import type { ProviderOrder } from '../../../../src/model/providers/target'
import type { Effect, EffectTicket, MachineDefinition } from '../../driver'
import { isOnItsWay, type Machine, type OurCompute, refuseGivenUp } from './account'
import type { Client } from './api/client'
import { type ServerModel, templatesNamed } from './api/model'
import type { Described } from './api/write'
import { idFor, summaryOf, titleOf } from './marks'
import { originFor } from './origin'
import type { Settings } from './settings'

export interface Making {
  readonly client: Client
  readonly settings: Settings
  readonly definition: MachineDefinition
  readonly ticket: EffectTicket
  readonly now: number
  /** Kept for the account: whether its server lets us choose ids. */
  readonly habits: Habits
}

export interface Habits {
  ids: 'may be ours' | 'are its own'
  /** What orders made that no look has shown yet, by their keys. */
  readonly made: Map<string, Made>
}

interface Made {
  /** ms */
  readonly at: number
  /** Where, as far as the server said so. */
  readonly location: string | undefined
}

/** What a server says that it made it may list so long after, ms; longer where it still shows it at its place. */
const LISTED_MS = 60_000
/** So many are kept in mind of an account; what is forgotten is ordered again. */
const MOST_MADE = 1_000

export const DONE: Effect = { state: 'done', value: null }
/** Again soon: the server is at it. */
export const SOON: Effect = { state: 'running', percent: 0, lookAgainMs: 1_000 }

/** What is there already is the machine. Faults: 'refused' with reason `elsewhere` for what this server will not do, and those of the calls. */
export async function make(making: Making, machine: Machine, lookAgain: () => Promise<Machine>): Promise<Effect> {
  const { definition, client, ticket, habits } = making
  if (machine.compute !== null) habits.made.delete(ticket.key)
  if (machine.compute !== null) return standOf(machine.compute)
  const { order, site, name } = definition
  if (order === undefined) throw fault('refused', `nothing says what ${name} is to be at its provider`)
  try {
    await put(making, await describedFor(making, order, idFor(site, ticket.key)))
  } catch (thrown) {
    // What the server can do may have changed since it was asked: it is asked anew before the next try.
    client.forget()
    throw thrown
  }
  const { compute } = await lookAgain()
  if (compute === null) return SOON
  habits.made.delete(ticket.key)
  return standOf(compute)
}

function standOf(compute: OurCompute): Effect {
  refuseGivenUp(compute)
  return isOnItsWay(compute) ? SOON : DONE
}

async function put(making: Making, described: Described): Promise<void> {
  const { client, habits, ticket, now } = making
  if (habits.ids === 'may be ours' && (await client.makeAtItsId(described)) === 'made') return
  if (await isMade(making)) return
  // Whatever was wrong with the order itself is refused here too.
  const location = await client.makeAnywhere(described)
  const [oldest] = habits.made.keys()
  if (oldest !== undefined && habits.made.size >= MOST_MADE) habits.made.delete(oldest)
  habits.made.set(ticket.key, { at: now, location })
  habits.ids = 'are its own'
}

/** By this very order, and not listed yet. */
async function isMade({ client, habits, ticket, now }: Making): Promise<boolean> {
  const before = habits.made.get(ticket.key)
  if (before === undefined) return false
  if (now - before.at < LISTED_MS) return true
  return before.location !== undefined && (await client.look(before.location)) !== undefined
}

/** Faults: 'refused' with reason `elsewhere` for a template that is not there, and for a key that nothing there can hold. */
async function describedFor(
  { client, settings, definition, ticket, now }: Making,
  { image, type, hostname, publicKey, userData, origin }: ProviderOrder,
  id: string,
): Promise<Described> {
  const { model } = await client.spoken()
  const { site, name } = definition
  const mixins = [
    templateNamed(model, OS_TPL, 'image', image),
    templateNamed(model, RESOURCE_TPL, 'type', type.name),
    ...(settings.zone === null ? [] : [templateNamed(model, AVAILABILITY_ZONE, 'zone', settings.zone)]),
  ]
  const key = publicKey === null ? NONE : held(model, 'a public key', PUBLIC_KEYS, publicKey.trim())
  const from = originFor(model, origin, site, client.signature)
  const data = userData === null ? NONE : held(model, 'user data', USER_DATAS, userData)
  return {
    kind: COMPUTE,
    id,
    mixins: [...mixins, ...key.mixins, ...data.mixins, ...from.mixins],
    title: titleOf(site, name),
    summary: summaryOf({ record: definition.id, epoch: ticket.epoch, madeAt: now }),
    attributes: {
      ...(hostname === null ? {} : { 'occi.compute.hostname': hostname }),
      ...key.attributes,
      ...data.attributes,
      ...from.attributes,
    },
    networks: settings.network === null ? [] : [settings.network],
  }
}

/** Fault: 'refused' with reason `elsewhere`: there is none of that name, or several. */
export function templateNamed(model: ServerModel, base: string, what: string, name: string): string {
  const [found, ...others] = templatesNamed(model, base, name)
  if (found === undefined) throw fault('refused', `its provider has no ${what} ${name}`, { reason: 'elsewhere' })
  if (others.length > 0)
    throw fault('refused', `its provider has several ${what}s ${name}: ${[found, ...others].join(', ')}`, {
      reason: 'elsewhere',
    })
  return found
}

/** The same thing by OCCI 1.2 and by OpenStack: the mixin that holds it, and its attribute. */
type Holder = readonly [mixin: string, attribute: string]
const PUBLIC_KEYS: readonly Holder[] = [
  [SSH_KEY, 'occi.credentials.ssh.publickey'],
  [OPENSTACK_PUBLIC_KEY, 'org.openstack.credentials.publickey.data'],
]
const USER_DATAS: readonly Holder[] = [
  [USER_DATA, 'occi.compute.userdata'],
  [OPENSTACK_USER_DATA, 'org.openstack.compute.user_data'],
]
const NONE: Pick<Described, 'mixins' | 'attributes'> = { mixins: [], attributes: {} }

function held(
  model: ServerModel,
  what: string,
  holders: readonly Holder[],
  value: string,
): Pick<Described, 'mixins' | 'attributes'> {
  const holder = holders.find(([mixin]) => model.has(mixin))
  if (holder === undefined)
    throw fault('refused', `its provider has no mixin that holds ${what}`, { reason: 'elsewhere' })
  const [mixin, attribute] = holder
  return { mixins: [mixin], attributes: { [attribute]: value } }
}
