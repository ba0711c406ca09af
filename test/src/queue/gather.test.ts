import { gather } from '../../../src/queue/gather'

interface Sending {
  readonly things: readonly string[]
  readonly done: () => void
  readonly fail: (thrown: Error) => void
}

/** A gatherer over sendings that end when told to. */
function open(rest?: () => Promise<void>) {
  const sendings: Sending[] = []
  const add = gather<string>((things) => new Promise((done, fail) => sendings.push({ things, done, fail })), rest)
  return { add, sendings, sent: () => sendings.map(({ things }) => things) }
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

test('what comes alone is sent at once', async () => {
  const { add, sendings, sent } = open()
  const first = add(['a'])
  expect(sent()).toEqual([['a']])
  sendings[0]?.done()
  await first
  const second = add(['b', 'c'])
  expect(sent()).toEqual([['a'], ['b', 'c']])
  sendings[1]?.done()
  await second
})

test('what comes while one is under way goes together with the next, and is not said to be sent before', async () => {
  const { add, sendings, sent } = open()
  const ends: string[] = []
  const adding = ['a', 'b', 'c'].map((thing) => add([thing]).then(() => ends.push(thing)))
  expect(sent()).toEqual([['a']])
  sendings[0]?.done()
  await settled()
  expect(ends).toEqual(['a'])
  expect(sent()).toEqual([['a'], ['b', 'c']])
  sendings[1]?.done()
  await Promise.all(adding)
  expect(ends).toEqual(['a', 'b', 'c'])
})

test('a sending that fails is told to all who were with it and to those who wait, and to nobody after', async () => {
  const { add, sendings, sent } = open()
  const first = add(['a'])
  const second = add(['b'])
  sendings[0]?.fail(new Error('away'))
  await expect(first).rejects.toThrow('away')
  await expect(second).rejects.toThrow('away')
  const third = add(['c'])
  expect(sent()).toEqual([['a'], ['c']])
  sendings[1]?.done()
  await third
})

test('while it rests after a sending nothing is sent; what came meanwhile goes together', async () => {
  const rests: (() => void)[] = []
  const { add, sendings, sent } = open(() => new Promise((over) => rests.push(over)))
  const first = add(['a'])
  sendings[0]?.done()
  // Who was sent does not wait for the rest.
  await first
  const later = [add(['b']), add(['c'])]
  await settled()
  expect(sent()).toEqual([['a']])
  rests[0]?.()
  await settled()
  expect(sent()).toEqual([['a'], ['b', 'c']])
  sendings[1]?.fail(new Error('away'))
  expect(await Promise.allSettled(later)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
  rests[1]?.()
  await settled()
  const last = add(['d'])
  expect(sent()).toEqual([['a'], ['b', 'c'], ['d']])
  sendings[2]?.done()
  await last
})
