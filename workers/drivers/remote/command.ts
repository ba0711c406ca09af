/** One command on an open connection: its input, its bounded output, how it ended. */
import { constants } from 'node:os'
import { pipeline, type Readable } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { Fault, fault } from '../../../src/faults'

export interface RunOptions {
  /** Goes to the command's standard input, which then ends; without it there is none. */
  readonly input?: Buffer | Readable
  /** ms, waiting for a connection and a free channel included. */
  readonly deadlineMs: number
  /** Of standard output; default 1 MiB. */
  readonly maxBytes?: number
}

export interface Output {
  /** Exit status; 128 + n for a command that signal n ended. */
  readonly code: number
  readonly stdout: Buffer
  /** The newest 16 KiB of it. */
  readonly stderr: string
}

const DEFAULT_MAX_BYTES = 1024 * 1024
const STDERR_BYTES = 16 * 1024

/** Runs until the channel is closed. Faults: 'unreachable' (no exit status: the connection went), 'refused' (too much output). */
export function follow(channel: ClientChannel, { input, maxBytes = DEFAULT_MAX_BYTES }: RunOptions): Promise<Output> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    let stderr = Buffer.alloc(0)
    channel.on('data', (part: Buffer) => {
      size += part.length
      if (size <= maxBytes) parts.push(part)
      else {
        reject(fault('refused', `the command said more than ${maxBytes} bytes`, { reason: 'too-long' }))
        channel.close()
      }
    })
    channel.stderr.on('data', (part: Buffer) => {
      stderr = Buffer.concat([stderr, part]).subarray(-STDERR_BYTES)
    })
    channel.on('error', () => undefined)
    channel.once('close', (code: number | null | undefined, signal: string | undefined) => {
      if (input && 'destroy' in input) input.destroy()
      const status = code ?? ofSignal(signal)
      if (status === undefined)
        reject(fault('unreachable', 'the connection was lost before the command ended: its outcome is unknown'))
      else resolve({ code: status, stdout: Buffer.concat(parts), stderr: stderr.toString('utf8') })
    })
    feed(channel, input, reject)
  })
}

/** Input that fails on our side leaves the command with half of it: the channel goes, and the caller hears why. */
function feed(channel: ClientChannel, input: RunOptions['input'], reject: (reason: Fault) => void): void {
  if (input === undefined) channel.end()
  else if (Buffer.isBuffer(input)) channel.end(input)
  else {
    input.once('error', (cause) => {
      reject(cause instanceof Fault ? cause : fault('unreachable', 'the input of the command broke off', { cause }))
      channel.close()
    })
    // A command that ends before it has read all closes the pipe: no error of anybody.
    pipeline(input, channel, () => undefined)
  }
}

function ofSignal(signal: string | undefined): number | undefined {
  if (!signal) return undefined
  const number = Object.entries(constants.signals).find(([name]) => name === `SIG${signal.replace(/^SIG/, '')}`)?.[1]
  return 128 + (number ?? 0)
}
