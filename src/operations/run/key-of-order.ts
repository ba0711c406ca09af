import { fault } from '../../faults'
import type { Caller, Context } from '../context'
import type { RunOrder } from '../operations'

/**
 * The public key that an order's machines get: the one given with it (OCCI), else that of the key pair it names, which is kept
 * with the machine so that it outlives the pair. Faults: 'not-found' for a name that the project has no key pair of.
 */
export async function publicKeyOf(
  { mirror }: Context,
  { project }: Caller,
  order: RunOrder,
): Promise<string | undefined> {
  const { publicKey, keyName } = order
  if (publicKey !== undefined || keyName === undefined) return publicKey
  await mirror.fresh(project)
  const pair = mirror.named(`keypair:${project}:${keyName}`)
  if (pair?.kind === 'keypair') return pair.wish.publicKey
  throw fault('not-found', `The key pair '${keyName}' does not exist`, {
    field: 'keyName',
    subject: { kind: 'keypair', id: keyName },
  })
}
