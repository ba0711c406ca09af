/** What a caller may do with key pairs: part of `Operations`. */
import type { KeyPairRecord } from '../../model/records'
import type { Caller } from '../context'

interface NewKeyPair {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  /** Check everything, change nothing. */
  readonly dryRun?: boolean
}

/** Either of the two names a key pair; both must name the same one. */
export interface KeyPairChoice {
  readonly name?: string
  /** `key-…` */
  readonly pair?: string
  readonly dryRun?: boolean
}

export interface KeyPairOperations {
  /** Makes a key. The private half (PEM) is in this answer and nowhere else. 'exists' when the name is taken. */
  createKeyPair(
    caller: Caller,
    order: NewKeyPair & { readonly type: 'rsa' | 'ed25519' },
  ): Promise<{ readonly record: KeyPairRecord; readonly privateKey: string }>
  /** 'invalid' (field publicKey) for what is no public RSA or ED25519 key. */
  importKeyPair(caller: Caller, order: NewKeyPair & { readonly material: Buffer }): Promise<KeyPairRecord>
  /** In order of creation. */
  listKeyPairs(caller: Caller): Promise<readonly KeyPairRecord[]>
  /** Undefined: there was none, which is success too. */
  deleteKeyPair(caller: Caller, choice: KeyPairChoice): Promise<KeyPairRecord | undefined>
}
