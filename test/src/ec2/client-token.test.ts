import fc from 'fast-check'
import { digestOf, orAsBefore, tokenOf } from '../../../src/ec2/client-token'
import { type FaultKind, fault } from '../../../src/faults'

test('the order of parameters, the token itself and DryRun make no difference; everything else does', () => {
  const order = { MinCount: 1, Placement: { AvailabilityZone: 'a', Tenancy: 'default' }, Tags: ['x', 'y'] }
  const same = { Tags: ['x', 'y'], Placement: { Tenancy: 'default', AvailabilityZone: 'a' }, MinCount: 1 }
  expect(digestOf({ ...same, ClientToken: 't', DryRun: true })).toBe(digestOf(order))
  expect(digestOf({ ...order, Tags: ['y', 'x'] })).not.toBe(digestOf(order))
  expect(digestOf({ ...order, MinCount: 2 })).not.toBe(digestOf(order))
  expect(digestOf(order)).toMatch(/^[0-9a-f]{64}$/)
})

test('any two orders that differ differ in their digests', () => {
  const order = fc.dictionary(fc.string({ maxLength: 4 }), fc.oneof(fc.integer(), fc.string({ maxLength: 4 })), {
    maxKeys: 4,
  })
  fc.assert(
    fc.property(order, order, (a, b) => {
      const [{ ClientToken: _a, DryRun: _c, ...one }, { ClientToken: _b, DryRun: _d, ...two }] = [a, b]
      const text = (value: object) => JSON.stringify(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      return (digestOf(a) === digestOf(b)) === (text(one) === text(two))
    }),
  )
})

test('an order without a token is known by nothing', () => {
  expect(tokenOf({ ClientToken: '' })).toEqual({})
  expect(tokenOf({ ClientToken: 't', DryRun: true })).toEqual({ token: { token: 't', digest: digestOf({}) } })
})

describe('an order that cannot be carried out', () => {
  const before = jest.fn(async (): Promise<string | undefined> => 'the first answer')
  const failing = (kind: FaultKind) => () => Promise.reject(fault(kind, 'it is not there'))
  beforeEach(() => before.mockClear())

  test('is answered as it was before', async () => {
    expect(await orAsBefore({ ClientToken: 't' }, failing('not-found'), before)).toBe('the first answer')
    expect(before).toHaveBeenCalledWith({ token: 't', digest: digestOf({}) })
  })

  test.each([
    ['that bears no token', {}, 'not-found'],
    ['that is a dry run', { ClientToken: 't', DryRun: true }, 'not-found'],
    ['while the store does not answer', { ClientToken: 't' }, 'unavailable'],
    ['whose token came with other parameters', { ClientToken: 't' }, 'idempotency'],
  ] as const)('%s is refused, and nothing is looked for', async (_name, input, kind) => {
    await expect(orAsBefore(input, failing(kind), before)).rejects.toMatchObject({ kind })
    expect(before).not.toHaveBeenCalled()
  })

  test('and whose token is new is refused with its own reason', async () => {
    before.mockResolvedValueOnce(undefined)
    const order = orAsBefore({ ClientToken: 't' }, failing('not-found'), before)
    await expect(order).rejects.toMatchObject({ kind: 'not-found', message: 'it is not there' })
  })

  test('one that can be is, and nothing is looked for', async () => {
    expect(await orAsBefore({ ClientToken: 't' }, async () => 'made', before)).toBe('made')
    expect(before).not.toHaveBeenCalled()
  })
})
