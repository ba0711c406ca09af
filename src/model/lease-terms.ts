/**
 * Terms of a lease as people write them in tags and attributes, and what of them can never be kept. Times are UTC or bear their offset; how
 * long something lasts is a number with its unit.
 */
import { parseDuration } from './durations'
import { BOOT_SECONDS, type LeaseWish, SHUTDOWN_SECONDS } from './lease'
import { instantOf } from './local-time'

/** One term by the name that both fronts give it. */
export type Term = 'start' | 'duration' | 'deadline' | 'atEnd' | 'group' | 'members' | 'preemptible'
export type Terms = Readonly<Partial<Record<Term, string>>>

export interface WrongTerm {
  readonly term: Term
  readonly message: string
  /** It is right by itself, and not together with another. */
  readonly together?: true
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const MOST_MEMBERS = 1000
/** Nobody plans longer ahead, nor for longer: ten years. */
const FURTHEST_SECONDS = 10 * 366 * 86_400

export const isWrong = (parsed: LeaseWish | WrongTerm): parsed is WrongTerm => 'term' in parsed

/** The wish, or what is malformed. `members`: of a group, where the words do not say it. */
export function parseTerms(terms: Terms, members?: number): LeaseWish | WrongTerm {
  const { start, duration, deadline, atEnd, group, preemptible } = terms
  const at = start === 'now' ? start : instantOf(start ?? '')
  if (start !== undefined && Number.isNaN(at)) return { term: 'start', message: `now, or a time such as ${EXAMPLE}` }
  const seconds = parseDuration(duration ?? '')
  if (duration !== undefined && seconds === undefined)
    return { term: 'duration', message: 'a duration such as 90m, 12h or 30d' }
  const by = instantOf(deadline ?? '')
  if (deadline !== undefined && Number.isNaN(by)) return { term: 'deadline', message: `a time such as ${EXAMPLE}` }
  if (atEnd !== undefined && atEnd !== 'stop' && atEnd !== 'terminate')
    return { term: 'atEnd', message: 'stop or terminate' }
  if (preemptible !== undefined && preemptible !== 'true' && preemptible !== 'false')
    return { term: 'preemptible', message: 'true or false' }
  const of = terms.members === undefined ? members : /^\d{1,4}$/.test(terms.members) ? Number(terms.members) : 0
  const wrong = wrongGroup(group, of, terms.members !== undefined)
  if (wrong) return wrong
  return {
    ...(preemptible === 'true' ? { preemptible: true } : {}),
    ...(start === undefined ? {} : { start: at }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(atEnd === undefined ? {} : { atEnd }),
    ...(deadline === undefined ? {} : { deadline: by }),
    ...(group === undefined ? {} : { group: { name: group, members: of ?? 1 } }),
  }
}

const EXAMPLE = '2026-12-01T08:00:00Z'

function wrongGroup(group: string | undefined, of: number | undefined, isCounted: boolean): WrongTerm | undefined {
  if (group === undefined)
    return isCounted
      ? { term: 'members', message: 'it counts the machines of a group, and no group is named' }
      : undefined
  if (!NAME.test(group)) return { term: 'group', message: 'a name of up to 64 letters, digits, dots and hyphens' }
  if (of === undefined || of < 1 || of > MOST_MEMBERS)
    return { term: 'members', message: `how many machines the group has, from 1 to ${MOST_MEMBERS}` }
  return undefined
}

/** What of a wish can never be kept, whatever room there is; undefined: nothing. `now`: ms. */
export function whyNever(lease: LeaseWish, now: number): WrongTerm | undefined {
  const { start, seconds, deadline, group, preemptible, atEnd } = lease
  const together = (term: Term, message: string): WrongTerm => ({ term, message, together: true })
  if (seconds !== undefined && !(seconds >= 1 && seconds <= FURTHEST_SECONDS))
    return { term: 'duration', message: 'it lasts from one second to ten years' }
  if (typeof start === 'number' && start < now) return { term: 'start', message: 'it lies in the past' }
  if (typeof start === 'number' && start > now + FURTHEST_SECONDS * 1000)
    return { term: 'start', message: 'it lies more than ten years ahead' }
  if (atEnd !== undefined && seconds === undefined) return together('atEnd', 'without a duration it has no end')
  if (deadline !== undefined) {
    if (start !== undefined) return together('deadline', 'a start and a deadline cannot be given together')
    if (seconds === undefined) return together('deadline', 'with a deadline the duration has to be given')
    const needs = seconds + BOOT_SECONDS + SHUTDOWN_SECONDS
    if (deadline < now + needs * 1000)
      return {
        term: 'deadline',
        message: `it is sooner than what the machine needs to boot, to run and to shut down, ${needs} s`,
      }
  }
  if (preemptible && typeof start === 'number')
    return together('preemptible', 'a machine with a start of its own gives way to nobody')
  if (preemptible && group) return together('preemptible', 'machines of a group give way to nobody')
  return undefined
}

/** The terms as they were written, for those who ask what a machine has. */
export function writtenTerms(lease: LeaseWish | undefined): Terms {
  if (lease === undefined) return {}
  const { start, seconds, deadline, atEnd, group, preemptible } = lease
  return {
    ...(start === undefined ? {} : { start: start === 'now' ? start : isoOf(start) }),
    ...(seconds === undefined ? {} : { duration: `${seconds}s` }),
    ...(deadline === undefined ? {} : { deadline: isoOf(deadline) }),
    ...(seconds === undefined ? {} : { atEnd: atEnd ?? 'stop' }),
    ...(group === undefined ? {} : { group: group.name, members: String(group.members) }),
    ...(preemptible ? { preemptible: 'true' } : {}),
  }
}

/** `2026-12-01T08:00:00Z` */
export const isoOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`
