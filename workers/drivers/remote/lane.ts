/**
 * The way to one host: a connection that is opened when it is first needed and again, with back-off, when it was lost; at most
 * so many commands at once, the others wait their turn. A command that was sent and not answered has an unknown outcome.
 */
import type { ClientChannel } from 'ssh2'
import { asFault, type Fault, fault } from '../../../src/faults'
import { follow, type Output, type RunOptions } from './command'
import { type Connected, type ConnectOptions, changedKey, connect } from './connect'
import { nameOf, type RemoteTarget } from './target'

const FIRST_BACK_OFF_MS = 50
const LONGEST_BACK_OFF_MS = 10_000
/** A connection that nobody used for so long is let go of. */
const IDLE_MS = 600_000

export interface LaneOptions extends ConnectOptions {
  readonly channels: number
}

interface Job {
  readonly line: string
  readonly options: RunOptions
  readonly resolve: (output: Output) => void
  readonly reject: (reason: Fault) => void
  readonly timer: NodeJS.Timeout
  channel?: ClientChannel
  settled: 'no' | 'yes'
}

export class Lane {
  readonly #options: LaneOptions
  #target: RemoteTarget
  #connected: Connected | undefined
  #connecting: NodeJS.Timeout | 'now' | undefined
  readonly #waiting: Job[] = []
  readonly #running = new Set<Job>()
  #limit: number
  #failures = 0
  #lastFailure: Fault | undefined
  #closed: Fault | undefined
  #idle: NodeJS.Timeout | undefined

  constructor(target: RemoteTarget, options: LaneOptions) {
    this.#target = target
    this.#options = options
    this.#limit = options.channels
  }

  run(target: RemoteTarget, line: string, options: RunOptions): Promise<Output> {
    if (this.#closed) return Promise.reject(this.#closed)
    // Pins may have changed since the connection was opened.
    this.#target = target
    const hostKey = this.#connected?.hostKey
    if (hostKey !== undefined && !target.hostKeys.includes(hostKey)) return Promise.reject(changedKey(target, hostKey))
    return new Promise((resolve, reject) => {
      const job: Job = {
        line,
        options,
        resolve: (output) => this.#settle(job, () => resolve(output)),
        reject: (reason) => this.#settle(job, () => reject(reason)),
        timer: setTimeout(() => this.#late(job), options.deadlineMs),
        settled: 'no',
      }
      this.#waiting.push(job)
      this.#pump()
    })
  }

  async close(): Promise<void> {
    this.#closed = fault('unreachable', `the connection to ${nameOf(this.#target)} was closed`)
    clearTimeout(this.#idle)
    if (typeof this.#connecting === 'object') clearTimeout(this.#connecting)
    for (const job of [...this.#waiting, ...this.#running]) job.reject(this.#closed)
    const client = this.#connected?.client
    if (!client) return
    await new Promise((resolve) => {
      client.once('close', () => resolve(undefined))
      client.end()
      client.destroy()
    })
  }

  #settle(job: Job, tell: () => void): void {
    if (job.settled === 'yes') return
    job.settled = 'yes'
    clearTimeout(job.timer)
    const at = this.#waiting.indexOf(job)
    if (at >= 0) this.#waiting.splice(at, 1)
    tell()
  }

  /** The deadline: what was not sent has failed as its connection did, what was sent may have happened. */
  #late(job: Job): void {
    const passed = fault('timeout', `${nameOf(this.#target)}: no answer within ${job.options.deadlineMs} ms`)
    job.reject(this.#running.has(job) ? passed : (this.#lastFailure ?? passed))
    // Its place is free once the other side has closed it too.
    job.channel?.close()
  }

  #pump(): void {
    if (this.#closed) return
    if (this.#waiting.length > 0 && !this.#connected) this.#open()
    while (this.#connected && this.#running.size < this.#limit) {
      const job = this.#waiting.shift()
      if (!job) break
      this.#start(this.#connected, job)
    }
    clearTimeout(this.#idle)
    if (this.#connected && this.#running.size === 0)
      this.#idle = setTimeout(() => this.#connected?.client.end(), IDLE_MS).unref()
  }

  #open(): void {
    if (this.#connecting) return
    if (this.#failures === 0) this.#connect()
    else {
      const longest = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (this.#failures - 1))
      // Many hosts come back together: not all at once.
      this.#connecting = setTimeout(() => this.#connect(), longest * (0.5 + Math.random() / 2))
    }
  }

  async #connect(): Promise<void> {
    this.#connecting = 'now'
    try {
      const connected = await connect(this.#target, this.#options)
      this.#connecting = undefined
      if (this.#closed) {
        connected.client.destroy()
        return
      }
      this.#connected = connected
      this.#limit = this.#options.channels
      connected.client.once('close', () => this.#lost(connected))
      this.#pump()
    } catch (thrown) {
      this.#connecting = undefined
      this.#failures++
      this.#lastFailure = asFault(thrown)
      for (const job of [...this.#waiting]) job.reject(this.#lastFailure)
    }
  }

  #lost(connected: Connected): void {
    if (this.#connected !== connected) return
    this.#connected = undefined
    const lost = fault('unreachable', `the connection to ${nameOf(this.#target)} was lost: the outcome is unknown`)
    for (const job of this.#running) job.reject(lost)
    this.#running.clear()
    // One that breaks at once, again and again, is not opened in a loop.
    this.#failures = Math.max(1, this.#failures)
    this.#pump()
  }

  #start(connected: Connected, job: Job): void {
    this.#running.add(job)
    const leave = (): void => {
      if (this.#running.delete(job)) this.#pump()
    }
    const opened = (error: Error | undefined, channel: ClientChannel): void => {
      if (error) this.#notOpened(connected, job, error)
      else {
        this.#failures = 0
        this.#lastFailure = undefined
        job.channel = channel
        channel.once('close', leave)
        if (job.settled === 'yes') channel.close()
        else follow(channel, job.options).then(job.resolve, (thrown) => job.reject(asFault(thrown)))
      }
    }
    try {
      connected.client.exec(job.line, opened)
    } catch (thrown) {
      // ssh2 throws 'Not connected' between the end of the socket and its 'close', of which we hear only then.
      this.#notOpened(connected, job, thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
  }

  /** sshd gives fewer sessions than we want: fewer from now on; not even one: a new connection. Nothing was begun. */
  #notOpened(connected: Connected, job: Job, cause: Error): void {
    if (!this.#running.delete(job)) return
    if (job.settled === 'no') this.#waiting.unshift(job)
    if (this.#running.size > 0) this.#limit = this.#running.size
    else {
      this.#lastFailure = fault('unreachable', `${nameOf(this.#target)} opens no session: ${cause.message}`, { cause })
      this.#failures++
      this.#connected = undefined
      connected.client.end()
      this.#pump()
    }
  }
}
