/**
 * A host behind its guard: each call is one command over ssh, decided on the host by the rules of decide.ts (the shell script
 * assembled from host/*.sh and a driver's deeds, installed under the hash of its text on first use).
 *
 * A driver brings **deeds**: files of POSIX sh (dash and busybox ash run them) that define functions
 *
 *   look_<name>     a guarded look; what it prints is the payload; it changes nothing
 *   effect_<name>   a guarded effect; what it prints is small and is kept as the result's value
 *   free_<name>     an unguarded probe
 *
 * A deed is called with the call's arguments as "$@", in a subshell (it may `exit`), the call's input as standard input, umask
 * 077, `LC_ALL=C`, no `set -e`, and knows
 *
 *   $OCCI_FOLDER     /var/lib/occi-gateway: a driver keeps its files below folders of its own there (never below guard/)
 *   $OCCI_WORK       an empty folder of this call alone (looks and effects), removed afterwards, before it on a restart
 *   $OCCI_CALL       another one in every call, the same in all that it begins
 *   $OCCI_RESOURCE   the ticket's resource;  $OCCI_KEY: the effect's key;  $OCCI_SITE
 *   percent N        shows how far detached work is (0 to 99)
 *   departed         nothing is left of the resource: later only a ledger line stays. A look that finds nothing says it too
 *   apart SECONDS DEED ARG…   what a free deed prints, by a process of its own that is ended after so many seconds
 *   works            (free deeds) a line `resource percent key what` per detached work under way
 *   refuse TEXT…     says TEXT on standard error and exits 3
 *   lacks TEXT…      the same, and exits 6: nothing was done
 *
 * How it ends: 0 done. 3 refused: the newest lines of standard error are the message; kept under the key. 4 unsupported, before
 * any side effect; not kept. 5, 124, 137 (`timeout -k`) or a signal: the outcome is to be looked at ('timeout', not kept, the
 * same key tries again). 6, attached work only: something has to be brought to the host first (LACKS; not kept, the same key tries
 * again). Anything else: as 3. Every tool that may hang runs under `timeout -k`.
 *
 * A command of an older epoch is ended (SIGKILL to its process group) as soon as a newer one calls; what may outlive that
 * (xl's monitor) has a session of its own. A Buffer as input arrives whole or the deed is not begun; a Readable may end early
 * when the connection is lost: a deed that reads one is told its length or checksum by argument and checks.
 */
import type { Readable } from 'node:stream'
import { type Fault, fault } from '../../../src/faults'
import type { Effect, EffectTicket, HostTarget, Ticket } from '../driver'
import type { Remote } from '../remote'
import type { Answer, Work } from './answer'
import { cancelCall, effectCall, freeCall, type InputForm, lookCall, siteName } from './call'
import { DEFAULT_FOLDER } from './install'
import { assemble } from './script'
import { GuardSession } from './session'
import { Sweeps } from './sweeps'

export interface CallOptions {
  /** ms; default 30 s. */
  readonly deadlineMs?: number
  /** Standard input of the deed. Secrets go here, never among the arguments. */
  readonly input?: Buffer | Readable
  /** Of what the deed may print; default 1 MiB (a result's value: 64 KiB). */
  readonly maxBytes?: number
}

export interface EffectOptions extends CallOptions {
  /** It runs on under its key, whatever becomes of the connection; the call answers 'running' at once. */
  readonly detached?: true
  /** When to look again at detached work, ms; default 1 s. */
  readonly lookAgainMs?: number
}

/** What a guarded look saw, and the detached work under way. */
export interface Seen {
  readonly payload: Buffer
  readonly work: Work | null
}

