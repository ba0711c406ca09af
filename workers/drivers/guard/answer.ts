/** What the guard says: a line `og1 WORD …` and, after some words, a payload. Whatever a login shell said before it is skipped. */
import { type Fault, fault } from '../../../src/faults'
import type { Output } from '../remote'

export interface Work {
  readonly key: string
  /** The deed's name. */
  readonly what: string
  readonly percent: number
}

export type Answer =
  | { readonly say: 'seen'; readonly work: Work | null; readonly payload: Buffer }
  | { readonly say: 'free'; readonly payload: Buffer }
  | { readonly say: 'done'; readonly value: string }
  | { readonly say: 'running'; readonly percent: number }
  | { readonly say: 'ended' | 'installed' | 'swept' | 'removed' }
  /** The guard's way in, or only this version of it, is not on the host. */
  | { readonly say: 'missing'; readonly what: 'guard' | 'version'; readonly because: string }
  | { readonly say: 'fault'; readonly fault: Fault }

/** `detail.reason` of a refusal that is not kept: what it names is to be brought, and the same call comes again. */
export const LACKS = 'lacks'

const MARK = Buffer.from('og1 ')
const NEWLINE = 10

/** Reads an answer of the guard of `host`; how the command ended counts where it says nothing itself. */
export function parseAnswer(host: string, output: Output): Answer {
  const at = headAt(output.stdout)
  if (at < 0) return withoutHead(host, output)
  const lineEnd = output.stdout.indexOf(NEWLINE, at)
  const end = lineEnd < 0 ? output.stdout.length : lineEnd
  const [word = '', ...words] = output.stdout
    .subarray(at + MARK.length, end)
    .toString('utf8')
    .split(' ')
  const payload = output.stdout.subarray(end + 1)
  if (word !== 'seen' && word !== 'free') return inItself(host, word, words, payload)
  const failed = ofDeed(output)
  if (failed) return { say: 'fault', fault: failed }
  return word === 'free' ? { say: 'free', payload } : { say: 'seen', work: workOf(words), payload }
}

function headAt(stdout: Buffer): number {
  for (let at = stdout.indexOf(MARK); at >= 0; at = stdout.indexOf(MARK, at + 1))
    if (at === 0 || stdout[at - 1] === NEWLINE) return at
  return -1
}

/** Nothing of ours was heard. */
function withoutHead(host: string, { code, stderr }: Output): Answer {
  if (code >= 128) return says('timeout', `the guard of ${host} was ended: the outcome is unknown`)
  if (code === 0) return says('unreachable', `${host} answers commands, but not as our guard: ${newest(stderr)}`)
  return { say: 'missing', what: 'guard', because: newest(stderr) }
}

/** The guard's own words. */
function inItself(host: string, word: string, words: readonly string[], payload: Buffer): Answer {
  const text = textOf(payload)
  switch (word) {
    case 'done':
      return { say: 'done', value: text }
    case 'running':
      return { say: 'running', percent: percentOf(words[0]) }
    case 'ended':
    case 'installed':
    case 'swept':
    case 'removed':
      return { say: word }
    case 'missing':
      return { say: 'missing', what: 'version', because: 'this version of the guard is not installed' }
    case 'stale':
      return says('stale', `the guard of ${host} knows a newer claim`, words[0])
    case 'busy':
      return says('busy', `detached work of ${words.join(' ')} is under way`)
    case 'refused':
      return says('refused', text || 'refused without a word')
    case 'lacks':
      return { say: 'fault', fault: fault('refused', text || 'something is to be brought first', { reason: LACKS }) }
    case 'unsupported':
      return says('unsupported', text || 'this host cannot do that')
    case 'unknown':
      return says('timeout', `the command did not end by itself: ${text || 'no word from it'}`)
    case 'waited':
      return says('timeout', `${host}: ${words.join(' ')}`)
    default:
      return says('unreachable', `the guard of ${host}: ${words.join(' ')}`)
  }
}

/** How a look or a probe failed; its words are on standard error. */
function ofDeed({ code, stderr }: Output): Fault | undefined {
  if (code === 0) return undefined
  const message = newest(stderr)
  if (code === 4) return fault('unsupported', message)
  if (code === 5 || code === 124 || code >= 128)
    return fault('timeout', `the command did not end by itself: ${message}`)
  return fault('refused', message)
}

const says = (kind: Fault['kind'], message: string, held?: string): Answer => ({
  say: 'fault',
  fault: fault(kind, message, held === undefined ? {} : { held }),
})

const textOf = (payload: Buffer): string => payload.toString('utf8').replace(/\n$/, '')
const newest = (stderr: string): string => stderr.trim().split('\n').slice(-5).join('\n') || 'no word from it'

function workOf([percent, what, key]: readonly string[]): Work | null {
  return what === undefined || key === undefined ? null : { key, what, percent: percentOf(percent) }
}

const percentOf = (text: string | undefined): number => Math.min(99, /^\d{1,3}$/.test(text ?? '') ? Number(text) : 0)
