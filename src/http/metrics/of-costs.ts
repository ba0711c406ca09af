/** Metrics of money: what projects used this month costs, and how far budgets are used. Amounts are units of their currency. */
import { MILLIONTHS, USUAL_ALARM } from '../../model/accounts'
import { spentUntil } from '../../model/providers/money'
import type { SiteUsage } from '../../operations/usage/operations'
import { each, type Metric } from './metric'

type Host = SiteUsage['hosts'][number]

/** As of the last look at it; another month's is nothing. */
const spentAt = ({ seen }: Host, at: number): number => spentUntil(seen.spending, [], at).total / MILLIONTHS

const ofProvider = (
  name: string,
  help: string,
  value: (host: Host, provider: NonNullable<Host['wish']['provider']>, at: number) => number | null,
): Metric => ({
  name: `occi_gateway_provider_${name}`,
  type: 'gauge',
  labels: ['provider', 'currency'],
  help,
  samples: ({ hosts, at }) =>
    each(
      hosts.filter(({ wish }) => wish.provider !== undefined),
      ({ wish }) => ({ provider: wish.name, currency: wish.provider?.currency ?? '' }),
      (host) => host.wish.provider && value(host, host.wish.provider, at),
    ),
})

const ofBudget = (
  name: string,
  help: string,
  value: (budget: NonNullable<SiteUsage['costs']['projects'][number]['budget']>) => number,
): Metric => ({
  name: `occi_gateway_project_${name}`,
  type: 'gauge',
  labels: ['project', 'currency'],
  help,
  samples: ({ costs }) =>
    each(
      costs.projects.filter(({ budget }) => budget !== null),
      ({ project, budget }) => ({ project, currency: budget?.currency ?? '' }),
      ({ budget }) => budget && value(budget),
    ),
})

export const COST_METRICS: readonly Metric[] = [
  {
    name: 'occi_gateway_project_cost',
    type: 'gauge',
    labels: ['project', 'currency'],
    help: 'What a project used this month (UTC) costs, as far as it has prices',
    samples: ({ costs }) =>
      costs.projects.flatMap(({ project, totals }) =>
        Object.entries(totals).map(([currency, amount]) => ({
          labels: { project, currency },
          value: amount / MILLIONTHS,
        })),
      ),
  },
  ofBudget('budget', 'What a project may cost in a month before it is told', ({ amount }) => amount / MILLIONTHS),
  ofBudget(
    'budget_alarm',
    'Percent of its budget that was passed and told of, 0 for none',
    ({ alarm }) => alarm?.mark ?? 0,
  ),
  ofProvider('spent', 'What was spent at a provider this month (UTC), as of the last look', (host, _provider, at) =>
    spentAt(host, at),
  ),
  ofProvider('budget', 'What may be spent at a provider in a month', (_host, { budget }) =>
    budget === null ? null : budget / MILLIONTHS,
  ),
  ofProvider(
    'budget_alarm',
    'Percent of its budget that was passed and told of, 0 for none',
    ({ seen }, { budget }, at) =>
      budget === null ? null : seen.alarm?.month === spentUntil(seen.spending, [], at).month ? seen.alarm.mark : 0,
  ),
  ofProvider('budget_alarm_at', 'Percent of its budget at which it is told', (_host, { budget, alarmAt }) =>
    budget === null ? null : (alarmAt ?? USUAL_ALARM),
  ),
]
