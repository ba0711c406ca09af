/** The process that holds our Redis, at bad moments. Started as `up` starts it: its standard input is a pipe that we hold. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectOnce } from '../../src/store/connect'
import { findRedisServer } from '../../src/store/redis-server'
import { alive, PROGRAM, plainEnvironment } from '../support/gateway-process'
import { until } from '../support/until'

let folder: string
let socket: string
let holder: ChildProcess
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'og-holder-'))
  socket = join(folder, 'run', 'redis.sock')
})
afterEach(async () => {
  holder.stdin?.end()
  await until(() => holder.exitCode !== null || holder.signalCode !== null)
  rmSync(folder, { recursive: true, force: true })
})

function hold(env: NodeJS.ProcessEnv = {}): void {
  holder = spawn(process.execPath, [PROGRAM, 'redis', '--data', folder], {
    env: { ...plainEnvironment(), OCCI_GATEWAY_PARENT: '1', OCCI_GATEWAY_RUNTIME: join(folder, 'run'), ...env },
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
  })
}

const serverPid = (): number => {
  const found: { readonly pid: number } = JSON.parse(readFileSync(join(folder, 'redis', 'redis.json'), 'utf8'))
  return found.pid
}

async function answers(): Promise<boolean> {
  const redis = connectOnce({ kind: 'socket', path: socket })
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } finally {
    if (redis.status !== 'end') redis.disconnect()
  }
}

test('a server that is still starting ends with it when its parent is gone', async () => {
  const real = findRedisServer()
  const slow = join(folder, 'slow-redis')
  writeFileSync(slow, `#!/bin/sh\n[ "$1" = --version ] && exec ${real?.bin} --version\nexec sleep 60\n`, {
    mode: 0o755,
  })
  hold({ OCCI_GATEWAY_REDIS_SERVER: slow, ...real?.env })
  const pid = await until(serverPid, { what: 'the server to be launched' })
  expect(alive(pid)).toBe(true)
  holder.stdin?.end()
  await until(() => holder.exitCode !== null || holder.signalCode !== null)
  expect(alive(pid)).toBe(false)
})

test('a server whose socket was removed is started again, so that others find it', async () => {
  hold()
  await new Promise((resolve) => holder.once('message', resolve))
  const before = serverPid()
  rmSync(socket)
  await until(() => existsSync(socket) && answers(), { what: 'Redis at its socket again' })
  expect(alive(before)).toBe(false)
})
