/**
 * Key pairs: public keys under names of a project (EC2 CreateKeyPair, ImportKeyPair, DeleteKeyPair). A private key that is made
 * here leaves with the answer and is kept nowhere, so a lost answer means another key.
 */
import { fault } from '../../faults'
import type { KeyPairId } from '../../model/ids'
import type { KeyPairRecord, KeyPairWish, ProjectRecord } from '../../model/records'
import type { Removal } from '../../store/store'
import { attempt, type Refusal } from '../attempt'
import { checkTags } from '../check-tags'
import type { Caller, Context } from '../context'
import { created } from '../created'
import { drawId, drawName } from '../draw'
import { held } from '../held'
import { makeKey } from './make-key'
import type { KeyPairChoice, KeyPairOperations } from './operations'
import { type PublicKey, readPublicKey } from './public-key'

type CreateOrder = Parameters<KeyPairOperations['createKeyPair']>[1]
type ImportOrder = Parameters<KeyPairOperations['importKeyPair']>[1]

/** EC2's quota of a region. */
const MOST_KEY_PAIRS = 5000

export async function listKeyPairs({ mirror }: Context, caller: Caller): Promise<readonly KeyPairRecord[]> {
  await mirror.fresh(caller.project)
  return mirror.list('keypair', caller.project)
}

/** Faults: 'invalid', 'too-large' (tags), 'exists', 'quota', 'forbidden', 'unavailable'. */
export async function createKeyPair(
  context: Context,
  caller: Caller,
  order: CreateOrder,
): Promise<{ readonly record: KeyPairRecord; readonly privateKey: string }> {
  await check(context, caller, order)
  const { privateKey, ...key } = await makeKey(order.type)
  return { record: await keep(context, caller, order, key), privateKey }
}

/** Faults: as createKeyPair's, and 'invalid' with field publicKey. */
export async function importKeyPair(context: Context, caller: Caller, order: ImportOrder): Promise<KeyPairRecord> {
  await check(context, caller, order)
  return keep(context, caller, order, readPublicKey(order.material))
}

/** Before the work of making a key: what would be refused anyway. */
async function check(context: Context, caller: Caller, { name, tags = {} }: CreateOrder | ImportOrder): Promise<void> {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(name))
    throw fault('invalid', 'the name of a key pair is 1 to 255 ASCII characters, no space at either end', {
      field: 'keyName',
    })
  checkTags(tags)
  await context.mirror.fresh(caller.project)
  refuseTaken(context, caller, name)
}

function refuseTaken({ mirror }: Context, { project }: Caller, name: string): ProjectRecord {
  const known = mirror.get('project', project)
  if (!known || known.wish.purging) throw fault('forbidden', 'your project takes no new orders')
  if (mirror.named(`keypair:${project}:${name}`)) throw taken(name)
  if (mirror.list('keypair', project).length >= MOST_KEY_PAIRS)
    throw fault('quota', `a project has at most ${MOST_KEY_PAIRS} key pairs`, { field: 'keyPairs' })
  return known
}

const taken = (name: string) =>
  fault('exists', `The keypair '${name}' already exists.`, { subject: { kind: 'keypair', id: name } })

function keep(
  context: Context,
  caller: Caller,
  { name, tags = {}, dryRun }: CreateOrder | ImportOrder,
  key: PublicKey,
): Promise<KeyPairRecord> {
  const id = drawId<KeyPairId>()
  const wish: KeyPairWish = { name, pair: drawName('keypair'), ...key, tags, createdAt: context.clock.now() }
  const create = {
    ref: { kind: 'keypair', id } as const,
    project: caller.project,
    wish,
    seen: null,
    journal: null,
    place: null,
    wake: false,
  }
  const record = created('keypair', create)
  return attempt(context, caller.actor, 'create-key-pair', async (refusal: Refusal | undefined) => {
    if (refusal?.state === 'taken') throw taken(name)
    await context.mirror.fresh(caller.project)
    const project = refuseTaken(context, caller, name)
    if (dryRun) return { change: undefined, value: record }
    const takes = namesOf(record).map((field) => ({ hash: 'names', field, value: `keypair:${id}` }))
    return { value: record, change: { holds: [held(project)], creates: [create], takes } }
  })
}

/** Machines keep the key that they were started with. Faults: 'combination' when the two names are of different pairs, 'unavailable'. */
export function deleteKeyPair(
  context: Context,
  caller: Caller,
  choice: KeyPairChoice,
): Promise<KeyPairRecord | undefined> {
  return attempt(context, caller.actor, 'delete-key-pair', async () => {
    await context.mirror.fresh(caller.project)
    const record = chosen(context, caller, choice)
    if (record === undefined || choice.dryRun) return { change: undefined, value: record }
    const { removal, releases } = keyPairRemoval(record)
    return { change: { removals: [removal], releases }, value: record }
  })
}

function chosen({ mirror }: Context, { project }: Caller, { name, pair }: KeyPairChoice): KeyPairRecord | undefined {
  const names = [...(name === undefined ? [] : [`keypair:${project}:${name}`]), ...(pair === undefined ? [] : [pair])]
  const [one, other = one] = names.map((key) => {
    const found = mirror.named(key)
    return found?.kind === 'keypair' && found.project === project ? found : undefined
  })
  if (one !== undefined && other !== undefined && one.id !== other.id)
    throw fault('combination', 'the name and the id are of two different key pairs', { field: 'keyName' })
  return one ?? other
}

const namesOf = ({ project, wish }: KeyPairRecord): readonly string[] => [wish.pair, `keypair:${project}:${wish.name}`]

/** What removes a key pair with its names. */
export const keyPairRemoval = (
  record: KeyPairRecord,
): { readonly removal: Removal; readonly releases: readonly { readonly hash: string; readonly field: string }[] } => ({
  removal: { ref: { kind: 'keypair', id: record.id }, project: record.project, generation: record.generation },
  releases: namesOf(record).map((field) => ({ hash: 'names', field })),
})
