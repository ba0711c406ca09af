import type { ProjectId } from '../../../src/model/ids'
import { openRevisionReader } from '../../../src/store/revisions'
import { P1, P2 } from '../../support/store'

interface Asking {
  readonly scopes: readonly string[]
  answer(revisions: readonly (string | null)[]): void
  fail(error: Error): void
}

/** A Redis that answers when the test says so. */
function slowSite() {
  const asked: Asking[] = []
  const reader = openRevisionReader(async (asking) => {
    const scopes = [...asking]
    const revisions = await new Promise<readonly (string | null)[]>((resolve, reject) =>
      asked.push({ scopes, answer: resolve, fail: reject }),
    )
    return new Map(scopes.map((scope, at) => [scope, Number(revisions[at] ?? 0)]))
  })
  return { asked, reader }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('who asks alone is asked for alone, with the shared scope first', async () => {
  const { asked, reader } = slowSite()
  const answer = reader.read([P1])
  await turn()
  expect(asked.map(({ scopes }) => scopes)).toEqual([['*', P1]])
  asked[0]?.answer(['7', null])
  expect(await answer).toEqual([
    ['*', 7],
    [P1, 0],
  ])
})

test('who asks while a question is under way waits for the next one: its answer began after they asked', async () => {
  const { asked, reader } = slowSite()
  const first = reader.read([P1])
  await turn()
  const later = [reader.read([P1, P2]), reader.read([])]
  expect(asked).toHaveLength(1)
  asked[0]?.answer(['1', '1'])
  expect(await first).toEqual([
    ['*', 1],
    [P1, 1],
  ])
  await turn()
  expect(asked[1]?.scopes).toEqual(['*', P1, P2])
  asked[1]?.answer(['2', '5', '6'])
  expect(await Promise.all(later)).toEqual([
    [
      ['*', 2],
      [P1, 5],
      [P2, 6],
    ],
    [['*', 2]],
  ])
  expect(asked).toHaveLength(2)
})

test('all who ask in one turn are asked for together', async () => {
  const { asked, reader } = slowSite()
  const all = [reader.read([P1]), reader.read([P2]), reader.read([P1])]
  expect(asked).toHaveLength(0)
  await turn()
  expect(asked.map(({ scopes }) => scopes)).toEqual([['*', P1, P2]])
  asked[0]?.answer(['1', '2', '3'])
  expect((await Promise.all(all)).map((one) => one.at(-1))).toEqual([
    [P1, 2],
    [P2, 3],
    [P1, 2],
  ])
})

test('a question that fails fails all who wait, and the next one is asked anew', async () => {
  const { asked, reader } = slowSite()
  const all = [reader.read([P1])]
  await turn()
  all.push(reader.read([P2]))
  asked[0]?.fail(new Error('away'))
  expect(await Promise.allSettled(all)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
  const again = reader.read(['p3' as ProjectId])
  await turn()
  expect(asked[1]?.scopes).toEqual(['*', 'p3'])
  asked[1]?.answer(['1', '2'])
  expect(await again).toEqual([
    ['*', 1],
    ['p3', 2],
  ])
})
