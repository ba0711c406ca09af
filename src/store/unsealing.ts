/**
 * Opening sealed texts where none is sealed: a worker that puts user data on a machine's seed disk. The ring is read when it is
 * first needed and again when a text names a key that it lacks, so a ring that is brought or rotated later is found by itself.
 * It is never made here: another ring than the gateways' would open nothing.
 */
import { asFault, fault } from '../faults'
import type { Log } from '../log'
import type { SealedText } from '../model/records'
import { readKeyRingFile } from './key-ring'
import { type KeyRing, keyOf, unseal } from './sealed'

export type Unsealing = (recordId: string, sealed: SealedText) => string

/** Faults of the result: 'unavailable' while there is no ring with that key; 'internal' for a text that is another record's. */
export function openUnsealing(file: string, log: Log): Unsealing {
  let ring: KeyRing | undefined
  const has = (sealed: SealedText): boolean => ring !== undefined && keyOf(ring, sealed) !== undefined
  return (recordId, sealed) => {
    if (!has(sealed)) ring = read(file, log) ?? ring
    if (ring !== undefined && has(sealed)) return unseal(ring, recordId, sealed)
    log.error(
      { file },
      'no key ring that opens user data: copy the gateways’ to this machine, or name it by OCCI_GATEWAY_KEYS',
    )
    throw fault('unavailable', 'the worker cannot open its user data: it has not the key ring of the site')
  }
}

function read(file: string, log: Log): KeyRing | undefined {
  try {
    return readKeyRingFile(file)
  } catch (thrown) {
    log.error({ file, message: asFault(thrown).message }, 'the key ring cannot be read')
    return undefined
  }
}
