/**
 * A GuardedHost whose hosts are folders of this machine: deeds run by sh (dash or busybox) at once, decided by the rules of
 * decide.ts in memory. For the tests of deeds; the guard itself is tested behind a real sshd.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fault } from '../../src/faults'
import { formatEpoch, NO_EPOCH } from '../../src/model/epoch'
import type { Effect, EffectTicket, HostTarget, Ticket } from '../../workers/drivers/driver'
import { LACKS } from '../../workers/drivers/guard/answer'
import { type Ask, cancelled, decide, detach, type Held, keep } from '../../workers/drivers/guard/decide'
import type { CallOptions, EffectOptions, GuardedHost, Seen } from '../../workers/drivers/guard/guarded-host'

export interface LocalGuard extends GuardedHost {
  /** The folder that a host calls $OCCI_FOLDER. */
  folderOf(host: HostTarget): string
  /** Runs before each deed: throws what the connection would. */
  between: (deed: string, host: HostTarget) => void | Promise<void>
  /** Calls so far, by deed. */
  readonly calls: Map<string, number>
  /** Until no detached work is under way. */
  idle(): Promise<void>
}

interface Ran {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

const WORDS = readFileSync(join(__dirname, '..', '..', 'workers', 'drivers', 'guard', 'host', '10-words.sh'), 'utf8')
const PRELUDE = `${WORDS}
refuse() { echo "$*" >&2; exit 3; }
lacks() { [ -z "\${OCCI_PROGRESS-}" ] || refuse "$*"; echo "$*" >&2; exit 6; }
apart() { seconds=$1 deed=free_$2; shift 2; timeout -k 1 "$seconds" $LOCAL_SHELL "$LOCAL_TEXT" "$deed" "$@" </dev/null 2>/dev/null; }
percent() { echo "$1" >"$OCCI_WORK/percent"; }
departed() { : ; }
umask 077
`

export function openLocalGuard(options: {
  readonly deeds: readonly string[]
  readonly shell?: readonly string[]
  readonly site?: string
  readonly environment?: Readonly<Record<string, string>>
}): LocalGuard {
  const { deeds, shell = ['sh'], site = 'test', environment = {} } = options
  const root = mkdtempSync(join(tmpdir(), 'local-guard-'))
  const held = new Map<string, Held>()
  const values = new Map<string, string>()
  const works = new Map<string, { readonly child: ChildProcess; readonly folder: string; readonly what: string }>()
  const ending = new Set<Promise<unknown>>()
  const calls = new Map<string, number>()
  const folderOf = (host: HostTarget): string => join(root, host.name)
  let drawn = 0

  const start = (
    host: HostTarget,
    ticket: Ticket,
    deed: string,
    args: readonly string[],
    { input, detached }: EffectOptions = {},
  ) => {
    const folder = join(root, 'work', String(++drawn))
    mkdirSync(folder, { recursive: true })
    mkdirSync(folderOf(host), { recursive: true })
    const [command = 'sh', ...words] = shell
    const text = `${PRELUDE}\n${deeds.join('\n')}\n"$@"`
    writeFileSync(join(root, 'text'), text)
    const child = spawn(command, [...words, '-c', text, 'deed', deed, ...args], {
      detached: true,
      env: {
        ...process.env,
        LC_ALL: 'C',
        OCCI_FOLDER: folderOf(host),
        OCCI_WORK: folder,
        OCCI_CALL: `${drawn}`,
        ...(detached ? { OCCI_PROGRESS: join(folder, 'percent') } : {}),
        LOCAL_SHELL: shell.join(' '),
        LOCAL_TEXT: join(root, 'text'),
        OCCI_SITE: site,
        OCCI_RESOURCE: ticket.resource,
        OCCI_KEY: 'key' in ticket ? String(ticket.key) : '',
        ...environment,
      },
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (data) => out.push(data))
    child.stderr.on('data', (data) => err.push(data))
    child.stdin.on('error', () => undefined)
    if (Buffer.isBuffer(input) || input === undefined) child.stdin.end(input)
    else input.pipe(child.stdin)
    const ran = new Promise<Ran>((resolve) =>
      child.on('close', (code) => {
        rmSync(folder, { recursive: true, force: true })
        resolve({ code: code ?? 137, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() })
      }),
    )
    return { child, ran, folder }
  }

  const settle = (place: string, key: string, ran: Ran): Effect<string> => {
    const now = held.get(place) ?? { epoch: NO_EPOCH, results: [], work: null }
    if (ran.code === 0) {
      values.set(`${place}/${key}`, ran.stdout.toString())
      held.set(place, keep(now, key, { state: 'done' }))
      return { state: 'done', value: ran.stdout.toString() }
    }
    if (ran.code === 5 || ran.code === 124 || ran.code >= 128) throw fault('timeout', 'it did not end by itself')
    const message = ran.stderr.trim().split('\n').at(-1) || `exit ${ran.code}`
    if (ran.code === 6) throw fault('refused', message, { reason: LACKS })
    held.set(place, keep(now, key, { state: 'refused', message }))
    throw fault('refused', message)
  }

  const ask = (host: HostTarget, ticket: Ticket, question: Ask) => {
    const place = `${host.name}/${ticket.resource}`
    const verdict = decide(held.get(place), NO_EPOCH, question)
    if (verdict.decision.say !== 'stale') held.set(place, verdict.next)
    if (verdict.decision.say === 'stale')
      throw fault('stale', 'a newer claim', { held: formatEpoch(verdict.decision.held) })
    if (verdict.decision.say === 'busy') throw fault('busy', `${verdict.decision.key} is under way`)
    return { place, say: verdict.decision }
  }
  const percentOf = (folder: string): number => {
    try {
      return Number(readFileSync(join(folder, 'percent'), 'utf8')) || 0
    } catch {
      return 0
    }
  }
  const begin = async (host: HostTarget, deed: string): Promise<void> => {
    calls.set(deed, (calls.get(deed) ?? 0) + 1)
    await guard.between(deed, host)
  }

  const guard: LocalGuard = {
    version: 'local',
    folderOf,
    calls,
    between: () => undefined,
    async look(host, ticket, deed, args, opts: CallOptions = {}): Promise<Seen> {
      await begin(host, deed)
      const { place } = ask(host, ticket, { kind: 'look', epoch: ticket.epoch })
      const { code, stdout, stderr } = await start(host, ticket, `look_${deed}`, args, opts).ran
      if (code !== 0) throw fault('refused', stderr.trim().split('\n').at(-1) ?? '')
      const key = held.get(place)?.work ?? null
      const work = key === null ? undefined : works.get(`${place}/${key}`)
      return {
        payload: stdout,
        work: key && work ? { key, what: work.what, percent: percentOf(work.folder) } : null,
      }
    },
    async effect(
      host: HostTarget,
      ticket: EffectTicket,
      deed,
      args,
      opts: EffectOptions = {},
    ): Promise<Effect<string>> {
      await begin(host, deed)
      const { place, say } = ask(host, ticket, { kind: 'effect', epoch: ticket.epoch, key: ticket.key })
      const id = `${place}/${ticket.key}`
      if (say.say === 'again') {
        if (say.result.state === 'refused') throw fault('refused', say.result.message)
        return { state: 'done', value: values.get(id) ?? '' }
      }
      const running = (): Effect<string> => ({
        state: 'running',
        percent: percentOf(works.get(id)?.folder ?? ''),
        lookAgainMs: opts.lookAgainMs ?? 1000,
      })
      if (say.say === 'running') return running()
      const { child, ran, folder } = start(host, ticket, `effect_${deed}`, args, opts)
      if (!opts.detached) return settle(place, ticket.key, await ran)
      held.set(place, detach(held.get(place) ?? { epoch: ticket.epoch, results: [], work: null }, ticket.key))
      works.set(id, { child, folder, what: deed })
      const end = ran.then((result) => {
        works.delete(id)
        try {
          settle(place, ticket.key, result)
        } catch {
          // Kept under its key; one that was ended is to be tried again.
          const now = held.get(place)
          if (now?.work === ticket.key) held.set(place, { ...now, work: null })
        }
      })
      ending.add(end)
      void end.finally(() => ending.delete(end))
      return running()
    },
    async cancel(host, ticket) {
      const { place, say } = ask(host, ticket, { kind: 'cancel', epoch: ticket.epoch, key: ticket.key })
      const work = works.get(`${place}/${ticket.key}`)
      if (say.say === 'end' && work?.child.pid !== undefined) {
        process.kill(-work.child.pid, 'SIGKILL')
        const now = held.get(place)
        if (now) held.set(place, cancelled(now, ticket.key))
      }
      return { state: 'done', value: null }
    },
    async free(host, deed, args, opts: CallOptions = {}) {
      const ticket = { resource: '', epoch: NO_EPOCH }
      const { code, stdout, stderr } = await start(host, ticket, `free_${deed}`, args, opts).ran
      if (code !== 0) throw fault('refused', stderr)
      return stdout
    },
    install: async () => undefined,
    uninstall: async (host) => rmSync(folderOf(host), { recursive: true, force: true }),
    async idle() {
      while (ending.size > 0) await Promise.all(ending)
    },
    async close() {
      await guard.idle()
      rmSync(root, { recursive: true, force: true })
    },
  }
  return guard
}
