/** Every action of STS and IAM that is implemented: one file and one line each. */
import type { QueryAction } from '../action'
import { createAccessKey } from './create-access-key'
import { deleteAccessKey } from './delete-access-key'
import { getCallerIdentity } from './get-caller-identity'
import { getSessionToken } from './get-session-token'
import { getUser } from './get-user'
import { listAccessKeys } from './list-access-keys'
import { listAccountAliases } from './list-account-aliases'
import { updateAccessKey } from './update-access-key'

export const QUERY_ACTIONS: readonly QueryAction[] = [
  getCallerIdentity,
  getSessionToken,
  getUser,
  listAccountAliases,
  createAccessKey,
  listAccessKeys,
  updateAccessKey,
  deleteAccessKey,
]
