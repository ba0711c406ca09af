/** `project set` and `project list` over a gateway: limits and the time that machines may wait. */
import { program } from '../../../../src/cli/program'
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
  await app.admin('POST', '/projects', { name: 'ann' })
})
afterEach(() => app.close())

test('the help names every limit, and how to say how long', () => {
  const set = program({}, () => undefined)
    .commands.find((it) => it.name() === 'project')
    ?.commands.find((it) => it.name() === 'set')
  const flags = set?.options.map(({ long }) => long)
  expect(flags).toEqual(expect.arrayContaining(['--networks', '--addresses', '--image-gib', '--pending-timeout']))
})

const run = (...words: readonly string[]): Promise<string> => runCli(operatorAt(app), 'project', ...words)

test('what is set is shown by both, and nothing else changes', async () => {
  const set = await run('set', 'ann', '--networks', '4', '--pending-timeout', '2h')
  expect(set).toMatch(/networks +0 of 4\n/)
  expect(set).toMatch(/waits for a place +at most 2 h 0 min\n/)
  expect(set).toMatch(/machines +0 of 2000\n/)
  expect(await run('list')).toMatch(/ann .* 0 of 4 +2 h 0 min/)
  expect(await run('set', 'ann', '--pending-timeout', 'none')).toMatch(/waits for a place +as long as it takes\n/)
  await expect(run('set', 'ann', '--pending-timeout', 'soon')).rejects.toMatchObject({ kind: 'invalid' })
  await expect(run('set', 'ann', '--networks', 'many')).rejects.toMatchObject({ kind: 'unknown-field' })
  await expect(run('set', 'ann', '--memory-mib', '4GiB')).rejects.toMatchObject({
    message: '--memory-mib: "4GiB" is no whole number',
  })
})

test('whether its machines may run at providers is shown by both, too', async () => {
  expect(await run('list')).toMatch(/ann .* - +allowed/)
  expect(await run('bursts', 'ann', 'never')).toBe('machines of ann at providers: never\n')
  expect(await run('list')).toMatch(/ann .* - +never/)
  expect(await run('set', 'ann', '--networks', '4')).toMatch(/at providers +never\n/)
  await run('bursts', 'ann', 'allowed')
  expect(await run('list')).toMatch(/ann .* - +allowed/)
})
