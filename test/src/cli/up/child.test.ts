import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, keepRunning } from '../../../../src/cli/up/child'
import { alive } from '../../../support/gateway-process'
import { until } from '../../../support/until'

const folder = mkdtempSync(join(tmpdir(), 'og-child-'))
const running: Child[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => child.stop(500)))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (name: string, program: string) => {
  const file = join(folder, `${name}.js`)
  writeFileSync(file, program)
  const told: string[] = []
  const pids: number[] = []
  const messages: unknown[] = []
  const child = keepRunning(file, {
    name,
    words: ['word'],
    env: { OF_TEST: 'yes' },
    logs: folder,
    tell: (line) => told.push(line),
    started: (pid) => pids.push(pid),
    message: (message) => messages.push(message),
  })
  running.push(child)
  return { child, told, pids, messages, log: () => readFileSync(join(folder, `${name}.log`), 'utf8') }
}
const FOREVER = 'setInterval(() => undefined, 1000);'

test('its words, its environment, its log and its messages', async () => {
  const report = 'process.send([process.argv[2], process.env.OF_TEST, process.env.OCCI_GATEWAY_PARENT]);'
  const { child, messages, log } = start('talks', `console.error('hello'); ${report} ${FOREVER}`)
  await until(() => messages.length > 0 && log().includes('hello'))
  expect(messages).toEqual([['word', 'yes', '1']])
  expect(alive(child.pid ?? -1)).toBe(true)
})

test('one that dies is started again, told in one line, with longer and longer pauses', async () => {
  const { child, told, pids } = start('dies', 'process.exit(7)')
  await until(() => pids.length >= 3)
  expect(told.slice(0, 2)).toEqual([
    'dies ended (exit code 7); starting it again in 0.1 s',
    'dies ended (exit code 7); starting it again in 0.2 s',
  ])
  expect(child.deaths).toBeGreaterThanOrEqual(2)
})

describe('one that cannot be forked', () => {
  const { execPath } = process
  afterEach(() => {
    process.execPath = execPath
  })

  test('is tried again, with pauses, until it can', async () => {
    process.execPath = join(folder, 'no-such-node')
    const { child, told, pids } = start('late', FOREVER)
    await until(() => told.length >= 2)
    expect(told[0]).toMatch(/^late cannot be started: .*ENOENT.*; starting it again in 0.1 s$/)
    expect(told[1]).toMatch(/starting it again in 0.2 s$/)
    expect(child.pid).toBeUndefined()
    process.execPath = execPath
    await until(() => pids.length === 1)
    expect(alive(child.pid ?? -1)).toBe(true)
  })

  test('has nothing to stop', async () => {
    process.execPath = join(folder, 'no-such-node')
    const { child, told } = start('never', FOREVER)
    await child.stop(60_000)
    await until(() => child.pid === undefined)
    expect(told).toEqual([])
  })

  test('one whose log cannot be opened at its second start is tried again too', async () => {
    const { child, told, pids } = start('logless', 'process.exit(3)')
    await until(() => pids.length === 1)
    const log = join(folder, 'logless.log')
    rmSync(log)
    mkdirSync(log)
    await until(() => told.some((line) => line.startsWith('logless cannot be started: ')))
    rmSync(log, { recursive: true })
    const before = pids.length
    await until(() => pids.length > before)
    expect(child.deaths).toBeGreaterThanOrEqual(2)
  })
})

test('stop asks first', async () => {
  const { child, log, told } = start(
    'asked',
    `process.on('SIGTERM', () => { console.log('bye'); process.exit(0) }); console.log('up'); ${FOREVER}`,
  )
  await until(() => log().includes('up'))
  const { pid = -1 } = child
  await child.stop(5_000)
  expect(alive(pid)).toBe(false)
  expect(log()).toContain('bye')
  expect(told).toEqual([])
})

test('and kills what does not listen', async () => {
  const { child, log } = start('deaf', `process.on('SIGTERM', () => undefined); console.log('up'); ${FOREVER}`)
  await until(() => log().includes('up'))
  const { pid = -1 } = child
  await child.stop(100)
  expect(alive(pid)).toBe(false)
})

test('stop while it waits for its next start: it does not start again', async () => {
  const { child, told, pids } = start('gone', 'process.exit(1)')
  await until(() => told.length >= 2)
  const before = pids.length
  await child.stop(100)
  expect(child.pid === undefined || !alive(child.pid)).toBe(true)
  expect(pids.length).toBeLessThanOrEqual(before + 1)
})

test('its standard input ends when nobody holds it any more', async () => {
  const { child, log } = start(
    'orphan',
    `process.stdin.on('end', () => process.exit(0)).resume(); console.log('up'); ${FOREVER}`,
  )
  await until(() => log().includes('up'))
  // What the kernel does when the parent is killed; seen with the real thing in test/e2e/up.test.ts.
  expect(readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3]).toBe(String(child.pid))
})
