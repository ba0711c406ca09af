/** Stands between a client and Redis on a unix socket of its own and loses replies: what was asked is done, nobody hears of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RedisAddress } from '../../src/store/connect'

export interface LossyProxy {
  readonly address: RedisAddress
  /** The next reply to a request that holds this text is swallowed and its connection broken. */
  loseReplyTo(text: string): void
  /** Whoever is connected hears nothing from now on, not even that the connection broke, as of a server that lost its power. */
  mute(): void
  /** How many were lost so far. */
  readonly lost: number
  close(): Promise<void>
}

export async function startLossyProxy(redisPath: string): Promise<LossyProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'og-proxy-'))
  const path = join(folder, 'redis.sock')
  const open = new Set<Socket>()
  const muted = new WeakSet<Socket>()
  let wanted: string | undefined
  let lost = 0
  const server = createServer((client) => {
    const redis = connect(redisPath)
    let losing = false
    for (const socket of [client, redis]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        redis.destroy()
      })
    }
    client.on('data', (request) => {
      if (wanted !== undefined && request.includes(wanted)) {
        wanted = undefined
        losing = true
      }
      redis.write(request)
    })
    redis.on('data', (reply) => {
      if (muted.has(client)) return
      if (!losing) return client.write(reply)
      lost++
      return client.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return {
    address: { kind: 'socket', path },
    loseReplyTo(text) {
      wanted = text
    },
    mute() {
      for (const socket of open) muted.add(socket)
    },
    get lost() {
      return lost
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
