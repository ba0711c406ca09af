/** All our time comes from one Clock: real time, or real time plus an offset that a simulator moves and only ever grows. */
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fault } from './faults'

export interface Clock {
  /** ms since 1970. */
  now(): number
}

export const realClock: Clock = { now: () => Date.now() }

/** A clock that follows another process until it is closed. */
export interface FollowedClock extends Clock {
  close(): void
}

/** ms to wait for the first offset. */
const PATIENCE_MS = 10_000
const RECONNECT_MS = 50

/**
 * Follows the clock of a simulator at a unix socket: real time plus its offset. Resolves once the offset is known. A simulator
 * that is lost is looked for again, and the last offset kept meanwhile. Fault: 'unavailable' when it does not answer in 10 s.
 */
export async function followClock({
  socket: path,
  patienceMs = PATIENCE_MS,
}: {
  readonly socket: string
  readonly patienceMs?: number
}): Promise<FollowedClock> {
  let offsetMs = 0
  let closed: 'no' | 'yes' = 'no'
  let socket: Socket | undefined
  let timer: NodeJS.Timeout | undefined
  const heard = new Promise<void>((resolve) => {
    const take = (line: string): void => {
      const offset = offsetIn(line)
      if (offset === undefined) return
      // A simulator that starts anew in an empty folder does not turn our time back.
      offsetMs = Math.max(offsetMs, offset)
      socket?.write(`${JSON.stringify({ id: 0, verb: 'clock.taken', args: { offsetMs: offset } })}\n`)
      resolve()
    }
    const open = (): void => {
      const fresh = connect(path)
      socket = fresh
      fresh.unref()
      fresh.on('error', () => undefined)
      fresh.on('connect', () => fresh.write(`${JSON.stringify({ id: 0, verb: 'clock.follow' })}\n`))
      fresh.on('close', () => {
        if (closed === 'no') timer = setTimeout(open, RECONNECT_MS).unref()
      })
      createInterface({ input: fresh })
        .on('line', take)
        .on('error', () => undefined)
    }
    open()
  })
  const close = (): void => {
    closed = 'yes'
    clearTimeout(timer)
    socket?.destroy()
  }
  if (!(await within(patienceMs, heard))) {
    close()
    throw fault('unavailable', `the simulator's clock does not answer at ${path}`)
  }
  return { now: () => realClock.now() + offsetMs, close }
}

/** The offset of a push, `{"clock":{"offsetMs":…}}`; undefined for any other line. */
function offsetIn(line: string): number | undefined {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || !('clock' in value)) return undefined
    const { clock } = value
    if (typeof clock !== 'object' || clock === null || !('offsetMs' in clock)) return undefined
    return typeof clock.offsetMs === 'number' && clock.offsetMs >= 0 ? clock.offsetMs : undefined
  } catch {
    return undefined
  }
}

const within = (ms: number, promise: Promise<void>): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms)
    void promise.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
