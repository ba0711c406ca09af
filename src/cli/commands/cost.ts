/** `cost`: what projects used in a month, and what that costs. */
import { z } from 'zod'
import { fault } from '../../faults'
import { formatAmount } from '../../model/providers/money'
import type { AdminClient } from '../admin-client'
import { csv } from '../csv'
import { addLeaf, type Family, type Given, type Leaf } from '../leaf'
import { money } from '../money'
import { table } from '../output'

const line = z.object({
  kind: z.enum(['machine', 'volume', 'address', 'snapshot', 'traffic']),
  where: z.enum(['here', 'provider']),
  host: z.string().nullable(),
  type: z.string(),
  offer: z.string(),
  hours: z.number(),
  gibHours: z.number(),
  gib: z.number(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
})
const project = z.object({
  project: z.string(),
  totals: z.record(z.string(), z.number()),
  budget: z
    .object({
      amount: z.number(),
      currency: z.string(),
      alarmAt: z.number(),
      percent: z.number(),
      alarm: z.object({ mark: z.number(), at: z.string() }).nullable(),
    })
    .nullable(),
  lines: z.array(line),
})
const costs = z.object({ month: z.string(), at: z.string(), projects: z.array(project) })
export type Costs = z.infer<typeof costs>
type Line = z.infer<typeof line>

const FORMATS = ['table', 'csv', 'json'] as const

const digits = (value: number): string => (value === 0 ? '' : value.toFixed(2))

const what = ({ kind, type, offer }: Line): string =>
  [kind, type, offer === '' ? '' : `as ${offer}`].filter(Boolean).join(' ')

/** One row for each sort of use, then what each project's come to. */
export function costTable({ month, at, projects }: Costs): string {
  const rows = projects.flatMap((it) =>
    it.lines.map((one) => [
      ...[it.project, what(one), one.host ?? '', digits(one.hours), digits(one.gibHours), digits(one.gib)],
      money(one),
    ]),
  )
  const sums = projects.flatMap((it) => {
    const all = Object.entries(it.totals).map(([currency, amount]) => money({ amount, currency }))
    const { budget } = it
    const share = budget ? `, ${budget.percent} % of ${money(budget)}` : ''
    const alarm = budget?.alarm ? ` (told at ${budget.alarm.mark} %)` : ''
    return [`${it.project}: ${all.join(' + ') || 'nothing that has a price'}${share}${alarm}\n`]
  })
  const head = ['project', 'what', 'host', 'hours', 'GiB-hours', 'GiB', 'cost']
  const listed = table(head, rows, 'nothing was used')
  return `${month}, up to ${at.replace('T', ' ')}\n${listed}${sums.length > 0 ? `\n${sums.join('')}` : ''}`
}

/** Amounts in units of their currency; a cell that begins like a formula is kept from being one. */
export const costCsv = ({ month, projects }: Costs): string =>
  csv(
    ['month', 'project', 'kind', 'where', 'host', 'type', 'offer', 'hours', 'gib_hours', 'gib', 'amount', 'currency'],
    projects.flatMap((it) =>
      it.lines.map((one) => [
        ...[month, it.project, one.kind, one.where, one.host, one.type, one.offer, one.hours, one.gibHours, one.gib],
        ...[one.amount === null ? null : formatAmount(one.amount), one.currency],
      ]),
    ),
  )

const use = z.object({
  kind: z.string(),
  id: z.string(),
  name: z.string(),
  project: z.string(),
  host: z.string().nullable(),
  where: z.string(),
  type: z.string(),
  offer: z.string(),
  cores: z.number(),
  memoryMiB: z.number(),
  diskGiB: z.number(),
  from: z.string(),
  until: z.string().nullable(),
})
const uses = z.object({ uses: z.array(use) })
const page = uses.extend({ next: z.string().nullable() })
type Uses = z.infer<typeof uses>

const USE_HEAD = [
  'kind',
  'name',
  'project',
  'host',
  'type',
  'offer',
  'cores',
  'memoryMiB',
  'diskGiB',
  'from',
  'until',
] as const

const useRows = (found: Uses) => found.uses.map((one) => USE_HEAD.map((name) => one[name]))

/** One of FORMATS. Faults: 'unknown-field' (wrong usage). */
function formatIn({ options: { format, json } }: Given): (typeof FORMATS)[number] {
  if (json) return 'json'
  const known = FORMATS.find((one) => one === (format ?? 'table'))
  if (known === undefined) throw fault('unknown-field', `--format is one of ${FORMATS.join(', ')}`)
  return known
}

function shown<T>(
  found: T,
  given: Given,
  as: { readonly table: (it: T) => string; readonly csv: (it: T) => string },
): string {
  const format = formatIn(given)
  return format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : as[format](found)
}

/** Page by page. What ended while it was read was told twice: its end counts. */
async function allUses(admin: AdminClient, asked: Readonly<Record<string, string | true | undefined>>): Promise<Uses> {
  const all = new Map<string, z.infer<typeof use>>()
  for (let after: string | undefined | null; after !== null; ) {
    const found: z.infer<typeof page> = page.parse(await admin.get('/uses', { ...asked, after }))
    for (const one of found.uses) all.set(`${one.kind} ${one.id} ${one.from}`, one)
    after = found.next
  }
  return { uses: [...all.values()] }
}

type Found = { readonly costs: Costs } | { readonly uses: Uses }

const cost: Leaf<Found> = {
  usage: 'cost [project]',
  description: 'what was used in a month, and what it costs by the prices of now',
  options: [
    ['--month <month>', 'as 2026-11, UTC; otherwise this one'],
    ['--uses', 'every single use, with its begin and end to the second'],
    ['--format <format>', 'table, csv or json'],
  ],
  async run(admin, given) {
    formatIn(given)
    const { args, options } = given
    const asked = { month: options.month, project: args[0] }
    if (options.uses) return { uses: await allUses(admin, asked) }
    return { costs: costs.parse(await admin.get('/costs', asked)) }
  },
  show: (found, given) =>
    'uses' in found
      ? shown(found.uses, given, {
          table: (it) => table(USE_HEAD, useRows(it), 'nothing was used'),
          csv: (it) => csv(USE_HEAD, useRows(it)),
        })
      : shown(found.costs, given, { table: costTable, csv: costCsv }),
}

export const costCommand: Family = (root, cli) => addLeaf(root, cli, cost)
