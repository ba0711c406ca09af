import type { Ref } from '../../../../src/model/ids'
import type { Claim, PlaceHow, Placing, Store } from '../../../../src/store/store'
import { partsOf } from '../../../../workers/reconcile/placement/parts'
import type { Snapshot } from '../../../../workers/reconcile/placement/snapshot'
import { writePlacings } from '../../../../workers/reconcile/placement/write'
import type { Work } from '../../../../workers/reconcile/work'
import { until } from '../../../support/until'

type Answer = Awaited<ReturnType<Store['place']>>
interface Asked {
  readonly hosts: readonly { readonly host: string; readonly revision: number }[]
  readonly machines: readonly string[]
  readonly groups: readonly string[]
  readonly how: PlaceHow
}

const claim = { ref: { kind: 'placement', id: 'site' }, epoch: { era: 1, number: 2 } } as Claim<'placement'>
const onHost = (id: string, host: string | null, group?: string): Placing =>
  ({
    ref: { kind: 'compute', id },
    on: host === null ? null : { host, claim: '{}', ...(group === undefined ? {} : { group }) },
  }) as Placing
const many = (count: number, host: (at: number) => string | null): readonly Placing[] =>
  Array.from({ length: count }, (_, at) => onHost(`m${at}`, host(at)))

/** As a plan is written that was made as a whole. */
function whole(placings: readonly Placing[]) {
  const parts = partsOf(placings)
  async function* oneByOne() {
    yield* parts
  }
  return { parts: oneByOne(), many: parts.length === 1 ? 'one' : 'some' } as const
}

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
  const place: Store['place'] = async (_claim, hosts, part, _now, named = [], _freed = [], how = {}) => {
    const ids = part.flatMap(({ ref, on }) => (on ? [ref.id as string] : []))
    asked.push({ hosts, machines: part.map(({ ref }) => ref.id), groups: named.map(({ group }) => group), how })
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
    ...whole(placings),
    now: 0,
  })
  return { came, asked, told }
}

test('a thousand by each script, in their order, and the workers told of the first thousand', async () => {
  const { came, asked, told } = await written(many(2300, () => 'h1'))
  expect(came).toEqual({ state: 'done', placed: 2300 })
  expect(asked.map(({ machines }) => machines.length)).toEqual([1000, 1000, 300])
  expect(asked.flatMap(({ machines }) => machines)).toEqual(many(2300, () => 'h1').map(({ ref }) => ref.id))
  expect(told.flat()).toEqual(many(1000, () => 'h1').map(({ ref }) => ref))
})

test('workers are told of a thousand though some of the first ones got no place', async () => {
  const answer = (_part: number, ids: readonly string[]): Answer => ({ state: 'done', placed: ids.slice(400) })
  const { came, told } = await written(
    many(2500, () => 'h1'),
    { answer },
  )
  expect(came).toEqual({ state: 'done', placed: 1300 })
  expect(told.map((refs) => refs.length)).toEqual([600, 400])
})

test('each part names the one before it, by a name that no other plan has; one that is alone names nothing', async () => {
  const [one, other] = [await written(many(2100, () => 'h1')), await written(many(2100, () => 'h1'))]
  const [first, second, third] = one.asked.map(({ how }) => how)
  expect(first).toEqual({ part: expect.any(String) })
  expect(second).toEqual({ part: expect.any(String), after: first?.part })
  expect(third).toEqual({ part: expect.any(String), after: second?.part })
  expect(new Set([...one.asked, ...other.asked].map(({ how }) => how.part)).size).toBe(6)
  expect((await written(many(900, () => 'h1'))).asked.map(({ how }) => how)).toEqual([{}])
})

test('each host that a part names has its next revision for the next part, whoever gets a place', async () => {
  const machines = many(2100, (at) => (at < 1000 ? 'h1' : at % 2 === 0 ? 'h1' : 'h2'))
  const revisions = [{ h1: 7 }, { h1: 8, h2: 3 }, { h1: 9, h2: 4 }]
  const nobody = (): Answer => ({ state: 'done', placed: [] })
  for (const { asked } of [await written(machines), await written(machines, { answer: nobody })])
    expect(asked.map(({ hosts }) => Object.fromEntries(hosts.map(({ host, revision }) => [host, revision])))).toEqual(
      revisions,
    )
})

test('the next part is sent before one is answered, and no other before that', async () => {
  const answers: ((answer: Answer) => void)[] = []
  const place: Store['place'] = () => new Promise<Answer>((resolve) => void answers.push(resolve))
  const work = { store: { place }, queue: { add: async () => undefined }, at: () => undefined } as unknown as Work
  const snapshot = { revisions: new Map(), demands: [], groups: new Map() } as unknown as Snapshot
  const came = writePlacings(work, claim, { snapshot, ...whole(many(3500, () => 'h1')), now: 0 })
  await until(() => answers.length === 2)
  for (let part = 0; part < 4; part += 1) {
    expect(answers).toHaveLength(Math.min(4, part + 2))
    answers[part]?.({ state: 'done', placed: ['m0'] })
    await until(() => part > 1 || answers.length === part + 3)
  }
  expect(await came).toEqual({ state: 'done', placed: 4 })
})

test.each(['moved', 'superseded'] as const)(
  'nothing is sent after a part that was refused, beside what was on its way: %s',
  async (state) => {
    const answer = (part: number, ids: readonly string[]): Answer =>
      part === 1 ? { state: 'done', placed: [...ids] } : ({ state, host: 'h1' } as Answer)
    const { came, asked, told } = await written(
      many(5000, () => 'h1'),
      { answer },
    )
    expect(came).toEqual({ state })
    expect(asked).toHaveLength(3)
    expect(asked[2]?.how.after).toBe(asked[1]?.how.part)
    expect(told.map((refs) => refs.length)).toEqual([1000])
  },
)

test('reasons to wait go along and name no host', async () => {
  const { came, asked, told } = await written(many(1200, () => null))
  expect(asked.map(({ hosts, machines }) => [hosts.length, machines.length])).toEqual([
    [0, 1000],
    [0, 200],
  ])
  expect(came).toEqual({ state: 'done', placed: 0 })
  expect(told).toEqual([])
})

test('one script has all machines of a group, and others go on beside it', async () => {
  const placings = many(2500, () => 'h1').map((placing, at) =>
    at === 500 || at === 1700 || at === 2499 ? onHost(`m${at}`, 'h2', 'g1') : placing,
  )
  const { asked } = await written(placings, { groups: ['g1'] })
  expect(asked.map(({ machines, groups }) => [machines.length, groups])).toEqual([
    [1000, ['g1']],
    [1000, []],
    [500, []],
  ])
  expect(asked[0]?.machines.slice(499, 504)).toEqual(['m499', 'm500', 'm1700', 'm2499', 'm501'])
  expect(new Set(asked.flatMap(({ machines }) => machines)).size).toBe(2500)
})

test('a group that finds no room in a part begins the next one', async () => {
  const group = Array.from({ length: 300 }, (_, at) => onHost(`g${at}`, 'h2', 'g1'))
  const { asked } = await written([...many(900, () => 'h1'), ...group, onHost('last', 'h1')], { groups: ['g1'] })
  expect(asked.map(({ machines, groups }) => [machines.length, groups])).toEqual([
    [900, []],
    [301, ['g1']],
  ])
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
