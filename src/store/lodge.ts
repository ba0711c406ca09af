/** Giving a volume its place, or an address at a provider: scripts/lodge.lua. */
import { checkedId } from './check'
import { integer, unexpected } from './reply'
import { encode, loadScript, runScript, type Site } from './script'
import type { Claim, Store } from './store'

const script = loadScript('lodge')

const ANSWERS = { '1': 'done', '0': 'superseded', '-1': 'moved' } as const

/** 'superseded': a newer claim of it exists; 'moved': the host's claims changed since they were read. */
export async function lodge(
  site: Site,
  { ref, epoch }: Claim<'storage' | 'address'>,
  on: Parameters<Store['lodge']>[1],
  place: unknown,
  now: number,
): ReturnType<Store['lodge']> {
  const args = [
    ref.kind,
    ref.id,
    epoch.era,
    epoch.number,
    now,
    checkedId(on.host),
    on.revision,
    on.claim,
    encode(place),
    on.former ?? '',
  ]
  const answer = integer(await runScript(site, script, args))
  const said = ANSWERS[String(answer) as keyof typeof ANSWERS]
  if (said === undefined) throw unexpected(answer)
  return said
}
