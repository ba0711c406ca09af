/** Records of a project that no host has anything of: key pairs, what was seen of a console, mixins that users make. */
import type { Envelope } from './envelope'
import type { ComputeId, KeyPairId, MixinId } from './ids'

/** A public key under a name of its project (EC2 key pair). The private half, where we made it, was told once and is not kept. */
export interface KeyPairWish {
  /** Unique in its project. */
  readonly name: string
  /** `key-…` */
  readonly pair: string
  readonly type: 'rsa' | 'ed25519'
  /** One line in OpenSSH's form, without a comment. */
  readonly publicKey: string
  /** As EC2 computes it for keys it made, or for keys it was given. */
  readonly fingerprint: string
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
}
export type KeyPairRecord = Envelope<'keypair', KeyPairId, KeyPairWish, null, null, null>

/** A wish to see a machine's console and what was seen of it. Its id is the machine's; made when first asked for, kept an hour. */
export interface ConsoleWish {
  /** How often it was asked for. */
  readonly asked: number
  readonly createdAt: number
  /** ms; of the last asking. */
  readonly askedAt: number
}
export interface ConsoleSeen {
  /** The asking that this answers. */
  readonly asked: number
  /** The newest bytes, at most 64 KiB of UTF-8; null where there is nothing to look at. */
  readonly text: string | null
  /** ms */
  readonly at: number
}
export type ConsoleRecord = Envelope<'console', ComputeId, ConsoleWish, ConsoleSeen | null, null, null>

/** A tag of a project's own (GFD.221 §4.5.3). Its members name it in their wishes, so that deleting it ends all associations. */
export interface MixinWish {
  readonly term: string
  /** Ends in `#`. */
  readonly scheme: string
  readonly title: string | null
  /** As given, known or not; OCCI shows the first as `rel`. */
  readonly depends: readonly string[]
  /** Kinds that it may be put on; empty: any. */
  readonly applies: readonly string[]
  /** Path of its collection, with a slash at both ends. */
  readonly location: string
  readonly createdAt: number
}
export type MixinRecord = Envelope<'mixin', MixinId, MixinWish, null, null, null>
