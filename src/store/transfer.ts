/** Moving a machine's place from one host to another: scripts/transfer.lua. */
import { randomUUID } from 'node:crypto'
import { monthOf } from '../model/providers/money'
import { checkedId } from './check'
import { integer, unexpected } from './reply'
import { encode, listed, loadScript, runScript, type Site } from './script'
import type { Claim, Store, Transfer } from './store'

const script = loadScript('transfer')

const ANSWERS = { '1': 'done', '0': 'superseded', '-1': 'moved' } as const

/** 'superseded': a newer claim of the machine exists; 'moved': the wish, the place, or the claims of the host changed since they were read. */
export async function transfer(
  site: Site,
  { ref, epoch }: Claim<'compute'>,
  { generation, phase, place, seen, journal, take, leave, volumes, endsUse, waits, what }: Transfer,
  now: number,
): ReturnType<Store['transfer']> {
  const args = [
    ...[ref.id, epoch.era, epoch.number],
    randomUUID(), // one per call: the call sent again after a lost reply counts once
    ...[now, what, generation ?? '', phase ?? '', encode(place), encode(seen), encode(journal)],
    ...(take ? [checkedId(take.host), take.revision] : ['', '']),
    ...listed(take?.claims, (one) => [checkedId(one.id), one.claim]),
    ...(take?.group ? [checkedId(take.group.group), take.group.revision] : ['', '']),
    leave ? checkedId(leave.host) : '',
    ...listed(leave?.ids, (id) => [checkedId(id)]),
    ...listed(volumes, (one) => [checkedId(one.id), encode(one.place)]),
    ...[monthOf(now), endsUse === true],
    waits === undefined ? '' : Number(waits),
  ]
  const answer = integer(await runScript(site, script, args))
  const said = ANSWERS[String(answer) as keyof typeof ANSWERS]
  if (said === undefined) throw unexpected(answer)
  return said
}
