/**
 * A client's one connection to the simulator: many calls in flight, each with a deadline; opened when it is first needed and
 * again, with back-off, when it was lost. A call that was sent and not answered has an unknown outcome: 'unreachable' when the
 * connection broke, 'timeout' when its deadline passed.
 */
import { connect, type Socket } from 'node:net'
import { type Fault, fault } from '../../../src/faults'
import { onLines, sendLine } from './lines'
import { answerSchema, type FaultOnWire } from './wire'

const FIRST_BACK_OFF_MS = 20
const LONGEST_BACK_OFF_MS = 1_000

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: Fault) => void
  readonly timer: NodeJS.Timeout
}

export interface Call {
  readonly verb: string
  readonly host?: string
  readonly ticket?: unknown
  readonly args?: unknown
}

export class Connection {
  readonly #path: string
  readonly #deadlineMs: number
  readonly #pending = new Map<number, Pending>()
  #socket: Promise<Socket> | undefined
  #failures = 0
  #next = 1
  #closed: Fault | undefined

  constructor(path: string, deadlineMs: number) {
    this.#path = path
    this.#deadlineMs = deadlineMs
  }

  /** Sends a call and waits for its answer. Faults: what the simulator says, 'unreachable', 'timeout'. */
  call(call: Call): Promise<unknown> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail(id, fault('timeout', `${call.verb}: no answer within ${this.#deadlineMs} ms`)),
        this.#deadlineMs,
      )
      this.#pending.set(id, { resolve, reject, timer })
      this.#open().then(
        (socket) => {
          if (this.#pending.has(id)) sendLine(socket, { id, ...call })
        },
        (reason: Fault) => this.#fail(id, reason),
      )
    })
  }

  /** Ends the connection and whatever waits. */
  async close(): Promise<void> {
    this.#closed = fault('unreachable', 'the connection to the simulator was closed')
    this.#failAll(this.#closed)
    const socket = await this.#socket?.catch(() => undefined)
    socket?.destroy()
  }

  #open(): Promise<Socket> {
    if (this.#closed) return Promise.reject(this.#closed)
    this.#socket ??= this.#connect()
    return this.#socket
  }

  async #connect(): Promise<Socket> {
    if (this.#failures > 0) await pause(Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (this.#failures - 1)))
    return new Promise((resolve, reject) => {
      const socket = connect(this.#path)
      socket.once('connect', () => {
        this.#failures = 0
        resolve(socket)
      })
      socket.on('error', () => undefined)
      socket.once('close', () => {
        this.#failures++
        this.#socket = undefined
        const lost = fault('unreachable', 'the connection to the simulator was lost')
        reject(lost)
        this.#failAll(lost)
      })
      onLines(socket, (value) => this.#take(socket, value))
    })
  }

  #take(socket: Socket, value: unknown): void {
    const answer = answerSchema.safeParse(value)
    if (!answer.success) {
      socket.destroy()
      return
    }
    const { id } = answer.data
    if ('fault' in answer.data) this.#fail(id, fromWire(answer.data.fault))
    else this.#end(id)?.resolve(answer.data.ok)
  }

  #end(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    clearTimeout(pending?.timer)
    return pending
  }

  #fail(id: number, reason: Fault): void {
    this.#end(id)?.reject(reason)
  }

  #failAll(reason: Fault): void {
    for (const id of [...this.#pending.keys()]) this.#fail(id, reason)
  }
}

const fromWire = ({ kind, message, held }: FaultOnWire): Fault =>
  fault(kind, message, held === undefined ? {} : { held })

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
