/** A Redis of its own for one test file: a private child in a temporary folder, as `occi-gateway up` runs it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RedisAddress } from '../../src/store/connect'
import { startPrivateRedis } from '../../src/store/private-redis'

export interface TestRedis {
  /** Of its unix socket; stays the same over restarts. */
  readonly path: string
  readonly address: RedisAddress
  readonly pid: number
  /** Ends it and removes its folder. */
  stop(): Promise<void>
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>
  /** Starts it again on its append-only file. */
  restart(): Promise<void>
}

export async function startRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'og-redis-'))
  const redis = await startPrivateRedis({ data: folder, runtime: folder })
  // A test run that dies must not leave servers behind.
  const atExit = () => {
    try {
      process.kill(redis.pid, 'SIGKILL')
    } catch {
      // gone already
    }
  }
  process.once('exit', atExit)
  return {
    path: redis.path,
    address: { kind: 'socket', path: redis.path },
    get pid() {
      return redis.pid
    },
    async stop() {
      process.removeListener('exit', atExit)
      await redis.stop()
      rmSync(folder, { recursive: true, force: true })
    },
    async kill() {
      process.kill(redis.pid, 'SIGKILL')
      await redis.ended
    },
    restart: () => redis.restart(),
  }
}
