import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { closed, connectBlocking } from '../../../src/store/connect'
import { lives, nameProcess } from '../../../src/store/owner-lock'
import { type PrivateRedis, startPrivateRedis } from '../../../src/store/private-redis'
import { findRedisServer } from '../../../src/store/redis-server'
import { until } from '../../support/until'

let data: string
let runtime: string
const running: PrivateRedis[] = []
const children: ChildProcess[] = []

beforeEach(() => {
  data = join(mkdtempSync(join(tmpdir(), 'og-data-')), 'with a rather long name for a data folder '.repeat(3))
  runtime = mkdtempSync(join(tmpdir(), 'og-run-'))
})
afterEach(async () => {
  for (const redis of running.splice(0)) await redis.stop()
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(dirname(data), { recursive: true, force: true })
  rmSync(runtime, { recursive: true, force: true })
})

async function start(): Promise<PrivateRedis> {
  const redis = await startPrivateRedis({ data, runtime })
  running.push(redis)
  return redis
}

async function ask(redis: PrivateRedis, ...command: [string, ...string[]]): Promise<unknown> {
  const connection = connectBlocking({ kind: 'socket', path: redis.path }, 'test')
  try {
    return await connection.call(...command)
  } finally {
    await closed(connection)
  }
}

describe('findRedisServer', () => {
  test('finds one that is new enough', () => {
    const found = findRedisServer()
    expect(found?.version).toMatch(/^([7-9]|6\.[2-9]|\d\d)/)
  })

  test('takes the one that the environment names first, and leaves it out when it is no server', () => {
    const known = findRedisServer()
    const script = join(runtime, 'my-redis')
    writeFileSync(script, '#!/bin/sh\necho "Redis server v=99.1.2 sha=0"\n', { mode: 0o755 })
    expect(findRedisServer({ ...process.env, OCCI_GATEWAY_REDIS_SERVER: script })).toEqual({
      bin: script,
      version: '99.1.2',
      env: {},
    })
    expect(findRedisServer({ ...process.env, OCCI_GATEWAY_REDIS_SERVER: '/bin/true' })?.bin).toBe(known?.bin)
  })

  test('leaves out one that is too old', () => {
    const script = join(runtime, 'old-redis')
    writeFileSync(script, '#!/bin/sh\necho "Redis server v=6.0.16 sha=0"\n', { mode: 0o755 })
    expect(findRedisServer({ ...process.env, OCCI_GATEWAY_REDIS_SERVER: script })?.bin).not.toBe(script)
  })
})

describe('startPrivateRedis', () => {
  test('runs it with every write on disk before it is answered, and evicts nothing', async () => {
    const redis = await start()
    expect(await ask(redis, 'config', 'get', 'appendfsync')).toEqual(['appendfsync', 'always'])
    expect(await ask(redis, 'config', 'get', 'appendonly')).toEqual(['appendonly', 'yes'])
    expect(await ask(redis, 'config', 'get', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
    expect(await ask(redis, 'config', 'get', 'port')).toEqual(['port', '0'])
    expect(redis.adopted).toBe(false)
  })

  test('keeps what was written over a stop and a new start', async () => {
    const first = await start()
    await ask(first, 'set', 'k', 'v')
    await running.pop()?.stop()
    expect(nameProcess(first.pid)).toBeUndefined()
    const second = await start()
    expect(await ask(second, 'get', 'k')).toBe('v')
  })

  test('tells of its death and starts again with all that was acknowledged', async () => {
    const redis = await start()
    const before = redis.pid
    await ask(redis, 'set', 'k', 'v')
    process.kill(redis.pid, 'SIGKILL')
    await redis.ended
    await redis.restart()
    expect(redis.pid).not.toBe(before)
    expect(await ask(redis, 'get', 'k')).toBe('v')
  })

  test('refuses a data folder that a living process has', async () => {
    await start()
    await expect(startPrivateRedis({ data, runtime })).rejects.toMatchObject({ kind: 'in-use' })
  })

  test('takes over the lock of a process that is gone, even when its pid lives again', async () => {
    const redis = await start()
    await running.pop()?.stop()
    writeFileSync(join(data, 'redis.lock'), `${process.pid} 1`)
    const again = await start()
    expect(again.pid).not.toBe(redis.pid)
  })

  test('adopts the server of a gateway that was killed, wherever its socket is', async () => {
    const redis = await start()
    await ask(redis, 'set', 'k', 'v')
    rmSync(join(data, 'redis.lock')) // as if its owner had died: nobody holds it any more
    const elsewhere = mkdtempSync(join(tmpdir(), 'og-run-'))
    const adopter = await startPrivateRedis({ data, runtime: elsewhere })
    expect(adopter).toMatchObject({ adopted: true, pid: redis.pid, path: redis.path })
    expect(await ask(adopter, 'get', 'k')).toBe('v')
    running.length = 0
    await adopter.stop()
    await until(() => !lives({ pid: adopter.pid, started: '' }) && nameProcess(adopter.pid) === undefined)
    await adopter.ended
    rmSync(elsewhere, { recursive: true })
  })

  test('does not take a foreign process for its server', async () => {
    const redis = await start()
    await running.pop()?.stop()
    const foreign = spawn('sleep', ['60'])
    children.push(foreign)
    writeFileSync(join(data, 'redis.json'), JSON.stringify({ pid: foreign.pid, started: '1', path: redis.path }))
    const again = await start()
    expect(again.adopted).toBe(false)
    expect(again.pid).not.toBe(foreign.pid)
  })

  test('names the limit when the socket has too long a name', async () => {
    runtime = join(runtime, 'x'.repeat(110))
    await expect(startPrivateRedis({ data, runtime })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('107'),
    })
  })

  test('says what the server said when it does not start, and gives the lock back', async () => {
    const script = join(runtime, 'broken-redis')
    writeFileSync(
      script,
      '#!/bin/sh\nif [ "$1" = --version ]; then echo "Redis server v=9.9.9 "; else echo no luck today; exit 1; fi\n',
      { mode: 0o755 },
    )
    const before = process.env.OCCI_GATEWAY_REDIS_SERVER
    process.env.OCCI_GATEWAY_REDIS_SERVER = script
    try {
      await expect(startPrivateRedis({ data, runtime })).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('no luck today'),
      })
    } finally {
      if (before === undefined) delete process.env.OCCI_GATEWAY_REDIS_SERVER
      else process.env.OCCI_GATEWAY_REDIS_SERVER = before
    }
    expect(existsSync(join(data, 'redis.lock'))).toBe(false)
    await start()
  })

  test('leaves no socket name and no lock that others could trip over after a stop', async () => {
    await start()
    expect(readFileSync(join(data, 'redis.lock'), 'utf8')).toContain(String(process.pid))
    await running.pop()?.stop()
    expect(existsSync(join(data, 'redis.lock'))).toBe(false)
    expect(existsSync(join(data, 'redis.json'))).toBe(false)
  })
})
