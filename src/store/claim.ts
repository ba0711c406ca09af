/** Claiming a record: scripts/claim.lua. */
import { fault } from '../faults'
import { type Epoch, NO_EPOCH } from '../model/epoch'
import type { Kind } from '../model/ids'
import { SCHEMA } from '../model/records'
import { decodeRecord } from './record'
import { texts, unexpected } from './reply'
import { loadScript, runScript, type Site } from './script'
import type { Claim } from './store'
import { AGENDA_RETURN_MS } from './sweep'

const script = loadScript('claim')

/**
 * The newest claim wins and is never waited for. `above`: an epoch that a host holds; where this store never drew it, a new era begins. Undefined
 * when the record is gone. 'unsupported' when a newer program wrote the record: it is not claimed. Run twice it draws two numbers, the second is
 * the claim.
 */
export async function claim<K extends Kind>(
  site: Site,
  kind: K,
  id: string,
  now: number,
  above: Epoch = NO_EPOCH,
): Promise<Claim<K> | undefined> {
  const args = [kind, id, now, AGENDA_RETURN_MS, SCHEMA, above.era, above.number]
  const [state, ...values] = texts(await runScript(site, script, args))
  if (state === 'gone') return undefined
  if (state === 'newer')
    throw fault('unsupported', `${kind} ${id} has schema ${values[0]}; this program knows up to ${SCHEMA}`, {
      subject: { kind, id },
    })
  const record = decodeRecord(kind, id, values)
  if (!record) throw unexpected([state])
  const { epoch, generation, wakes } = record
  return { ref: { kind, id }, epoch, generation, wakes, record }
}
