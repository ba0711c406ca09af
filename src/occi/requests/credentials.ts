/**
 * Keys and user data of a creation. OCCI 1.2 (GFD.224 §3.6) and OpenStack (occi-os, as rOCCI sends it) have a mixin each for the
 * same thing; both of one sort in one request are a conflict. Faults name the attribute, never its value.
 */
import { fault } from '../../faults'
import { type ComputeValue, textOf } from './compute-values'

const SSH_KEY = 'occi.credentials.ssh.publickey'
const OPENSTACK_KEY = 'org.openstack.credentials.publickey.data'
const OPENSTACK_KEY_NAME = 'org.openstack.credentials.publickey.name'
const USER_DATA = 'occi.compute.userdata'
const OPENSTACK_USER_DATA = 'org.openstack.compute.user_data'

/** EC2's limit, in bytes before base64. */
const MOST_USER_DATA = 16 * 1024
const PUBLIC_KEY = /^(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3}(?: [^\p{Cc}]*)?$/u
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

export interface Credentials {
  readonly publicKey?: string
  readonly keyName?: string
  /** base64 */
  readonly userData?: string
}

/** Throws 'conflict' for two of one sort, 'invalid', 'too-large'. */
export function credentialsOf(values: ReadonlyMap<string, ComputeValue>): Credentials {
  const publicKey = oneOf(values, SSH_KEY, OPENSTACK_KEY)
  const keyName = textOf(values, OPENSTACK_KEY_NAME)
  const userData = oneOf(values, USER_DATA, OPENSTACK_USER_DATA)
  return {
    ...(publicKey === undefined ? {} : { publicKey: checkedKey(publicKey) }),
    ...(keyName === undefined || keyName === '' ? {} : { keyName }),
    ...(userData === undefined || userData.value === '' ? {} : { userData: asBase64(userData) }),
  }
}

interface Given {
  readonly field: string
  readonly value: string
}

function oneOf(values: ReadonlyMap<string, ComputeValue>, ours: string, theirs: string): Given | undefined {
  const [one, other] = [ours, theirs].flatMap((field): readonly Given[] => {
    const value = textOf(values, field)
    return value === undefined ? [] : [{ field, value }]
  })
  if (other !== undefined)
    throw fault('conflict', `${ours} and ${theirs} say the same thing: send one of them`, { field: theirs })
  return one
}

function checkedKey({ field, value }: Given): string {
  const key = value.trim()
  if (!PUBLIC_KEY.test(key)) throw fault('invalid', `${field} is no public key in OpenSSH's form`, { field })
  return key
}

/** What decodes cleanly is base64 already; all else is taken as it is. */
export function asBase64({ field, value }: Given): string {
  const packed = value.replace(/\s+/g, '')
  const bytes = BASE64.test(packed) ? Buffer.from(packed, 'base64') : Buffer.from(value, 'utf8')
  if (bytes.length > MOST_USER_DATA)
    throw fault('too-large', `${field} has ${bytes.length} bytes, at most ${MOST_USER_DATA}`, { field })
  return bytes.toString('base64')
}
