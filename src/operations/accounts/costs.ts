import { fault } from '../../faults'
import { type CostLine, percentOf, rated, ratesWith, totals, type Use } from '../../model/accounts'
import { monthOf } from '../../model/providers/money'
import type { ProjectRecord } from '../../model/records'
import type { Ledger } from '../../store/ledger'
import { MOST_USES, type UsesPage, usesPage } from '../../store/single-uses'
import type { Context } from '../context'
import { whole } from '../providers/check-order'
import { freshEverywhere } from '../watch-computes'
import { goingOn } from './going-on'
import type { CostReport, MonthAsked, ProjectCost, UsesAsked } from './operations'
import { pricesOf } from './record'

const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/

/** Fault: 'invalid' for what is no month, or one that is still to come. */
export function monthAsked(month: string | undefined, now: number): string {
  const present = monthOf(now)
  if (month === undefined) return present
  if (MONTH.test(month) && month <= present && month >= '2020-01') return month
  throw fault('invalid', `month: ${JSON.stringify(month.slice(0, 20))} is no month up to ${present}, as ${present}`, {
    field: 'month',
  })
}

/** Of which project; null: of all. Fault: 'not-found'. */
function projectAsked({ mirror }: Context, asked: string | undefined): ((project: string) => boolean) | null {
  if (asked === undefined) return null
  const named = mirror.named(`project:${asked}`)
  if (named?.kind === 'project') return (id) => id === named.id
  // What one that is gone used is told under its id.
  if (/^[0-9a-f-]{36}$/.test(asked)) return (id) => id === asked
  throw fault('not-found', `there is no project ${asked}`, { subject: { kind: 'project', id: asked } })
}

/** Faults: 'invalid', 'not-found', 'unavailable'. */
export async function readUses(context: Context, { after, limit, ...asked }: UsesAsked): Promise<UsesPage> {
  const now = context.clock.now()
  const month = monthAsked(asked.month, now)
  if (limit !== undefined) whole('limit', limit, 1, MOST_USES)
  await freshEverywhere(context)
  const isProject = projectAsked(context, asked.project)
  const which = {
    month,
    ...(after === undefined ? {} : { after }),
    ...(limit === undefined ? {} : { limit }),
    ...(isProject === null ? {} : { isAsked: ({ project }: Use) => isProject(project) }),
  }
  return usesPage(context.store, which, goingOn(context), now)
}

/** Faults: 'invalid', 'not-found', 'unavailable'. */
export async function readCosts(context: Context, ledger: Ledger, asked: MonthAsked): Promise<CostReport> {
  const at = context.clock.now()
  const month = monthAsked(asked.month, at)
  await freshEverywhere(context)
  const isAsked = projectAsked(context, asked.project) ?? (() => true)
  const [tally, flows] = await Promise.all([ledger.month(month, goingOn(context), at), context.store.flows(month)])
  const lines = rated(tally, flows, ratesWith(pricesOf(context), context.mirror.all('host'))).filter(({ project }) =>
    isAsked(project),
  )
  const projects = context.mirror.all('project').filter(({ id }) => isAsked(id))
  const isPresent = month === monthOf(at)
  const ids = new Set<string>([
    ...lines.map(({ project }) => project),
    ...(isPresent ? projects.filter(({ wish }) => wish.budget).map(({ id }) => id) : []),
  ])
  const known = new Map<string, ProjectRecord>(projects.map((record) => [record.id, record]))
  const found = [...ids].map((id) => {
    const own = lines.filter(({ project }) => project === id)
    return costOfProject(context, { id, record: known.get(id), month: isPresent ? month : null }, own)
  })
  return { month, at, projects: found.toSorted((a, b) => (a.project < b.project ? -1 : 1)) }
}

interface Whose {
  readonly id: string
  readonly record: ProjectRecord | undefined
  /** null: it is over, and its budget with it. */
  readonly month: string | null
}

function costOfProject({ mirror }: Context, { id, record, month }: Whose, lines: readonly CostLine[]): ProjectCost {
  const sums = totals(lines)
  const budget = month === null ? undefined : record?.wish.budget
  const alarm = mirror.get('accounts', 'site')?.seen?.alarms[id]
  return {
    project: record?.wish.name ?? id,
    totals: sums,
    lines,
    budget: budget
      ? {
          ...budget,
          percent: percentOf(sums[budget.currency] ?? 0, budget.amount),
          alarm: alarm?.month === month ? alarm : null,
        }
      : null,
  }
}
