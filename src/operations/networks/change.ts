/** Changing a project's network: texts, range, the level up or down (OCCI PUT, POST, up, down). */
import { fault } from '../../faults'
import { isUp, type NetworkRecord, type NetworkWish } from '../../model/records'
import { networkLabel } from '../../store/names'
import type { Change } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { checkRange, checkWords, refuseOverlap } from './check'
import { nextTurn, refuseLabel, refuseTaken, turnsOf } from './create'
import type { ChangeNetworkOrder } from './operations'
import { ownNetwork, refuseUsed } from './read'

/** Faults: 'not-found', 'forbidden', 'invalid', 'in-use', 'conflict', 'exists' (label), 'unavailable'. */
export const changeNetwork = async (
  context: Context,
  caller: Caller,
  order: ChangeNetworkOrder,
): Promise<NetworkRecord> => attemptOne(context, caller.actor, 'change-network', changingNetwork(caller, order))

/** The decision by itself. */
export function changingNetwork(caller: Caller, order: ChangeNetworkOrder): Propose<NetworkRecord> {
  checkWords(order)
  return async (context, refusal) => {
    const { project } = caller
    refuseTaken(refusal, project)
    await context.mirror.fresh(project)
    const former = ownNetwork(context.mirror, caller, order.network)
    if (order.sameLevel === 'refuse' && order.up !== undefined) refuseSameLevel(former, order.up)
    const wish = wished(context, former, caller, order)
    const value = { ...former, wish }
    const isAlone = needsNobody(former, wish)
    if (isAlone) refuseUsed(context.mirror, former)
    if (order.dryRun || JSON.stringify(wish) === JSON.stringify(former.wish)) return { change: undefined, value }
    // A machine that is ordered on it meanwhile has it decided again: orders hold their networks' generations.
    const unchanged = isAlone ? [{ project, revision: context.mirror.revision(project) }] : []
    return { value, change: { ...changeOf(former, wish, caller), unchanged } }
  }
}

/** Whether this changes what machines on it are connected to. */
const needsNobody = (former: NetworkRecord, wish: NetworkWish): boolean =>
  (isUp(former) && wish.up === false) || former.wish.cidr !== wish.cidr || former.wish.gateway !== wish.gateway

function wished(
  { mirror }: Context,
  former: NetworkRecord,
  { project }: Caller,
  order: ChangeNetworkOrder,
): NetworkWish {
  const { summary: oldSummary, label: oldLabel, allocation: oldAllocation, ...kept } = former.wish
  const summary = order.summary === undefined ? oldSummary : (order.summary ?? undefined)
  const label = order.label === undefined ? oldLabel : (order.label ?? undefined)
  const allocation =
    order.allocation === undefined ? oldAllocation : order.allocation === 'static' ? 'static' : undefined
  const cidr = order.cidr ?? kept.cidr
  const gateway = order.gateway === undefined ? kept.gateway : (order.gateway ?? '')
  if (label !== oldLabel) refuseLabel(mirror, project, label)
  const moves = cidr !== kept.cidr
  if (moves || gateway !== kept.gateway) checkRange(cidr, gateway)
  if (moves) refuseOverlap(mirror, { id: former.id, cidr, project })
  return {
    ...kept,
    name: label ?? kept.subnet,
    title: order.title === undefined ? kept.title : (order.title ?? ''),
    cidr,
    gateway,
    up: order.up ?? isUp(former),
    ...(moves ? { turn: nextTurn(mirror, project) } : {}),
    ...(summary === undefined ? {} : { summary }),
    ...(label === undefined ? {} : { label }),
    ...(allocation === undefined ? {} : { allocation }),
  }
}

/** By its generation; a new label and turn are taken, the former ones free. */
function changeOf(
  { id, project, generation, wish: before }: NetworkRecord,
  wish: NetworkWish,
  caller: Caller,
): Pick<Change, 'updates' | 'takes' | 'releases'> {
  const value = `network:${id}`
  const label = (text: string) => ({ hash: 'names', field: networkLabel(caller.project, text) })
  const turn = (number: number) => ({ hash: turnsOf(caller.project), field: String(number) })
  return {
    updates: [{ ref: { kind: 'network', id }, project, generation, wish, raisePhase: false, wake: true }],
    takes: [
      ...(wish.label === undefined || wish.label === before.label ? [] : [{ ...label(wish.label), value }]),
      ...(wish.turn === undefined || wish.turn === before.turn ? [] : [{ ...turn(wish.turn), value }]),
    ],
    releases: [
      ...(before.label === undefined || wish.label === before.label ? [] : [label(before.label)]),
      ...(before.turn === undefined || wish.turn === before.turn ? [] : [turn(before.turn)]),
    ],
  }
}

/** Faults: 'state', naming the level that it has already. */
function refuseSameLevel(record: NetworkRecord, up: boolean): void {
  if (isUp(record) !== up) return
  throw fault('state', `the network ${record.id} is ${up ? 'up' : 'down'} already`, {
    subject: { kind: 'network', id: record.id },
    allowed: [up ? 'down' : 'up'],
  })
}
