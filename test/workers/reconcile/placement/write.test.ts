import type { Ref } from '../../../../src/model/ids'
import type { Claim, Placing, Store } from '../../../../src/store/store'
import type { Snapshot } from '../../../../workers/reconcile/placement/snapshot'
import { writePlacings } from '../../../../workers/reconcile/placement/write'
import type { Work } from '../../../../workers/reconcile/work'

type Answer = Awaited<ReturnType<Store['place']>>
interface Asked {
  readonly hosts: readonly { readonly host: string; readonly revision: number }[]
  readonly machines: readonly string[]
  readonly groups: readonly string[]
}

const claim = { ref: { kind: 'placement', id: 'site' } } as Claim<'placement'>
const onHost = (id: string, host: string | null, group?: string): Placing =>
  ({
    ref: { kind: 'compute', id },
    on: host === null ? null : { host, claim: '{}', ...(group === undefined ? {} : { group }) },
  }) as Placing
const many = (count: number, host: (at: number) => string | null): readonly Placing[] =>
  Array.from({ length: count }, (_, at) => onHost(`m${at}`, host(at)))

/** Writes them over a store that answers so, by the number of the script. */
async function written(
  placings: readonly Placing[],
  {
    answer,
    groups = [],
    tell = async () => undefined,
  }: {
    answer?: (part: number, ids: readonly string[]) => Answer
    groups?: readonly string[]
    tell?: (time: number) => Promise<void>
  } = {},
) {
  const asked: Asked[] = []
  const told: Ref[][] = []
  const place: Store['place'] = async (_claim, hosts, part, _now, named = []) => {
    const ids = part.flatMap(({ ref, on }) => (on ? [ref.id as string] : []))
    asked.push({ hosts, machines: part.map(({ ref }) => ref.id), groups: named.map(({ group }) => group) })
    return answer?.(asked.length, ids) ?? { state: 'done', placed: ids }
  }
  const work = { store: { place }, queue: { add: (refs: Ref[]) => tell(told.push(refs)) }, at: () => undefined }
  const revisions = new Map([
    ['h1', 7],
    ['h2', 3],
  ])
  const snapshot = { revisions, demands: [], groups: new Map(groups.map((group) => [group, 1])) }
  const came = await writePlacings(work as unknown as Work, claim, {
    snapshot: snapshot as unknown as Snapshot,
    placings,
    now: 0,
  })
  return { came, asked, told }
}

test('a thousand by each script, in their order, and the workers told of each thousand', async () => {
  const { came, asked, told } = await written(many(2300, () => 'h1'))
  expect(came).toEqual({ state: 'done', placed: 2300 })
  expect(asked.map(({ machines }) => machines.length)).toEqual([1000, 1000, 300])
  expect(asked.flatMap(({ machines }) => machines)).toEqual(many(2300, () => 'h1').map(({ ref }) => ref.id))
  expect(told.map((refs) => refs.length)).toEqual([1000, 1000, 300])
})

test('a host that got machines has its next revision for the next part, and no other has', async () => {
  const { asked } = await written(many(2100, (at) => (at < 1000 ? 'h1' : at % 2 === 0 ? 'h1' : 'h2')))
  expect(asked.map(({ hosts }) => Object.fromEntries(hosts.map(({ host, revision }) => [host, revision])))).toEqual([
    { h1: 7 },
    { h1: 8, h2: 3 },
    { h1: 9, h2: 4 },
  ])
})

test('a host none of whose machines got its place keeps its revision', async () => {
  const answer = (part: number, ids: readonly string[]): Answer => ({
    state: 'done',
    placed: part === 1 ? [] : [...ids],
  })
  const { came, asked, told } = await written(
    many(1500, () => 'h1'),
    { answer },
  )
  expect(asked.map(({ hosts }) => hosts)).toEqual([[{ host: 'h1', revision: 7 }], [{ host: 'h1', revision: 7 }]])
  expect(came).toEqual({ state: 'done', placed: 500 })
  expect(told.map((refs) => refs.length)).toEqual([500])
})

test.each(['moved', 'superseded'] as const)('nothing is written after a part that was refused: %s', async (state) => {
  const answer = (part: number, ids: readonly string[]): Answer =>
    part === 1 ? { state: 'done', placed: [...ids] } : ({ state, host: 'h1' } as Answer)
  const { came, asked, told } = await written(
    many(3000, () => 'h1'),
    { answer },
  )
  expect(came).toEqual({ state })
  expect(asked).toHaveLength(2)
  expect(told.map((refs) => refs.length)).toEqual([1000])
})

test('reasons to wait go along and name no host', async () => {
  const { came, asked, told } = await written(many(1200, () => null))
  expect(asked.map(({ hosts, machines }) => [hosts.length, machines.length])).toEqual([
    [0, 1000],
    [0, 200],
  ])
  expect(came).toEqual({ state: 'done', placed: 0 })
  expect(told).toEqual([])
})

test('where machines are in groups, one script has them all', async () => {
  const placings = [...many(1500, () => 'h1'), onHost('last', 'h2', 'g1')]
  const { asked } = await written(placings, { groups: ['g1'] })
  expect(asked.map(({ machines, groups }) => [machines.length, groups])).toEqual([[1501, ['g1']]])
})

test('the next part is written while the workers are told of the one before; a queue that fails is told of at the end', async () => {
  const asked: number[] = []
  const answer = (part: number, ids: readonly string[]): Answer => {
    asked.push(part)
    return { state: 'done', placed: [...ids] }
  }
  const tell = (time: number): Promise<void> =>
    time === 1 ? Promise.reject(new Error('the queue is away')) : Promise.resolve()
  await expect(
    written(
      many(2500, () => 'h1'),
      { answer, tell },
    ),
  ).rejects.toThrow('the queue is away')
  expect(asked).toEqual([1, 2, 3])
})
