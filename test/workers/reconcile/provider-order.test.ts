/** What of an order its provider is told: its own kind's section, as far as the operator allows it. */
import { type ComputeOptions, USUAL_OPTIONS } from '../../../src/model/options'
import type { ProviderTarget } from '../../../src/model/providers/target'
import type { BurstWish } from '../../../src/model/providers/template'
import type { ImageRecord, SealedText } from '../../../src/model/records'
import { providerOrder } from '../../../workers/reconcile/steps/provider-order'
import type { StepCall } from '../../../workers/reconcile/steps/step'
import { computeRecord } from '../../support/compute-record'
import { typeOf } from '../../support/provider-record'

const SMALL = typeOf('small', 1, 2, 40_000)
const TARGET: ProviderTarget = {
  region: 'eu-1',
  credentials: () => ({ account: 'a', secret: 's' }),
  settings: { subnet: 'subnet-own' },
  allowed: { zone: ['a'] },
  types: [SMALL],
  limits: { cores: null, memoryMiB: null },
  images: { 'image-1': 'ami-theirs', 'image-2': 'ami-other' },
}
const IMAGE = { id: 'image-1' } as unknown as ImageRecord
const sealed = (text: string) => text as SealedText

function ordered(burst: BurstWish | undefined, target = TARGET, options: Partial<ComputeOptions> = {}) {
  const base = computeRecord()
  const record = {
    ...base,
    wish: {
      ...base.wish,
      options: { ...USUAL_OPTIONS, ...options },
      userData: sealed('own'),
      ...(burst ? { burst } : {}),
    },
    place: { ...base.place, offer: { type: 'small', price: 40_000 } },
  }
  const call = { driver: { kind: 'ec2' }, record, unseal: (_id: string, text: string) => `opened ${text}` }
  return providerOrder(call as unknown as StepCall, target, IMAGE)
}

test('without a section as ever', () => {
  expect(ordered(undefined)).toEqual({
    ...{ type: SMALL, image: 'ami-theirs', hostname: null, publicKey: null, userData: 'opened own' },
    origin: expect.objectContaining({ path: [] }),
  })
})

test('that its owner may want it hibernated goes along', () => {
  expect(ordered(undefined, TARGET, { hibernates: true })).toMatchObject({ hibernates: true })
  expect(ordered(undefined, TARGET, { monitoring: true })).not.toHaveProperty('hibernates')
})

test('its own kind’s section goes along, with its image and its user data', () => {
  const section = { image: 'ami-other', zone: 'a' }
  const burst = { sections: { ec2: section, elastichosts: { tier: 'ssd' } }, userData: { ec2: sealed('there') } }
  expect(ordered(burst)).toMatchObject({ image: 'ami-other', userData: 'opened there', section })
  expect(ordered({ sections: { elastichosts: { tier: 'ssd' } } })).not.toHaveProperty('section')
})

test.each<[string, BurstWish, Partial<ProviderTarget>]>([
  ['a zone', { sections: { ec2: { zone: 'a' } } }, { allowed: {} }],
  ['an image', { sections: { ec2: { image: 'ami-other' } } }, { images: { 'image-1': 'ami-theirs' } }],
])('%s that its operator took away since is refused, and may be had elsewhere', (_what, burst, change) => {
  expect(() => ordered(burst, { ...TARGET, ...change })).toThrow(
    expect.objectContaining({ kind: 'refused', detail: { reason: 'elsewhere' } }),
  )
})
