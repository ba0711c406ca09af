/**
 * What an EC2 service's refusal means to us (EC2 API reference, error codes). What is not known to have been refused may have
 * happened: its outcome is unknown, and the same again is asked under the same key.
 */
import { Fault, type FaultDetail, fault } from '../../../../src/faults'

/** The account asks too much; nothing was done. */
const THROTTLED = /^(?:RequestLimitExceeded|Throttling|ThrottlingException|SlowDown|EC2ThrottledException)$/

/** It was not done, and is to be asked again a little later. */
const NOT_YET =
  /^(?:ResourceCountExceeded|ConcurrentTagAccess|IncorrectInstanceState|IncorrectState|IncorrectModificationState)$/

/** This account cannot have the machine now: another provider may. */
const ELSEWHERE =
  /^(?:InsufficientInstanceCapacity|InsufficientHostCapacity|InsufficientCapacity|InsufficientFreeAddressesInSubnet|InsufficientAddressCapacity|InstanceLimitExceeded|VcpuLimitExceeded|MaxSpotInstanceCountExceeded|InvalidAMIID\.\w+|InvalidInstanceType|InvalidSubnetID\.\w+|InvalidGroup\.\w+|Unsupported|UnsupportedOperation|UnsupportedHibernationConfiguration|OptInRequired|PendingVerification|UnauthorizedOperation|InvalidParameterCombination)$/

/** Codes of which an owner can make something are said in words. */
const WORDS: Readonly<Record<string, string>> = {
  AddressLimitExceeded: 'its provider gives this account no more addresses (AddressLimitExceeded)',
  UnsupportedHibernationConfiguration:
    'its provider cannot hibernate a machine of this type and image (UnsupportedHibernationConfiguration)',
}

/** Whatever is asked, nothing is told and nothing done. */
const NOT_AUTHENTICATED =
  /^(?:AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch|RequestExpired|MissingAuthenticationToken|Blocked|ExpiredToken|InvalidAccessKeyId)$/

const MOST_WORDS = 300

/** What the SDK threw, as far as it says. */
interface Thrown {
  readonly name: string
  readonly message: string
  readonly status: number | undefined
}

function said(thrown: unknown): Thrown {
  if (typeof thrown !== 'object' || thrown === null) return { name: '', message: String(thrown), status: undefined }
  const { name, message, $metadata } = thrown as Record<string, unknown>
  // A connection that broke has metadata too, and no status in it: then nobody knows what was done.
  const code =
    typeof $metadata === 'object' && $metadata !== null && 'httpStatusCode' in $metadata
      ? $metadata.httpStatusCode
      : undefined
  const status = typeof code === 'number' ? code : undefined
  return { name: String(name ?? ''), message: String(message ?? '').slice(0, MOST_WORDS), status }
}

const FULL = /^Insufficient(?:InstanceCapacity|HostCapacity|Capacity|FreeAddressesInSubnet|AddressCapacity)$/

/** EC2: there is no room for such a machine in that zone now. What was asked for was not made. */
export const isFull = (thrown: unknown): boolean => FULL.test(said(thrown).name)

/** The code of a refusal, `InvalidInstanceID.NotFound`; '' for what is none. */
export const codeOf = (thrown: unknown): string => said(thrown).name

/**
 * The fault for what a call threw: 'refused' (some with reason `elsewhere`), 'busy', 'unreachable', 'timeout'. A fault stays as it is. The
 * provider's own words name the operator's account, networks and groups, and owners of machines read messages: those stay the cause,
 * for the log.
 */
export function ec2Fault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  const { name, message, status } = said(thrown)
  const told = (detail: FaultDetail = {}): FaultDetail => ({ ...detail, cause: thrown })
  if (name === 'AbortError' || name === 'TimeoutError')
    return fault('timeout', 'its provider did not answer in time', told())
  if (THROTTLED.test(name)) return fault('busy', `its provider asks to wait (${name})`, told({ reason: 'throttled' }))
  if (NOT_YET.test(name)) return fault('busy', `its provider asks to wait (${name})`, told())
  if (NOT_AUTHENTICATED.test(name) || status === 401)
    return fault('unreachable', `its provider does not accept our credentials (${name})`, {
      ...told(),
      reason: 'not-authenticated',
    })
  // Amazon answers these with 500 (API reference, server error codes); their name says that nothing was made.
  if (status !== undefined && status >= 400 && isFull(thrown))
    return fault('refused', `its provider refuses it (${name})`, told({ reason: 'elsewhere' }))
  if (status === undefined || status >= 500 || status < 400)
    return fault('unreachable', `its provider gave no answer: ${message}`, told())
  if (ELSEWHERE.test(name))
    return fault('refused', WORDS[name] ?? `its provider refuses it (${name})`, told({ reason: 'elsewhere' }))
  return fault('refused', WORDS[name] ?? `its provider refuses it (${name})`, told())
}
