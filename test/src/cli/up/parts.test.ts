/** The small parts of `up`: log files, the runtime folder, the port, the list of processes. */
import { spawn } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../../src/cli/up/free-port'
import { lastLines, logFile, openLogFile } from '../../../../src/cli/up/log-file'
import { awaitLeftovers, processList, readProcesses, runningUrl } from '../../../../src/cli/up/processes'
import { cleanRuntimeFolder, makeRuntimeFolder, runtimeFolder } from '../../../../src/cli/up/runtime-folder'
import { Fault } from '../../../../src/faults'
import { alive } from '../../../support/gateway-process'
import { until } from '../../../support/until'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'og-parts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('log files', () => {
  const write = (text: string, largest?: number) => {
    const file = openLogFile(join(folder, 'logs'), 'gateway', largest)
    writeSync(file, text)
    closeSync(file)
  }

  test('are appended to, for their owner alone', () => {
    write('one\n')
    write('two\n')
    const file = logFile(join(folder, 'logs'), 'gateway')
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('one that has grown is set aside; what was aside is dropped', () => {
    write('first, and long\n')
    write('second, and long\n', 5)
    write('third\n', 5)
    expect(readdirSync(join(folder, 'logs')).toSorted()).toEqual(['gateway.1.log', 'gateway.log'])
    expect(readFileSync(join(folder, 'logs', 'gateway.1.log'), 'utf8')).toBe('second, and long\n')
    expect(readFileSync(join(folder, 'logs', 'gateway.log'), 'utf8')).toBe('third\n')
  })

  test('the last lines, for telling why', () => {
    write('a\nb\nc\n')
    expect(lastLines(logFile(join(folder, 'logs'), 'gateway'), 2)).toEqual(['b', 'c'])
    expect(lastLines(join(folder, 'none.log'), 2)).toEqual([])
  })
})

describe('the runtime folder', () => {
  test('is the same for the same data folder, another for another, and short', () => {
    const env = { XDG_RUNTIME_DIR: folder }
    const long = `/${'x'.repeat(300)}`
    expect(runtimeFolder('/a', env)).toBe(runtimeFolder('/a', env))
    expect(runtimeFolder('/a', env)).not.toBe(runtimeFolder('/b', env))
    expect(runtimeFolder('/a', env).startsWith(folder)).toBe(true)
    expect(runtimeFolder(long, env).length).toBeLessThan(95)
  })

  test('a base that is too long, or not there, is passed over', () => {
    const deep = join(folder, 'x'.repeat(90))
    mkdirSync(deep)
    expect(runtimeFolder('/a', { XDG_RUNTIME_DIR: deep }).startsWith(deep)).toBe(false)
    expect(runtimeFolder('/a', { XDG_RUNTIME_DIR: '/nowhere' }).startsWith('/nowhere')).toBe(false)
  })

  test('is made ours alone, and taken again', () => {
    const made = join(folder, 'run')
    makeRuntimeFolder(made)
    makeRuntimeFolder(made)
    expect(statSync(made).mode & 0o777).toBe(0o700)
  })

  test('one that others can write to, or a link, is refused', () => {
    const open = join(folder, 'open')
    mkdirSync(open)
    chmodSync(open, 0o777)
    expect(() => makeRuntimeFolder(open)).toThrow(Fault)
    const link = join(folder, 'link')
    symlinkSync(mkdtempSync(join(folder, 'target-')), link)
    expect(() => makeRuntimeFolder(link)).toThrow(/not ours alone/)
  })

  test('a file of that name is refused, too', () => {
    const runtime = join(folder, 'run')
    writeFileSync(runtime, '')
    expect(() => makeRuntimeFolder(runtime)).toThrow(/not ours alone/)
  })

  test('what a killed start left is removed, but for what is kept', () => {
    for (const name of ['redis.sock', 'simulator.sock', 'old']) writeFileSync(join(folder, name), '')
    cleanRuntimeFolder(folder, ['redis.sock'])
    expect(readdirSync(folder)).toEqual(['redis.sock'])
  })
})

describe('the port', () => {
  test('0 takes a free one', async () => {
    expect(await freePort(0, '127.0.0.1')).toBeGreaterThan(0)
  })

  test('a taken one is told, with what to do', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(freePort(port, '127.0.0.1')).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`)
    await new Promise((resolve) => server.close(resolve))
    expect(await freePort(port, '127.0.0.1')).toBe(port)
  })

  test('an address that is none of this machine is told', async () => {
    await expect(freePort(0, '203.0.113.1')).rejects.toThrow('cannot listen on port 0 on 203.0.113.1')
  })
})

describe('the list of processes', () => {
  const sleeper = () => spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' })

  test('names them by pid and start time, and is removed in the end', () => {
    const list = processList(folder, { port: 4711, url: 'http://10.0.0.5:4711', runtime: '/run/x' })
    list.add('gateway', process.pid)
    list.add('nobody', 2 ** 22 + 1)
    expect(readProcesses(folder)).toMatchObject({
      pid: process.pid,
      port: 4711,
      runtime: '/run/x',
      processes: { gateway: { pid: process.pid } },
    })
    expect(readProcesses(folder)?.processes.nobody).toBeUndefined()
    expect(runningUrl(folder)).toBe('http://10.0.0.5:4711')
    list.remove()
    expect(readProcesses(folder)).toBeUndefined()
    expect(runningUrl(folder)).toBeUndefined()
  })

  test('one that an older start wrote names no address: it listens here', () => {
    processList(folder, { port: 4711, runtime: '/run/x' })
    expect(runningUrl(folder)).toBe('http://127.0.0.1:4711')
  })

  test.each(['', '{}', '[]', '{"pid":1,"port":2,"processes":{"a":{}}}', '{"pid":1,"port":2,"url":3,"processes":{}}'])(
    'what is none is none: %j',
    (text) => {
      writeFileSync(join(folder, 'up.json'), text)
      expect(readProcesses(folder)).toBeUndefined()
    },
  )

  test('leftovers that end by themselves are waited for', async () => {
    const child = sleeper()
    processList(folder, { port: 1, runtime: '/run/x' }).add('worker', child.pid ?? -1)
    setTimeout(() => child.kill('SIGTERM'), 50)
    await awaitLeftovers(folder)
    expect(alive(child.pid ?? -1)).toBe(false)
  })

  test('a pid that another process has by now is left alone', async () => {
    const child = sleeper()
    await until(() => alive(child.pid ?? -1))
    const running = { pid: 1, port: 1, runtime: '', processes: { worker: { pid: child.pid, started: '1' } } }
    writeFileSync(join(folder, 'up.json'), JSON.stringify(running))
    await awaitLeftovers(folder)
    expect(alive(child.pid ?? -1)).toBe(true)
    child.kill('SIGKILL')
    await until(() => !alive(child.pid ?? -1))
    expect(existsSync(join(folder, 'up.json'))).toBe(true)
  })
})
