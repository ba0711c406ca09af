/**
 * Stands between a driver and an sshd and breaks the way: cuts it now or after so many pieces, swallows answers, holds
 * everything back, lets nobody in. What travels is sealed, so steps are counted in pieces (TCP reads) of one direction: run a
 * call once, read `passed`, then run it again with the way cut after each piece.
 */
import { connect, createServer, type Socket } from 'node:net'
import type { HostTarget } from '../../workers/drivers/driver'
import type { TestSshd } from './sshd'

/** `there`: what the driver sends. `back`: what the host answers. */
export type Direction = 'there' | 'back'

export interface SshProxy {
  /** The host as it is reached through here. */
  readonly target: HostTarget
  readonly port: number
  /** Pieces since the last `count`. */
  readonly passed: Readonly<Record<Direction, number>>
  /** Begins to count anew. */
  count(): void
  /** Breaks all connections now. */
  cut(): void
  /** Breaks the connection once that many more pieces went that way; the last one still arrives. */
  cutAfter(direction: Direction, pieces: number): void
  /** Forgets a cut that did not come. */
  mend(): void
  /** Answers are swallowed from now on, until `cut`: what a command that began already comes to, nobody hears of it. */
  mute(): void
  /** Nothing passes either way until `thaw`, which delivers it. */
  freeze(): void
  thaw(): void
  /** Nobody gets in until `open`; what is connected goes on. */
  shut(): void
  open(): void
  close(): Promise<void>
}

interface Way {
  readonly client: Socket
  readonly host: Socket
  muted: 'no' | 'yes'
}

export async function startSshProxy(sshd: TestSshd): Promise<SshProxy> {
  const ways = new Set<Way>()
  let state: 'open' | 'shut' = 'open'
  let frozen: 'no' | 'yes' = 'no'
  let passed = { there: 0, back: 0 }
  let wanted: { direction: Direction; pieces: number } | undefined
  const cut = (): void => {
    for (const { client, host } of ways) {
      client.destroy()
      host.destroy()
    }
  }
  /** Counts a piece; whether the way breaks after it. */
  const isLast = (direction: Direction): boolean => {
    passed = { ...passed, [direction]: passed[direction] + 1 }
    if (wanted?.direction !== direction || passed[direction] < wanted.pieces) return false
    wanted = undefined
    return true
  }
  const server = createServer((client) => {
    if (state === 'shut') {
      client.destroy()
      return
    }
    const host = connect(sshd.port, '127.0.0.1')
    const way: Way = { client, host, muted: 'no' }
    ways.add(way)
    const pass = (direction: Direction, from: Socket, to: Socket): void => {
      from.on('data', (piece) => {
        if (direction === 'back' && way.muted === 'yes') return
        const last = isLast(direction)
        to.write(piece)
        // What arrived last is delivered before the way breaks.
        if (last) setImmediate(cut)
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        ways.delete(way)
        to.destroy()
      })
      if (frozen === 'yes') from.pause()
    }
    pass('there', client, host)
    pass('back', host, client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    port,
    get target() {
      return { ...sshd.target, address: `ssh://${sshd.user}@127.0.0.1:${port}` }
    },
    get passed() {
      return passed
    },
    count: () => {
      passed = { there: 0, back: 0 }
    },
    cut,
    cutAfter: (direction, pieces) => {
      wanted = { direction, pieces: passed[direction] + pieces }
    },
    mend: () => {
      wanted = undefined
    },
    mute: () => {
      for (const way of ways) way.muted = 'yes'
    },
    freeze: () => {
      frozen = 'yes'
      for (const { client, host } of ways) for (const socket of [client, host]) socket.pause()
    },
    thaw: () => {
      frozen = 'no'
      for (const { client, host } of ways) for (const socket of [client, host]) socket.resume()
    },
    shut: () => {
      state = 'shut'
    },
    open: () => {
      state = 'open'
    },
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
