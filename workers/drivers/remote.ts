/**
 * Commands on other hosts by ssh: one connection per host, kept alive and opened again with back-off; each command is a channel
 * of it with a deadline and bounded output; its words are quoted in one place (remote/quote.ts).
 *
 * Faults: 'unreachable' (no connection, or it was lost under the command: then the outcome is unknown), 'timeout' (the deadline
 * passed, outcome unknown), 'refused' (more output than was asked for). `detail.reason` of 'unreachable' tells apart
 * `host-key-changed` (nothing was sent; the host is to be disabled until an operator looked) and `not-authenticated`.
 */
import type { Readable } from 'node:stream'
import type { RemoteTarget } from './remote/target'

export { type RemoteTarget, remoteTarget } from './remote/target'

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

export interface Remote {
  /** Runs a command, its words as they are: no shell sees them unquoted. */
  run(target: RemoteTarget, command: readonly string[], options: RunOptions): Promise<Output>
  /** The key that the host shows now, `SHA256:…`; nothing is sent to it. Faults: unreachable, timeout. */
  hostKeyOf(host: string, port: number): Promise<string>
  close(): Promise<void>
}

export interface RemoteOptions {
  /** A private key without a passphrase. */
  readonly keyFile?: string
  /** Path of an agent's socket. */
  readonly agent?: string
  /** ms until a connection has to be ready; default 10 s. */
  readonly connectMs?: number
  /** ms between signs of life; three missed ones end the connection; default 5 s. */
  readonly keepAliveMs?: number
  /** Commands at once per host; sshd's MaxSessions is 10 by default; default 8. */
  readonly channels?: number
}
