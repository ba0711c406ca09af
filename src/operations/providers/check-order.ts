/** What operators may say of a provider. Each refusal names the field. */
import { fault } from '../../faults'
import type { ProviderPrices } from '../../model/accounts'
import {
  CHOICES,
  isProviderKind,
  PROVIDER_KINDS,
  type ProviderKind,
  type ProviderType,
  SETTINGS,
  WHOLE,
} from '../../model/providers/record'

const invalid = (field: string, message: string) => fault('invalid', `${field}: ${message}`, { field })

/** Fault: 'invalid'. */
export function checkKind(kind: string): ProviderKind {
  if (isProviderKind(kind)) return kind
  throw fault('invalid', `there are no providers of the kind ${kind}`, { field: 'kind', allowed: PROVIDER_KINDS })
}

/** An address without credentials in it: those have a place of their own. Fault: 'invalid'. */
export function checkEndpoint(endpoint: string): void {
  if (!URL.canParse(endpoint)) throw invalid('endpoint', 'https://… (or http://… on a network of one’s own)')
  const { protocol, username, password } = new URL(endpoint)
  if (protocol !== 'https:' && protocol !== 'http:') throw invalid('endpoint', 'https://… or http://…')
  if (username !== '' || password !== '') throw invalid('endpoint', 'without user and password')
}

/** A word that goes into requests as it is. Fault: 'invalid'. */
export function checkWord(field: string, text: string, most = 256): void {
  if (text === '' || text.length > most || /\p{Cc}/u.test(text))
    throw invalid(field, `a text of up to ${most} characters, without control characters`)
}

/** Names that the driver of that kind knows. Fault: 'invalid'. */
export function checkSettings(kind: ProviderKind, settings: Readonly<Record<string, string | null>>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(SETTINGS[kind], name))
      throw fault('invalid', `a provider of the kind ${kind} has no setting ${name}`, {
        field: `settings.${name}`,
        allowed: Object.keys(SETTINGS[kind]),
      })
    if (value === null) continue
    checkWord(`settings.${name}`, value)
    const bounds = WHOLE[kind]?.[name]
    // As it is written: what a driver reads of it is this very text.
    if (bounds)
      whole(`settings.${name}`, /^[1-9]\d*$/.test(value) ? Number(value) : Number.NaN, bounds.least, bounds.most)
    const choices = CHOICES[kind]?.[name]
    if (choices && !choices.includes(value))
      throw fault('invalid', `${name} is one of ${choices.join(', ')}`, { field: `settings.${name}`, allowed: choices })
  }
}

/** Fault: 'invalid'. */
export function checkType({ name, cores, memoryMiB, diskGiB, price, count }: ProviderType): void {
  checkWord('type.name', name, 128)
  whole('type.cores', cores, 1, 1024)
  if (!(memoryMiB > 0 && memoryMiB <= 2 ** 26)) throw invalid('type.memoryMiB', 'more than 0, at most 64 TiB')
  if (diskGiB !== null) whole('type.diskGiB', diskGiB, 0, 2 ** 20)
  checkAmount('type.price', price)
  if (count !== null) whole('type.count', count, 0, 1_000_000)
}

/** Fault: 'invalid'. */
export function whole(field: string, number: number, least: number, most: number): void {
  if (!(Number.isInteger(number) && number >= least && number <= most))
    throw invalid(field, `a whole number from ${least} to ${most}`)
}

/** Millionths. Fault: 'invalid'. */
export const checkAmount = (field: string, millionths: number): void => whole(field, millionths, 0, 10 ** 15)

/** What else costs something there. Fault: 'invalid'. */
export function checkPrices(prices: Readonly<Partial<Record<keyof ProviderPrices, number | null>>>): void {
  for (const [name, price] of Object.entries(prices)) if (price !== null) checkAmount(`prices.${name}`, price)
}

/** `EUR`. Fault: 'invalid'. */
export function checkCurrency(currency: string, field = 'currency'): void {
  if (!/^[A-Z]{3}$/.test(currency)) throw invalid(field, 'three capital letters, as EUR')
}
