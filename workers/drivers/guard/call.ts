/** A call to the guard as words; host/90-main.sh takes them apart again. */
import { fault } from '../../../src/faults'
import type { EffectTicket, Ticket } from '../driver'

/** What a name on a host may be: also that of a folder. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/
const KEY = /^[\x21-\x7e]{1,300}$/
const DEED = /^[a-z][a-z0-9_]{0,49}$/

/** How an effect's standard input comes: none, as it comes, or so many bytes that have to be whole. */
export type InputForm = 'none' | 'stream' | number

const checked = (what: string, text: string, form: RegExp): string => {
  if (form.test(text)) return text
  throw fault('refused', `${JSON.stringify(text)} is no ${what} that a guard takes`)
}

/** Seconds that a call waits for another one of its claim; it gives up before the caller does. */
const patience = (deadlineMs: number): string => String(Math.max(1, Math.floor(deadlineMs / 1000) - 1))

const claim = ({ resource, epoch }: Ticket, deadlineMs: number): string[] => [
  checked('resource', resource, NAME),
  String(epoch.era),
  String(epoch.number),
  patience(deadlineMs),
]

/** Of all calls: which records they are about. */
export const siteName = (site: string): string => checked('site', site, NAME)

export const lookCall = (site: string, ticket: Ticket, deadlineMs: number, deed: string, args: readonly string[]) => [
  'look',
  site,
  ...claim(ticket, deadlineMs),
  checked('deed', deed, DEED),
  ...args,
]

export interface EffectCall {
  readonly deadlineMs: number
  readonly mode: 'attached' | 'detached'
  readonly input: InputForm
  readonly deed: string
  readonly args: readonly string[]
}

export const effectCall = (site: string, ticket: EffectTicket, { deadlineMs, mode, input, deed, args }: EffectCall) => [
  'effect',
  site,
  ...claim(ticket, deadlineMs),
  checked('key', ticket.key, KEY),
  mode,
  String(input),
  checked('deed', deed, DEED),
  ...args,
]

export const cancelCall = (site: string, ticket: EffectTicket, deadlineMs: number) => [
  'cancel',
  site,
  ...claim(ticket, deadlineMs),
  checked('key', ticket.key, KEY),
]

export const freeCall = (site: string, deed: string, args: readonly string[]) => [
  'free',
  site,
  checked('deed', deed, DEED),
  ...args,
]
