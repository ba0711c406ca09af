/** What docs/placement.md tells of writing a rule and a policy is done here, from the page's own lines. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from '@swc/core'
import type { Filter } from '../../src/model/placement/filters/filter'
import type { Snapshot } from '../../workers/scheduler/place'
import { demand, hostView, sizeOf } from '../support/host-record'
import { DOCS } from './tables'

const blocks = [
  ...readFileSync(join(DOCS, 'placement.md'), 'utf8').matchAll(/^```ts\n([^`]*(?:`[^`\n]*`[^`]*)*)^```$/gm),
]
const [file = '', line = ''] = blocks.map(([, code]) => code ?? '')

/** What a file exports, as it stands on the page. */
function exportsOf(code: string): Readonly<Record<string, unknown>> {
  const { code: script } = transformSync(code, {
    jsc: { parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  })
  const exported = {}
  new Function('exports', 'require', script)(exported, () => ({}))
  return exported
}

const isFilter = (value: unknown): value is Filter =>
  typeof value === 'object' && value !== null && 'admits' in value && 'reason' in value && 'name' in value

/** The scheduler with one rule more in its list. */
function placeWith(
  filter: Filter,
): (snapshot: Snapshot) => ReturnType<typeof import('../../workers/scheduler/place').place> {
  let place: typeof import('../../workers/scheduler/place').place | undefined
  jest.isolateModules(() => {
    const index = '../../src/model/placement/filters'
    const actual = jest.requireActual<{ FILTERS: readonly Filter[] }>(index)
    jest.doMock(index, () => ({ ...actual, FILTERS: [...actual.FILTERS, filter] }))
    place = require('../../workers/scheduler/place').place
  })
  if (!place) throw new Error('no scheduler')
  return place
}

const traits = (labels: Readonly<Record<string, string>>) => ({
  ...{ driver: 'xl', total: { cpuHundredths: 1, memoryMiB: 1, diskGiB: 1 }, labels, measured: null, instances: [] },
})

test('a rule is a file and a line: it counts with each placement, and what it refuses waits with its reason', () => {
  const [filter] = Object.values(exportsOf(file)).filter(isFilter)
  if (!filter) throw new Error('the page shows no rule')
  const hosts = [
    hostView('h1', { traits: traits({ max_vms: '2' }) }),
    hostView('h2', { traits: traits({ max_vms: '1' }) }),
  ]
  const machines = ['a', 'b', 'c', 'd'].map((id) => demand(id, sizeOf(1, 16)))
  const plan = placeWith(filter)({ hosts, machines })
  expect(plan.placed.map(({ host }) => host).toSorted()).toEqual(['h1', 'h1', 'h2'])
  expect(plan.left).toMatchObject([{ machine: 'd', waiting: { reasons: { [filter.reason]: 2 } } }])
  expect(plan.left[0]?.waiting.examples[0]?.because).toBe('has 2 machines of 2')
})

test('a policy is a line: a rank with a name', () => {
  const policy = Object.values(new Function(`return {${line}}`)() as Record<string, { rank: string; means: string }>)[0]
  if (!policy) throw new Error('the page shows no policy')
  expect(policy.means).not.toBe('')
  const hosts = [
    hostView('h1', { traits: traits({ cpuspeed: '2000' }) }),
    hostView('h2', { traits: traits({ cpuspeed: '3000' }) }),
  ]
  const preference = { requirements: [], shares: [{ rank: policy.rank, weight: 1 }], priority: 0 }
  const { place }: typeof import('../../workers/scheduler/place') = jest.requireActual('../../workers/scheduler/place')
  const plan = place({ hosts, machines: ['a', 'b'].map((id) => demand(id, sizeOf(1, 16), { preference })) })
  expect(plan.placed.map(({ host }) => host)).toEqual(['h2', 'h2'])
})
