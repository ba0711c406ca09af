/** Orders that say the same share one preference; what any of them says otherwise makes another one. */
import fc from 'fast-check'
import { type PlacementWish, preferenceOf, wrongIn } from '../../../../src/model/placement'

const wish = fc.record<PlacementWish>(
  {
    requirements: fc.constantFrom('', 'A = 1', 'A = 2'),
    mode: fc.constantFrom('native', 'opennebula'),
    rank: fc.constantFrom('A', 'B'),
    policy: fc.constantFrom('packing', 'striping=2,cost'),
    priority: fc.integer({ min: -1, max: 1 }),
  },
  { requiredKeys: [] },
)
const wishes = fc.array(fc.option(wish, { nil: undefined }), { maxLength: 3 })

/** By the words of the documentation: what the first says who says anything counts, and all requirements hold. */
function naive(all: readonly (PlacementWish | undefined)[]) {
  const said = all.filter((one) => one !== undefined)
  const chooses = said.find(({ rank, policy }) => rank !== undefined || policy !== undefined)
  return {
    requirements: said
      .filter(({ requirements }) => requirements)
      .map(({ requirements, mode }) => ({ text: requirements, mode: mode ?? 'native' })),
    ranks: chooses?.rank ?? chooses?.policy ?? 'striping',
    priority: said.map(({ priority }) => priority).find((priority) => priority !== undefined) ?? 0,
  }
}

test('whoever asked before, each gets what it says itself', () => {
  const ranks: Readonly<Record<string, unknown>> = {
    A: [{ rank: 'A', weight: 1 }],
    B: [{ rank: 'B', weight: 1 }],
    packing: [{ rank: 'RUNNING_VMS', weight: 1 }],
    striping: [{ rank: '- RUNNING_VMS', weight: 1 }],
    'striping=2,cost': [
      { rank: '- RUNNING_VMS', weight: 2 },
      { rank: '- COST * 1000000', weight: 1 },
    ],
  }
  fc.assert(
    fc.property(wishes, (all) => {
      const { ranks: name, ...rest } = naive(all)
      expect(preferenceOf(all)).toEqual({ ...rest, shares: ranks[name] })
    }),
  )
})

test('who says the same has the same value, and who says another thing has not', () => {
  fc.assert(
    fc.property(wishes, wishes, (one, other) => {
      expect(preferenceOf(structuredClone(one))).toBe(preferenceOf(one))
      if (JSON.stringify(preferenceOf(one)) !== JSON.stringify(preferenceOf(other)))
        expect(preferenceOf(one)).not.toBe(preferenceOf(other))
    }),
  )
})

test('more texts than are kept are still told apart', () => {
  const ranks = Array.from({ length: 2500 }, (_, at) => `A + ${at}`)
  const told = ranks.map((rank) => preferenceOf([{ rank }]).shares[0]?.rank)
  expect(told).toEqual(ranks)
})

test('an expression with control characters in a name is none; blanks of several lines are', () => {
  const requirements = 'RACK = "a"\r\n\t| RACK = "b"'
  expect(wrongIn({ requirements })).toBeUndefined()
  for (const sign of ['\u001b[2J', '\u0007', '\u009b'])
    expect(wrongIn({ requirements: `RACK = "${sign}"` })).toMatchObject({ field: 'requirements' })
})
