/** The set-up's parts that decide something; the whole is run by everyone who runs these tests. */
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../support/until'

const SCRIPTS = join(__dirname, '..', '..', 'scripts')
const { newest } = require('../../scripts/setup/newest') as { newest: (path: string) => number }
const { findSshd } = require('../../scripts/setup/sshd') as {
  findSshd: () => { bin: string; env: Record<string, string> } | undefined
}
const { findAll } = require('../../scripts/setup/find') as { findAll: (name: string) => string[] }
const { counts, summary } = require('../../scripts/test') as {
  counts: (report: Record<string, number>, passed: boolean) => Record<string, number>
  summary: (results: readonly Record<string, number>[]) => string
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'og-setup-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const dated = (path: string, seconds: number) => utimesSync(path, seconds, seconds)

describe('newest', () => {
  test('the latest change of anything below, folders included', () => {
    mkdirSync(join(folder, 'a'))
    writeFileSync(join(folder, 'a', 'x'), '')
    writeFileSync(join(folder, 'y'), '')
    dated(join(folder, 'a', 'x'), 3_000)
    dated(join(folder, 'y'), 2_000)
    dated(join(folder, 'a'), 1_000)
    dated(folder, 1_000)
    expect(newest(folder)).toBe(3_000_000)
    rmSync(join(folder, 'a', 'x'))
    expect(newest(folder)).toBeGreaterThan(3_000_000)
  })

  test('what is not there is older than all', () => {
    expect(newest(join(folder, 'none'))).toBe(0)
  })
})

describe('one set-up at a time', () => {
  const lock = () => join(folder, 'setup.lock')
  /** Notes when it comes in and goes, and stays in until it finds `stay` gone. */
  const program = () => `
    const { alone } = require(${JSON.stringify(join(SCRIPTS, 'setup', 'alone'))})
    const { appendFileSync, existsSync } = require('node:fs')
    const note = (what) => appendFileSync(${JSON.stringify(join(folder, 'notes'))}, what + '\\n')
    alone(() => {
      note('in ' + process.pid)
      while (existsSync(${JSON.stringify(join(folder, 'stay'))})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
      note('out ' + process.pid)
    }, ${JSON.stringify(lock())})`
  const notes = () => {
    const file = join(folder, 'notes')
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  }
  interface Begun {
    readonly pid: number
    readonly ended: Promise<void>
    said(): string
    kill(): void
  }
  function begun(): Begun {
    const child = spawn(process.execPath, ['-e', program()], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (piece) => {
      said += String(piece)
    })
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
    return { pid: child.pid ?? 0, ended, said: () => said, kill: () => child.kill('SIGKILL') }
  }

  test('others wait, say for whom, and go on one after the other', async () => {
    writeFileSync(join(folder, 'stay'), '')
    const first = begun()
    await until(() => notes().length === 1, { what: 'the first to be in' })
    const others = [begun(), begun()]
    const waiting = `waiting for another set-up in this folder (process ${first.pid})`
    await until(() => others.every((one) => one.said().includes(waiting)), { what: 'the others to wait' })
    rmSync(join(folder, 'stay'))
    await Promise.all([first, ...others].map(({ ended }) => ended))
    expect(first.said()).toBe('')
    expect(notes()).toHaveLength(6)
    for (const at of [0, 2, 4]) expect(notes()[at + 1]).toBe(notes()[at]?.replace('in', 'out'))
    expect(existsSync(lock())).toBe(false)
  })

  test('one that was killed is not waited for', async () => {
    writeFileSync(join(folder, 'stay'), '')
    const first = begun()
    await until(() => notes().length === 1, { what: 'the first to be in' })
    const second = begun()
    await until(() => second.said() !== '', { what: 'the second to wait' })
    first.kill()
    await first.ended
    await until(() => notes().length === 2, { what: 'the second to be in' })
    expect(notes()).toEqual([`in ${first.pid}`, `in ${second.pid}`])
    rmSync(join(folder, 'stay'))
    await second.ended
    expect(existsSync(lock())).toBe(false)
  })

  test.each([
    ['of a process that is no more', '999999999', 0],
    ['without a name, after a while', '', 60],
  ])('a lock %s is taken over', async (_name, holder, age) => {
    writeFileSync(lock(), holder)
    dated(lock(), Date.now() / 1000 - age)
    await begun().ended
    expect(notes()).toHaveLength(2)
    expect(readdirSync(folder).filter((name) => name.startsWith('setup.lock'))).toEqual([])
  })
})

describe('findAll', () => {
  const { PATH } = process.env
  afterEach(() => {
    process.env.PATH = PATH
  })

  test('runnable files only, PATH first', () => {
    for (const name of ['one', 'two']) mkdirSync(join(folder, name))
    writeFileSync(join(folder, 'one', 'tool'), '')
    writeFileSync(join(folder, 'two', 'tool'), '')
    chmodSync(join(folder, 'two', 'tool'), 0o755)
    process.env.PATH = `${join(folder, 'one')}:${join(folder, 'two')}`
    expect(findAll('tool')).toEqual([join(folder, 'two', 'tool')])
    expect(findAll('sh').length).toBeGreaterThan(0)
    expect(findAll('no-such-tool')).toEqual([])
  })
})

test('an sshd that was found runs', () => {
  const found = findSshd()
  const said = found && spawnSync(found.bin, ['-V'], { encoding: 'utf8', env: { ...process.env, ...found.env } })
  expect(`${said?.stdout ?? 'OpenSSH_'}${said?.stderr ?? ''}`).toContain('OpenSSH_')
})

describe('the last line of npm test', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 0,
    numTodoTests: 0,
  }

  test('sums all runs', () => {
    const results = [
      { passed: 1, failed: 0, skipped: 0 },
      { passed: 40, failed: 2, skipped: 0 },
    ]
    expect(summary(results)).toBe('41 passed, 2 failed')
    expect(summary([...results, { passed: 0, failed: 0, skipped: 3 }])).toBe('41 passed, 2 failed, 3 skipped')
  })

  test('a test file that cannot be loaded is a failure', () => {
    expect(counts({ ...report, numRuntimeErrorTestSuites: 1 }, false)).toEqual({ passed: 5, failed: 1, skipped: 0 })
  })

  test('a run that failed without a failed test is one too', () => {
    expect(counts(report, false).failed).toBe(1)
    expect(counts(report, true).failed).toBe(0)
  })

  test('todo counts as skipped', () => {
    expect(counts({ ...report, numPendingTests: 1, numTodoTests: 1 }, true).skipped).toBe(2)
  })
})

test('setup.js wants to know what for', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(SCRIPTS, 'setup.js'), 'dance'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('"dance"')
})

test('a set-up that is done is quick and silent', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(SCRIPTS, 'setup.js'), 'start'], {
    encoding: 'utf8',
  })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  // It may have had to build, when a source was changed after the last one.
  expect(stderr).toMatch(/^(occi-gateway: building.*\n)*$/)
})