/** Faults as driver.ts says: stale, busy, refused, unsupported, unreachable, timeout. */
export interface GuardedHost {
  look(host: HostTarget, ticket: Ticket, deed: string, args: readonly string[], options?: CallOptions): Promise<Seen>
  effect(
    host: HostTarget,
    ticket: EffectTicket,
    deed: string,
    args: readonly string[],
    options?: EffectOptions,
  ): Promise<Effect<string>>
  /** Ends detached work by its key; nothing under way is done. */
  cancel(host: HostTarget, ticket: EffectTicket): Promise<Effect>
  free(host: HostTarget, deed: string, args: readonly string[], options?: CallOptions): Promise<Buffer>
  /** Puts this version of the guard on the host (what the first call does by itself). */
  install(host: HostTarget): Promise<void>
  /** Removes guard, ledger and folder. Fault: 'refused' while a call or detached work is under way. */
  uninstall(host: HostTarget): Promise<void>
  /** The version in force here: the hash of the script's text. */
  readonly version: string
  /** Waits for what it does beside the calls; the connections are the caller's. */
  close(): Promise<void>
}

export interface GuardedHostOptions {
  readonly remote: Remote
  /** Its records are kept apart from other sites'. */
  readonly site: string
  /** Texts of a driver's sh files, in the order in which they are put together. */
  readonly deeds: readonly string[]
  /** On the host; default /var/lib/occi-gateway. */
  readonly folder?: string
}

const DEADLINE_MS = 30_000
const LOOK_AGAIN_MS = 1_000
const FOLDER = /^(\/[A-Za-z0-9._-]+)+$/

/** Opens nothing: a host is connected to, and the guard installed there, when it is first needed. */
export function openGuardedHost({ remote, site, deeds, folder = DEFAULT_FOLDER }: GuardedHostOptions): GuardedHost {
  // The guard's own loops take names apart at spaces.
  if (!FOLDER.test(folder)) throw fault('refused', `${folder} is no folder for a guard`)
  const script = assemble(deeds)
  const session = new GuardSession(remote, folder, script)
  const sweeps = new Sweeps((host) => session.call(host, ['sweep', siteName(site)], { deadlineMs: DEADLINE_MS }))
  return {
    version: script.version,
    install: (host) => session.install(host),
    look: async (host, ticket, deed, args, options = {}) => {
      const run = { deadlineMs: DEADLINE_MS, ...options }
      const answer = await session.call(host, lookCall(site, ticket, run.deadlineMs, deed, args), run)
      if (answer.say !== 'seen') throw unexpected(host, answer)
      return { payload: answer.payload, work: answer.work }
    },
    effect: async (host, ticket, deed, args, { detached, lookAgainMs = LOOK_AGAIN_MS, ...options } = {}) => {
      const run = { deadlineMs: DEADLINE_MS, ...options }
      const mode = detached ? 'detached' : 'attached'
      const input = formOf(run.input)
      if (detached && input === 'stream') throw fault('refused', 'detached work outlives the stream that it would read')
      const words = effectCall(site, ticket, { deadlineMs: run.deadlineMs, mode, input, deed, args })
      const answer = await session.call(host, words, run)
      if (answer.say === 'running') return { state: 'running', percent: answer.percent, lookAgainMs }
      if (answer.say !== 'done') throw unexpected(host, answer)
      return { state: 'done', value: answer.value }
    },
    cancel: async (host, ticket) => {
      const run = { deadlineMs: DEADLINE_MS }
      const answer = await session.call(host, cancelCall(site, ticket, run.deadlineMs), run)
      if (answer.say !== 'ended') throw unexpected(host, answer)
      return { state: 'done', value: null }
    },
    free: async (host, deed, args, options = {}) => {
      const answer = await session.call(host, freeCall(site, deed, args), { deadlineMs: DEADLINE_MS, ...options })
      if (answer.say !== 'free') throw unexpected(host, answer)
      sweeps.after(host)
      return answer.payload
    },
    uninstall: async (host) => {
      await sweeps.through()
      await session.uninstall(host, ['uninstall', siteName(site)], { deadlineMs: DEADLINE_MS })
    },
    close: () => sweeps.through(),
  }
}

const formOf = (input: CallOptions['input']): InputForm =>
  input === undefined ? 'none' : Buffer.isBuffer(input) ? input.length : 'stream'

/** An answer to another question: what happened is not known. */
const unexpected = (host: HostTarget, answer: Answer): Fault =>
  fault('unreachable', `the guard of ${host.name} answered ${answer.say}, which was not asked`)
