/** Changing a project's network: texts, range, the level up or down (OCCI PUT, POST, up, down). */
import { asFault } from '../../faults'
import { isUp, type NetworkRecord, type NetworkWish } from '../../model/records'
import { networkLabel } from '../../store/names'
import type { Change } from '../../store/store'
import { attempt } from '../attempt'
import type { Caller, Context } from '../context'
import { checkRange, checkWords, refuseOverlap } from './check'
import { nextTurn, refuseLabel, refuseTaken, turnsOf } from './create'
import type { ChangeNetworkOrder } from './operations'
import { ownNetwork, refuseUsed } from './read'

/** Faults: 'not-found', 'forbidden', 'invalid', 'in-use', 'conflict', 'exists' (label), 'unavailable'. */
export async function changeNetwork(
  context: Context,
  caller: Caller,
  order: ChangeNetworkOrder,
): Promise<NetworkRecord> {
  checkWords(order)
  const before = await write(context, caller, order)
  if (order.dryRun || !needsNobody(before.former, before.wish)) return before.value
  // A machine that was ordered between the look at its users and the wish is seen now: orders hold their networks' generations.
  try {
    await context.mirror.fresh(caller.project)
    refuseUsed(context.mirror, before.former)
  } catch (thrown) {
    if (asFault(thrown).kind !== 'in-use') throw thrown
    const { cidr, gateway } = before.former.wish
    await write(
      context,
      caller,
      { network: order.network, up: isUp(before.former), cidr, gateway: gateway || null },
      'anyway',
    )
    throw thrown
  }
  return before.value
}

interface Written {
  readonly former: NetworkRecord
  readonly wish: NetworkWish
  readonly value: NetworkRecord
}

function write(
  context: Context,
  caller: Caller,
  order: ChangeNetworkOrder,
  how: 'unused' | 'anyway' = 'unused',
): Promise<Written> {
  return attempt(context, caller.actor, 'change-network', async (refusal) => {
    refuseTaken(refusal, caller.project)
    await context.mirror.fresh(caller.project)
    const former = ownNetwork(context.mirror, caller, order.network)
    const wish = wished(context, former, caller, order)
    const value = { former, wish, value: { ...former, wish } }
    if (how === 'unused' && needsNobody(former, wish)) refuseUsed(context.mirror, former)
    if (order.dryRun || JSON.stringify(wish) === JSON.stringify(former.wish)) return { change: undefined, value }
    return { value, change: changeOf(former, wish, caller) }
  })
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
