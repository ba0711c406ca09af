import { openCursors } from '../../../src/store/cursors'

/** A cursor in a Redis that answers when the test says so, and a clock that stands. */
function open() {
  const state = { at: 0, now: 1_000, answers: [] as (() => void)[], drawn: [] as number[] }
  const draw = (_cursor: string, by: number) =>
    new Promise<number>((resolve) => {
      state.drawn.push(by)
      state.at += by
      const first = state.at - by
      state.answers.push(() => resolve(first))
    })
  const ask = openCursors(draw, () => state.now)
  const answer = (): void => {
    for (const one of state.answers.splice(0)) one()
  }
  return { state, answer, ask: (by: number, most = 64) => ask('leases', by, most) }
}
type Opened = ReturnType<typeof open>

/** One that asks alone. */
async function alone({ ask, answer }: Opened, by: number, most?: number): Promise<number> {
  const given = ask(by, most)
  answer()
  return given
}

test('who asks now and then gets what they ask for, in a row with those before', async () => {
  const one = open()
  expect(await alone(one, 3)).toBe(0)
  one.state.now += 1_000
  expect(await alone(one, 2)).toBe(3)
  one.state.now += 1_000
  expect(await alone(one, 1)).toBe(5)
  expect(one.state.drawn).toEqual([3, 2, 1])
})

test('while it is asked for often, ever more is drawn along, and given without asking Redis', async () => {
  const one = open()
  const given: number[] = []
  for (let i = 0; i < 20; i++) given.push(await alone(one, 1))
  expect(given).toEqual(Array.from({ length: 20 }, (_, i) => i))
  expect(one.state.drawn).toEqual([1, 2, 3, 5, 9])
})

test('no more than `most` is drawn along, and nothing where nothing may be', async () => {
  const one = open()
  for (let i = 0; i < 12; i++) await alone(one, 1, 2)
  expect(one.state.drawn).toEqual([1, 2, 3, 3, 3])
  const other = open()
  for (let i = 0; i < 3; i++) await alone(other, 1, 0)
  expect(other.state.drawn).toEqual([1, 1, 1])
})

test('who asks for more than is left begins a new block: values are in a row', async () => {
  const one = open()
  for (let i = 0; i < 4; i++) await alone(one, 1)
  // 4 and 5 are left of the block.
  expect(await alone(one, 10)).toBe(6)
  expect(await alone(one, 1)).toBe(16)
})

test('those who ask meanwhile are served by one drawing, each with values of its own', async () => {
  const { ask, answer, state } = open()
  const first = ask(2)
  const rest = [ask(1), ask(4), ask(3)]
  expect(state.drawn).toEqual([2])
  answer()
  expect(await first).toBe(0)
  await new Promise((resolve) => setImmediate(resolve))
  expect(state.drawn).toEqual([2, 9])
  answer()
  expect(await Promise.all(rest)).toEqual([2, 3, 7])
})

test('a drawing that fails is told to those who wait for it, and the next one is tried', async () => {
  let fails = true
  const ask = openCursors(async () => {
    if (fails) throw new Error('away')
    return 40
  })
  await expect(ask('leases', 1, 64)).rejects.toThrow('away')
  fails = false
  expect(await ask('leases', 1, 64)).toBe(40)
})

test('each cursor is one of its own', async () => {
  const at = new Map<string, number>()
  const ask = openCursors(async (cursor, by) => {
    const before = at.get(cursor) ?? 0
    at.set(cursor, before + by)
    return before
  })
  expect(await Promise.all([ask('a', 2, 9), ask('b', 1, 9), ask('a', 1, 9)])).toEqual([0, 0, 2])
})
