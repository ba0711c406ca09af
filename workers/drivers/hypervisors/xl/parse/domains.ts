/**
 * `xl list` and `xl list -v`, as values. Names may hold anything, so lines are read from their right end.
 * The state's six letters: running, blocked, paused, shut down, the reason for that, dying (xl(1) list).
 */
import { linesOf, notAnAnswer } from './answer'

/** Why a domain is shut down (xen/public/sched.h SHUTDOWN_*). */
export type Shutdown = 'poweroff' | 'reboot' | 'suspend' | 'crash' | 'watchdog' | 'soft-reset'

export interface Flags {
  readonly running: boolean
  readonly blocked: boolean
  readonly paused: boolean
  readonly shutdown: Shutdown | null
  readonly dying: boolean
}

export interface Domain {
  readonly name: string
  readonly domid: number
  readonly memoryMiB: number
  readonly vcpus: number
  readonly flags: Flags
  readonly cpuSeconds: number
  /** Only in `list -v`. */
  readonly uuid: string | null
}

const REASONS: Readonly<Record<string, Shutdown>> = {
  '-': 'poweroff',
  r: 'reboot',
  s: 'suspend',
  c: 'crash',
  w: 'watchdog',
  S: 'soft-reset',
}

/** `-b----`, `---sc-`. A guest may shut down for any number: `?` is one that xl has no letter for, and its monitor ends the domain. */
export function parseFlags(text: string): Flags {
  if (!/^[r-][b-][p-][s-][-rscwS?][d-]$/.test(text)) throw notAnAnswer('the state of a domain', text)
  const reason = REASONS[text[4] ?? '']
  return {
    running: text[0] === 'r',
    blocked: text[1] === 'b',
    paused: text[2] === 'p',
    shutdown: text[3] === 's' ? (reason ?? 'poweroff') : null,
    dying: text[5] === 'd',
  }
}

const ROW =
  /^(.+?)\s+(\d+)\s+(\d+)\s+(\d+)\s+([-rbpscwSd?]{6})\s+(\d+\.\d)(?:\s+([0-9a-f]{8}-[0-9a-f-]{27})\s+(?:-|[0-9a-f]+)\s+\S+)?\s*$/

export function parseDomains(text: string): readonly Domain[] {
  const [title, ...rows] = linesOf(text)
  if (!title?.startsWith('Name ')) throw notAnAnswer('a list of domains', title ?? '')
  return rows.map((row) => {
    const [, name, domid, memory, vcpus, state, seconds, uuid] = ROW.exec(row) ?? []
    if (!name || !state) throw notAnAnswer('a domain', row)
    return {
      name,
      domid: Number(domid),
      memoryMiB: Number(memory),
      vcpus: Number(vcpus),
      flags: parseFlags(state),
      cpuSeconds: Number(seconds),
      uuid: uuid ?? null,
    }
  })
}
