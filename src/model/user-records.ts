/** Who may: users of projects, and the keys and tokens that they and operators come with. */
import type { Envelope } from './envelope'
import type { KeyId, UserId } from './ids'
import type { SealedText } from './sealed-text'

export interface UserWish {
  readonly name: string
  /** `scrypt$N$r$p$salt$hash`, base64url; never rendered. */
  readonly password: string
  /** Sealed HA1 of HTTP Digest, where the site had it when the password was set; never rendered. */
  readonly digest?: SealedText | null
  readonly enabled: boolean
  readonly createdAt: number
}
export type UserRecord = Envelope<'user', UserId, UserWish, null, null, null>

export interface KeyWish {
  /** `AKIA…` for tenants; the operator's token id for operators; `tok-…` for bearer tokens. */
  readonly accessKeyId: string
  /** Sealed secret (AES-256-GCM under the key ring, the record's id as associated data); a token's hash. Never rendered. */
  readonly secret: string
  readonly user: UserId | null
  readonly role: 'tenant' | 'operator' | 'token'
  readonly enabled: boolean
  /** Who disabled it; only an operator enables what an operator disabled. */
  readonly disabledBy?: 'operator' | 'user'
  /** Absent: all that its user may do. */
  readonly access?: 'read-only'
  /** When it ends, ms since 1970; a tenant's key without it never does. */
  readonly expiresAt?: number
  readonly createdAt: number
}
export type KeyRecord = Envelope<'key', KeyId, KeyWish, null, null, null>
