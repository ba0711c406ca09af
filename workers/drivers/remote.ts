/**
 * Commands on other hosts by ssh: one connection per host, kept alive and opened again with back-off; each command is a channel
 * of it with a deadline and bounded output; its words are quoted in one place (remote/quote.ts).
 *
 * Faults: 'unreachable' (no connection, or it was lost under the command: then the outcome is unknown), 'timeout' (the deadline
 * passed, outcome unknown), 'refused' (more output than was asked for). `detail.reason` of 'unreachable' tells apart
 * `host-key-changed` (nothing was sent; the host is to be disabled until an operator looked) and `not-authenticated`.
 */
import type { Output, RunOptions } from './remote/command'
import { shownKey } from './remote/connect'
import { Lane } from './remote/lane'
import { quote } from './remote/quote'
import { nameOf, type RemoteTarget } from './remote/target'

export type { Output, RunOptions } from './remote/command'
export { type RemoteTarget, remoteTarget } from './remote/target'

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

const CONNECT_MS = 10_000
const KEEP_ALIVE_MS = 5_000
const CHANNELS = 8

/** Opens nothing yet: a host is connected to when it is first needed. */
export function openRemote(options: RemoteOptions = {}): Remote {
  const { connectMs = CONNECT_MS, keepAliveMs = KEEP_ALIVE_MS, channels = CHANNELS, ...credentials } = options
  const lanes = new Map<string, Lane>()
  const laneTo = (target: RemoteTarget): Lane => {
    const name = nameOf(target)
    const lane = lanes.get(name) ?? new Lane(target, { ...credentials, connectMs, keepAliveMs, channels })
    lanes.set(name, lane)
    return lane
  }
  return {
    run: async (target, command, run) => laneTo(target).run(target, quote(command), run),
    hostKeyOf: (host, port) => shownKey(host, port, connectMs),
    close: async () => {
      await Promise.all([...lanes.values()].map((lane) => lane.close()))
    },
  }
}
