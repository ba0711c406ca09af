import type { ComputeId, HostId } from '../../../../src/model/ids'
import type { Placing } from '../../../../src/store/store'
import { planInParts } from '../../../../workers/reconcile/placement/parts'
import type { Placings } from '../../../../workers/reconcile/placement/placings'
import type { Placed, Planning } from '../../../../workers/scheduler/place'

const placings: Placings = {
  of: (placed) => placed.map(({ machine, host }) => ({ ref: { id: machine }, on: { host } }) as unknown as Placing),
  // Of one in two the reasons are those that it was told.
  ofLeft: (left) =>
    left
      .filter((_, at) => at % 2 === 0)
      .map(({ machine }) => ({ ref: { id: machine }, on: null }) as unknown as Placing),
}

/** A plan in steps of so many places; `told` has each step as soon as it is made. */
function* planning(steps: readonly number[], left: number, told: number[] = []): Planning {
  let next = 0
  for (const size of steps) {
    told.push(size)
    yield Array.from({ length: size }, (): Placed => {
      next += 1
      return { machine: `m${next}` as ComputeId, host: `h${next % 3}` as HostId }
    })
  }
  const waiting = { reasons: {}, examples: [], wouldFit: '' }
  return { isCut: false, left: Array.from({ length: left }, (_, at) => ({ machine: `l${at}` as ComputeId, waiting })) }
}

async function all(parts: AsyncGenerator<readonly Placing[]>): Promise<readonly (readonly string[])[]> {
  const told: string[][] = []
  for await (const part of parts) told.push(part.map(({ ref }) => ref.id))
  return told
}

const named = (letter: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `${letter}${from + at}`)

test('a thousand each, in their order, and with the last of them who is left', async () => {
  const { parts, made } = planInParts(planning(Array(25).fill(100), 4), placings, 'as it is made')
  expect(await all(parts)).toEqual([
    named('m', 1, 1000),
    named('m', 1001, 2000),
    [...named('m', 2001, 2500), 'l0', 'l2'],
  ])
  expect(made).toEqual({ placed: 2500, hosts: new Set(['h0', 'h1', 'h2']), left: 4, placings: 2502, isCut: false })
})

test('a part is there as soon as it is made, and nothing after it is thought out yet', async () => {
  const told: number[] = []
  const { parts, made } = planInParts(planning(Array(30).fill(100), 0, told), placings, 'as it is made')
  expect((await parts.next()).value).toHaveLength(1000)
  expect(told).toHaveLength(10)
  expect(made).toMatchObject({ placed: 1000, placings: 1000 })
})

test('of what holds as a whole only, nothing is there before all of it is made', async () => {
  const told: number[] = []
  const { parts } = planInParts(planning(Array(30).fill(100), 0, told), placings, 'as a whole')
  expect((await parts.next()).value).toHaveLength(1000)
  expect(told).toHaveLength(30)
  expect((await all(parts)).map((part) => part.length)).toEqual([1000, 1000])
})

test('who asks for one part lets others have their turn before it is made', async () => {
  const told: number[] = []
  const { parts } = planInParts(planning([1], 0, told), placings, 'as it is made')
  const coming = parts.next()
  await Promise.resolve()
  expect(told).toEqual([])
  expect((await coming).value).toHaveLength(1)
})

test('nothing to place and nothing new to tell is no part', async () => {
  const { parts, made } = planInParts(planning([], 0), placings, 'as it is made')
  expect(await all(parts)).toEqual([])
  expect(made.placings).toBe(0)
})
