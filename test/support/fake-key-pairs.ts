/** Key pairs in memory, with the real reading and making of keys. */
import { fault } from '../../src/faults'
import { NO_EPOCH } from '../../src/model/epoch'
import type { KeyPairId } from '../../src/model/ids'
import type { KeyPairRecord } from '../../src/model/records'
import type { Caller } from '../../src/operations/context'
import { makeKey } from '../../src/operations/key-pairs/make-key'
import type { KeyPairOperations } from '../../src/operations/key-pairs/operations'
import { type PublicKey, readPublicKey } from '../../src/operations/key-pairs/public-key'
import { at } from './fake-offers'

interface Order {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly dryRun?: boolean
}

export interface FakeKeyPairs extends KeyPairOperations {
  readonly keyPairs: Map<string, KeyPairRecord>
}

export function fakeKeyPairs(): FakeKeyPairs {
  const keyPairs = new Map<string, KeyPairRecord>()
  let drawn = 0
  const own = (caller: Caller) => [...keyPairs.values()].filter((one) => one.project === caller.project)

  const keep = (caller: Caller, { name, tags = {}, dryRun }: Order, key: PublicKey): KeyPairRecord => {
    if (own(caller).some((one) => one.wish.name === name))
      throw fault('exists', `The keypair '${name}' already exists.`, { subject: { kind: 'keypair', id: name } })
    drawn += 1
    const record: KeyPairRecord = {
      kind: 'keypair',
      id: `99999999-0000-4000-8000-${String(drawn).padStart(12, '0')}` as KeyPairId,
      project: caller.project,
      rev: 1,
      generation: 1,
      epoch: NO_EPOCH,
      wakes: 0,
      phase: 0,
      schema: 1,
      wish: { name, pair: `key-${drawn.toString(16).padStart(17, '0')}`, ...key, tags, createdAt: at + drawn },
      seen: null,
      journal: null,
      place: null,
    }
    if (!dryRun) keyPairs.set(record.id, record)
    return record
  }

  return {
    keyPairs,
    createKeyPair: async (caller, order) => {
      const { privateKey, ...key } = await makeKey(order.type)
      return { record: keep(caller, order, key), privateKey }
    },
    importKeyPair: async (caller, order) => keep(caller, order, readPublicKey(order.material)),
    listKeyPairs: async (caller) => own(caller),
    deleteKeyPair: async (caller, { name, pair, dryRun }) => {
      const found = own(caller).find((one) => one.wish.name === name || one.wish.pair === pair)
      if (found && !dryRun) keyPairs.delete(found.id)
      return found
    },
  }
}
