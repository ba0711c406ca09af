import type { DescribeInstancesCommandInput, DescribeInstancesResult } from '@aws-sdk/client-ec2'
import type { Call } from '../../../../../workers/drivers/providers/ec2/client'
import { allOf, objectsOf, pagesOf } from '../../../../../workers/drivers/providers/ec2/lookup'

/** A provider whose pages are these, by the token that asks for them ('' is the first); and what it was asked. */
function provider(pages: Readonly<Record<string, DescribeInstancesResult>>) {
  const asked: DescribeInstancesCommandInput[] = []
  const client = {
    send: async ({ input }: { readonly input: DescribeInstancesCommandInput }) => {
      asked.push(input)
      return pages[input.NextToken ?? '']
    },
  }
  const call = ((order: (sdk: unknown, on: typeof client, signal: AbortSignal) => Promise<unknown>) =>
    order(require('@aws-sdk/client-ec2'), client, new AbortController().signal)) as unknown as Call
  return { asked, call }
}
const page = (ids: readonly string[], next?: string): DescribeInstancesResult => ({
  Reservations: ids.map((InstanceId) => ({ Instances: [{ InstanceId }] })),
  ...(next === undefined ? {} : { NextToken: next }),
})
const idsOf = (found: Awaited<ReturnType<typeof allOf>>) => found.map(({ InstanceId }) => InstanceId)

test('all pages are read, in order, each asked for by the token of the one before', async () => {
  const { asked, call } = provider({ '': page(['i-1', 'i-2'], 'b'), b: page([], 'c'), c: page(['i-3']) })
  expect(idsOf(await allOf(call, 'local-1'))).toEqual(['i-1', 'i-2', 'i-3'])
  expect(asked.map(({ NextToken }) => NextToken)).toEqual([undefined, 'b', 'c'])
  expect(new Set(asked.map(({ Filters }) => JSON.stringify(Filters))).size).toBe(1)
})

test('an empty token ends the list', async () => {
  const { asked, call } = provider({ '': page(['i-1'], '') })
  expect(idsOf(await objectsOf(call, 'local-1', 'record-1'))).toEqual(['i-1'])
  expect(asked).toHaveLength(1)
})

test.each([
  ['to itself', { '': page(['i-1'], 'b'), b: page(['i-2'], 'b') }, 2],
  ['to one before', { '': page(['i-1'], 'b'), b: page(['i-2'], 'c'), c: page(['i-3'], 'b') }, 3],
])(
  'a page that leads back %s ends the list with a fault: what was read is not all there is',
  async (_where, pages, calls) => {
    const { asked, call } = provider(pages)
    await expect(allOf(call, 'local-1')).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('DescribeInstances'),
    })
    expect(asked).toHaveLength(calls)
  },
)

test.each([
  [1000, 'is read to its end'],
  [1001, 'ends with a fault that names the action'],
])('a list of %i pages %s', async (last, _what) => {
  const pages = Object.fromEntries(
    Array.from({ length: last }, (_, at) => [
      at === 0 ? '' : `p${at}`,
      page([`i-${at}`], at + 1 < last ? `p${at + 1}` : undefined),
    ]),
  )
  const { asked, call } = provider(pages)
  const list = allOf(call, 'local-1')
  if (last === 1000) expect(await list).toHaveLength(last)
  else
    await expect(list).rejects.toMatchObject({
      kind: 'unreachable',
      message: "the provider's DescribeInstances answers in more than 1000 pages",
    })
  expect(asked).toHaveLength(1000)
})

test.each([
  [[1_000, 18_999, 20_000], 'timeout'],
  [[1_000, 18_999, 20_000, 20_001], 'done'],
])('pages at %j ms are %s: a list goes on for as long as anybody waits for it', async (at, how) => {
  let now = 0
  let asked = 0
  const ask = async () => {
    now = at[asked] ?? 30_000
    asked += 1
    return { things: [asked], next: how === 'done' && asked === at.length ? undefined : `p${asked}` }
  }
  const list = pagesOf('DescribeVolumes', ask, () => now)
  if (how === 'done') expect(await list).toEqual([1, 2, 3, 4])
  else
    await expect(list).rejects.toMatchObject({
      kind: 'timeout',
      message: "the provider's DescribeVolumes goes on after 20 s",
    })
  expect(asked).toBe(4)
})
