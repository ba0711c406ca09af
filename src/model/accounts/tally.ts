/**
 * Uses of a span added up: what is alike is one line, however many machines it was. Pure; rating a tally gives what it costs by the prices
 * of the moment, so prices may change and nothing has to be read again.
 */
import { HOUR_SECONDS } from '../durations'
import type { HostRecord } from '../host-records'
import { costOfMachine, type Money, type PriceBook, type ProviderPrices, priced } from './prices'
import { type Flow, type Span, secondsIn, type Use } from './use'

/** All uses of one project that are alike. */
interface TallyLine
  extends Pick<Use, 'kind' | 'project' | 'host' | 'hostName' | 'type' | 'cores' | 'memoryMiB' | 'diskGiB' | 'offer'> {
  readonly seconds: number
}

export type Tally = ReadonlyMap<string, TallyLine>

const keyOf = ({ kind, project, host, type, cores, memoryMiB, diskGiB, offer }: TallyLine): string =>
  JSON.stringify([kind, project, host, type, cores, memoryMiB, diskGiB, offer?.type, offer?.price, offer?.currency])

/** What was added up before, and these. */
export function tallied(before: Tally, uses: readonly Use[], span: Span, now: number): Tally {
  const lines = new Map(before)
  for (const use of uses) {
    const seconds = secondsIn(use, span, now)
    if (seconds === 0) continue
    const { id: _id, name: _name, order: _order, from: _from, until: _until, ...alike } = use
    const line = { ...alike, seconds }
    const key = keyOf(line)
    lines.set(key, { ...line, seconds: seconds + (lines.get(key)?.seconds ?? 0) })
  }
  return lines
}

/** A line as it is told. Hours are those of machines and addresses, GiB-hours those of disks. */
export interface CostLine {
  readonly kind: Use['kind'] | 'traffic'
  /** Id of its project's record. */
  readonly project: string
  /** null: nowhere. */
  readonly hostName: string | null
  readonly where: 'here' | 'provider'
  /** Of machines: the instance type. */
  readonly type: string
  /** At a provider: its type. */
  readonly offer: string
  readonly hours: number
  readonly gibHours: number
  /** Sent, of traffic. */
  readonly gib: number
  /** null: nobody said what it costs. */
  readonly cost: Money | null
}

export interface Rates {
  readonly book: PriceBook
  /** Of providers, by their record's id. */
  readonly providers: ReadonlyMap<
    string,
    { readonly name: string; readonly currency: string; readonly prices: ProviderPrices }
  >
}

/** The site's prices, and those of the providers among its hosts. */
export const ratesWith = (book: PriceBook, hosts: readonly HostRecord[]): Rates => ({
  book,
  providers: new Map(
    hosts.flatMap(({ id, wish: { name, provider } }) =>
      provider ? [[id as string, { name, currency: provider.currency, prices: provider.prices ?? {} }] as const] : [],
    ),
  ),
})

const GIB = 1024 ** 3

/** By project, then by what costs; lines that differ in nothing that is told are one. */
export function rated(tally: Tally, flows: readonly Flow[], rates: Rates): readonly CostLine[] {
  const lines = new Map<string, CostLine>()
  for (const line of [
    ...[...tally.values()].map((one) => ratedUse(one, rates)),
    ...flows.map((one) => ratedFlow(one, rates)),
  ]) {
    const { hours: _h, gibHours: _g, gib: _b, cost, ...told } = line
    const key = JSON.stringify([told, cost?.currency])
    const known = lines.get(key)
    lines.set(key, known ? sum(known, line) : line)
  }
  return [...lines.values()].toSorted(
    (a, b) =>
      compare(a.project, b.project) || compare(a.where, b.where) || compare(a.kind, b.kind) || compare(a.type, b.type),
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

const sum = (a: CostLine, b: CostLine): CostLine => ({
  ...a,
  hours: a.hours + b.hours,
  gibHours: a.gibHours + b.gibHours,
  gib: a.gib + b.gib,
  cost: a.cost && b.cost ? { ...a.cost, amount: a.cost.amount + b.cost.amount } : a.cost,
})

function ratedUse(line: TallyLine, { book }: Rates): CostLine {
  const { kind, project, hostName, type, diskGiB, offer, seconds } = line
  const hours = seconds / HOUR_SECONDS
  return {
    ...{ kind, project, hostName, type },
    cost: costOf(line, book, hours),
    where: offer ? 'provider' : 'here',
    offer: offer?.type ?? '',
    hours: kind === 'volume' || kind === 'snapshot' ? 0 : hours,
    gibHours: hours * diskGiB,
    gib: 0,
  }
}

function costOf(line: TallyLine, book: PriceBook, hours: number): Money | null {
  if (line.offer) return costOfMachine(book, line, line.seconds)
  switch (line.kind) {
    case 'machine':
      return costOfMachine(book, line, line.seconds)
    case 'volume':
      return priced(book, book.diskGiB, hours * line.diskGiB)
    case 'snapshot':
      return priced(book, book.snapshotGiB ?? null, hours * line.diskGiB)
    case 'address':
      return priced(book, book.address, hours)
  }
}

function ratedFlow({ project, host, sentBytes }: Flow, { book, providers }: Rates): CostLine {
  const provider = providers.get(host)
  const gib = sentBytes / GIB
  const theirs = provider?.prices.trafficGiB
  const cost = provider
    ? priced({ ...book, currency: provider.currency }, theirs ?? null, gib)
    : priced(book, book.trafficGiB, gib)
  const nothing = { type: '', offer: '', hours: 0, gibHours: 0 }
  const where = provider ? 'provider' : 'here'
  return { kind: 'traffic', project, hostName: provider?.name ?? null, where, ...nothing, gib, cost }
}

/** By currency. */
export function totals(lines: readonly Pick<CostLine, 'cost'>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const { cost } of lines) if (cost) sums[cost.currency] = (sums[cost.currency] ?? 0) + cost.amount
  return sums
}
