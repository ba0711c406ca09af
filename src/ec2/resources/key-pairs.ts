import { fault } from '../../faults'
import { isShortName } from '../../model/ids'
import type { KeyPairRecord } from '../../model/records'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { pick } from '../filters/pick'

export interface KeyPairsAsked {
  readonly names?: readonly string[] | undefined
  readonly ids?: readonly string[] | undefined
}

/** Those of these names and ids, or all. Faults: 'malformed' for what is no id, 'not-found' naming all that are not there. */
export async function keyPairsAsked(
  { names, ids }: KeyPairsAsked,
  { operations, caller }: Ec2Context,
): Promise<readonly KeyPairRecord[]> {
  for (const id of ids ?? []) checkKeyPairId(id)
  const named = pick(await operations.listKeyPairs(caller), names, {
    nameOf: (record) => record.wish.name,
    field: 'KeyName',
    subject: 'keypair',
    says: (missing) => `The key pair '${missing}' does not exist`,
  })
  return pick(named, ids, {
    nameOf: (record) => record.wish.pair,
    field: 'KeyPairId',
    subject: 'keypair',
    says: (missing) => `The key pair ID '${missing}' does not exist`,
  })
}

/** Faults: 'malformed'. */
export function checkKeyPairId(id: string): void {
  if (!isShortName('keypair', id))
    throw fault('malformed', `Invalid id: "${shorten(id)}" (expecting "key-...")`, {
      field: 'KeyPairId',
      subject: { kind: 'keypair', id: shorten(id) },
    })
}
