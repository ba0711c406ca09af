/** Each filter that EC2's own documentation names is known: a client that sends one is never told that it is invalid. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ACTIONS } from '../../../../src/ec2/actions/index'
import { type Parameters, xmlOf } from '../../../support/ec2-call'
import { fakeOperations } from '../../../support/fake-operations'

const MODELS = join(dirname(require.resolve('@aws-sdk/client-ec2/package.json')), 'dist-types', 'models')

const texts = readdirSync(MODELS)
  .filter((file) => /^models_\d+\.d\.ts$/.test(file))
  .map((file) => readFileSync(join(MODELS, file), 'utf8'))

/** What the SDK says of the `Filters` of an action: its filters are the outer list, their values may be lists within it. */
function filtersOf(action: string): readonly string[] {
  const [, body = ''] =
    texts.map((text) => text.split(`export interface ${action}Request {`)).find(({ length }) => length > 1) ?? []
  const [before = ''] = (body.split('\n}')[0] ?? '').split(/\n\s+Filters\?:/)
  const said = before.slice(before.lastIndexOf('/**')).replace(/\n\s*\*/g, ' ')
  let depth = 0
  return [...said.matchAll(/<(\/?)ul>|<code>([a-zA-Z][a-zA-Z0-9.-]*)<\/code>\s*[-–]/g)].flatMap(([, ends, name]) => {
    if (ends !== undefined) depth += ends === '/' ? -1 : 1
    // `tag` stands for tag:<key>.
    return name !== undefined && name !== 'tag' && depth === 1 ? [name] : []
  })
}

const filtered = ACTIONS.filter(({ name, uses }) => name.startsWith('Describe') && uses.Filters === 'honoured').map(
  ({ name }) => [name, filtersOf(name)] as const,
)

test('the documentation is read', () => {
  const counts = new Map(filtered.map(([name, filters]) => [name, filters.length]))
  expect(counts.get('DescribeInstances')).toBeGreaterThan(100)
  expect(counts.get('DescribeRegions')).toBe(3)
  expect(counts.get('DescribeVpcs')).toBeGreaterThan(10)
  expect(filtered.length).toBeGreaterThan(20)
})

/** What has to be said beside the filter. */
const BESIDE: Readonly<Record<string, Parameters>> = {
  DescribeLaunchTemplateVersions: { 'LaunchTemplateVersion.1': '$Latest' },
}

test.each(filtered)('%s', async (action, filters) => {
  const operations = fakeOperations()
  const refused: string[] = []
  for (const name of filters)
    await xmlOf(action, { ...BESIDE[action], 'Filter.1.Name': name, 'Filter.1.Value.1': 'x' }, { operations }).catch(
      (error: Error) => refused.push(`${name}: ${error.message}`),
    )
  expect(refused).toEqual([])
})
