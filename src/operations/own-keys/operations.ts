/** What users may do with their own credentials: part of `Operations`. */
import type { UserRecord } from '../../model/records'
import type { Caller } from '../context'
import type { KeyLine } from '../keys'

/** A key shown once. */
export interface NewOwnKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly createdAt: number
}

/** Temporary credentials, shown once and kept nowhere. */
export interface NewSession {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** ms since 1970 */
  readonly endsAt: number
}

export interface OwnKeyOperations {
  /** The user who asks. */
  ownUser(caller: Caller): Promise<UserRecord>
  /** At most two that have not ended ('quota'). It ends no later than the key that asks for it. */
  addOwnKey(caller: Caller): Promise<NewOwnKey>
  /** In order of creation. */
  listOwnKeys(caller: Caller): Promise<readonly KeyLine[]>
  /** Takes effect at once, in every gateway, for the very key that asks too. 'not-found' for one that is another user's. */
  setOwnKey(caller: Caller, accessKeyId: string, change: { readonly enabled: boolean }): Promise<void>
  removeOwnKey(caller: Caller, accessKeyId: string): Promise<void>
  /** Temporary credentials; see new-session.ts. */
  newSession(caller: Caller, seconds?: number): Promise<NewSession>
}
