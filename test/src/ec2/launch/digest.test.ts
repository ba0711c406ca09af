import fc from 'fast-check'
import { digestOf } from '../../../../src/ec2/launch/digest'

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
