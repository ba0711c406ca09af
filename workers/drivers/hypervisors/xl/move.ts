/**
 * A move, as the worker sees it: the machine's host says what it needs, the other one is asked under the same claim (so that from
 * then on it refuses older ones), and then the two hosts do it between them, detached (host/60-move.sh).
 */
import { fault } from '../../../../src/faults'
import type { Effect, EffectTicket, HostTarget } from '../../driver'
import type { XlHost } from './call'
import { word } from './config/pieces'
import { linesOf } from './parse/answer'

export interface MoveOrder {
  readonly to: HostTarget
  readonly how: 'live' | 'cold'
}

/** Why no machine moves live from a host (virt_caps of xl info). */
export const NO_HAP =
  'its processors have no hardware-assisted paging (hap), without which no machine moves while it runs'

const DONE: Effect = { state: 'done', value: null }

/** Faults: refused, unsupported (a PV machine that runs), and those of every call. */
export async function move(
  xl: XlHost,
  host: HostTarget,
  ticket: EffectTicket,
  { to, how }: MoveOrder,
): Promise<Effect> {
  if (to.id === host.id || to.address === host.address) return DONE
  const peer = word(to.name)
  const seen = await xl.look(host, ticket, 'xl_leaving')
  // This very work is under way: nothing more is asked before it.
  if (seen.work?.key === ticket.key) return xl.slow(host, ticket, 'xl_move', [peer, how])
  const facts = new Map(
    linesOf(seen.payload.toString('utf8')).map((line) => [
      line.slice(0, line.indexOf(' ')),
      line.slice(line.indexOf(' ') + 1),
    ]),
  )
  const fact = (name: string): string => facts.get(name) ?? ''
  const [state, mode] = [fact('state'), fact('mode')]
  if (state === 'absent') return arrived(xl, to, ticket)
  if (how === 'live' && state !== 'running') throw fault('refused', `${ticket.resource} is ${state}: no live move`)
  if (how === 'live' && !fact('caps').split(' ').includes('hap')) throw fault('unsupported', NO_HAP)
  if (how === 'live' && mode === 'pv')
    throw fault(
      'unsupported',
      'a machine of mode pv is not moved while it runs: Xen has no shadow paging for it any more',
    )
  if (!fact('mark').startsWith('handing')) await expected(xl, to, ticket, fact)
  return xl.slow(host, ticket, 'xl_move', [peer, how])
}

/** It is not here. Done if it is there. */
async function arrived(xl: XlHost, to: HostTarget, ticket: EffectTicket): Promise<Effect> {
  const there = await xl.look(to, ticket, 'xl_leaving')
  if (!there.payload.toString('utf8').includes('\nid '))
    throw fault('refused', `${ticket.resource} is not defined on this host`)
  return DONE
}

/** The other host says whether it could be there. A key of its own: what this host answers is kept by itself. */
async function expected(
  xl: XlHost,
  to: HostTarget,
  ticket: EffectTicket,
  fact: (name: string) => string,
): Promise<void> {
  const key = `${ticket.key}/there`
  const networks = fact('networks')
    .split(' ')
    .filter((one) => one !== '')
  const args = [ticket.resource, fact('id'), fact('memory') || '0', fact('kib') || '0', ...networks]
  await xl.answer(to, { ...ticket, key }, 'xl_expect', args)
}
