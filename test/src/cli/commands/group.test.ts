/** `group …` over a gateway: the same groups as their project's. */
import { startApp, type TestApp } from '../../../support/http'
import { startRedis, type TestRedis } from '../../../support/redis'
import { operatorAt, runCli } from '../../../support/run-cli'

let redis: TestRedis
let app: TestApp
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  app = await startApp(redis)
  for (const name of ['ann', 'bob']) await app.admin('POST', '/projects', { name })
})
afterEach(() => app.close())

const run = (...words: readonly string[]): Promise<string> => runCli(operatorAt(app), 'group', ...words)
const idIn = (text: string): string => /pg-[0-9a-f]{17}/.exec(text)?.[0] ?? ''

test('made, listed, shown, deleted', async () => {
  expect(await run('list')).toBe('there are no placement groups\n')
  const made = await run('create', 'ann', 'front', '--keeps', 'apart')
  expect(made).toMatch(/rule +apart by rack\n/)
  expect(made).toMatch(/no machine is in it/)
  const id = idIn(made)
  await run('create', 'bob', 'db', '--keeps', 'partitions', '--over', 'zone', '--partitions', '3')
  await run('create', 'bob', 'near', '--keeps', 'together', '--soft')
  const all = await run('list')
  expect(all).toMatch(new RegExp(`${id} +front +ann +apart by rack +0 +0\n`))
  expect(all).toMatch(/db +bob +partitions by zone \(3\)/)
  expect(all).toMatch(/near +bob +together by host, softly/)
  expect(await run('list', '--project', 'bob')).not.toContain('front')
  expect(await run('show', id)).toMatch(/name +front\n/)
  expect(await run('delete', id)).toBe(`${id} is deleted\n`)
  await expect(run('show', id)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(run('delete', id)).rejects.toMatchObject({ kind: 'not-found' })
})

test.each([
  [['create', 'nobody', 'a', '--keeps', 'apart'], 'not-found'],
  [['create', 'ann', 'a', '--keeps', 'beside'], 'refused'],
  [['create', 'ann', 'a', '--keeps', 'apart', '--over', ' '], 'invalid'],
  [['create', 'ann', 'a', '--keeps', 'apart', '--partitions', '2'], 'refused'],
  [['create', 'ann', 'a', '--keeps', 'partitions', '--partitions', '9'], 'refused'],
  [['create', 'ann', 'a', '--keeps', 'partitions', '--soft'], 'refused'],
] as const)('refused, and nothing is made: %p', async (words, kind) => {
  await expect(run(...words)).rejects.toMatchObject({ kind })
  expect(await run('list')).toBe('there are no placement groups\n')
})

test('a name that is taken in its project is refused, and is free in another', async () => {
  await run('create', 'ann', 'front', '--keeps', 'apart')
  await expect(run('create', 'ann', 'front', '--keeps', 'together')).rejects.toMatchObject({ kind: 'exists' })
  await run('create', 'bob', 'front', '--keeps', 'together')
})
