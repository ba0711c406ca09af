import { fault, isThrottled } from '../../../../../src/faults'
import { codeOf, ec2Fault } from '../../../../../workers/drivers/providers/ec2/faults'

const thrown = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error(`because of ${name}`), { name, $metadata: { httpStatusCode } })

test.each<readonly [string, number | undefined, string]>([
  ['RequestLimitExceeded', 503, 'busy'],
  ['Throttling', 400, 'busy'],
  ['IncorrectInstanceState', 400, 'busy'],
  ['AuthFailure', 401, 'unreachable'],
  ['SignatureDoesNotMatch', 403, 'unreachable'],
  ['InternalError', 500, 'unreachable'],
  ['Unavailable', 503, 'unreachable'],
  ['InsufficientInstanceCapacity', 500, 'refused'],
  ['InsufficientInstanceCapacity', undefined, 'unreachable'],
  ['InvalidParameterValue', 400, 'refused'],
  ['SyntaxError', 200, 'unreachable'],
])('%s with %p is %s', (name, status, kind) => {
  expect(ec2Fault(thrown(name, status)).kind).toBe(kind)
})

test.each([
  ['RequestLimitExceeded', true],
  ['Throttling', true],
  ['SlowDown', true],
  ['IncorrectInstanceState', false],
  ['ConcurrentTagAccess', false],
])('%s is that the account asks too much: %s', (name, is) => {
  expect(isThrottled(ec2Fault(thrown(name, 503)))).toBe(is)
})

test.each([
  'InsufficientInstanceCapacity',
  'InstanceLimitExceeded',
  'VcpuLimitExceeded',
  'InvalidAMIID.NotFound',
  'InvalidAMIID.Malformed',
  'InvalidInstanceType',
  'UnauthorizedOperation',
  'Unsupported',
  'UnsupportedHibernationConfiguration',
])('%s is refused here, and may be had elsewhere', (name) => {
  expect(ec2Fault(thrown(name, 400))).toMatchObject({ kind: 'refused', detail: { reason: 'elsewhere' } })
})

test('of a machine that cannot be hibernated there its owner reads so', () => {
  expect(ec2Fault(thrown('UnsupportedHibernationConfiguration', 400)).message).toBe(
    'its provider cannot hibernate a machine of this type and image (UnsupportedHibernationConfiguration)',
  )
})

test('an answer that never came is of unknown outcome', () => {
  expect(ec2Fault(thrown('AbortError')).kind).toBe('timeout')
  expect(ec2Fault(thrown('TimeoutError')).kind).toBe('timeout')
  expect(ec2Fault(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })).kind).toBe('unreachable')
  expect(ec2Fault('nothing').kind).toBe('unreachable')
})

test('credentials that are not accepted are named, and no conclusion is drawn from them', () => {
  expect(ec2Fault(thrown('AuthFailure', 401)).detail.reason).toBe('not-authenticated')
})

test('a fault stays as it is, and its code can be read from its cause', () => {
  const one = fault('refused', 'no')
  expect(ec2Fault(one)).toBe(one)
  expect(codeOf(ec2Fault(thrown('InvalidKeyPair.Duplicate', 400)).detail.cause)).toBe('InvalidKeyPair.Duplicate')
})

test('a message of a provider is told in part, however long it is', () => {
  expect(
    ec2Fault(Object.assign(new Error('x'.repeat(10_000)), { name: 'E', $metadata: { httpStatusCode: 400 } })).message
      .length,
  ).toBeLessThan(400)
})
