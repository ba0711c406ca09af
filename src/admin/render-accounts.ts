/** Costs and uses as the admin API shows them. Amounts are millionths of their currency. */
import { type CostLine, MILLIONTHS, type Use } from '../model/accounts'
import type { CostReport, ProjectCost } from '../operations/accounts/operations'

/** Hours and GiB are told to the millionth, as amounts are. */
const rounded = (value: number): number => Math.round(value * MILLIONTHS) / MILLIONTHS

const showLine = ({ kind, where, hostName, type, offer, hours, gibHours, gib, cost }: CostLine) => ({
  ...{ kind, where, host: hostName, type, offer },
  ...{ hours: rounded(hours), gibHours: rounded(gibHours), gib: rounded(gib) },
  amount: cost?.amount ?? null,
  currency: cost?.currency ?? null,
})

const showProject = ({ project, totals, budget, lines }: ProjectCost) => ({
  project,
  totals,
  budget: budget && {
    ...{ amount: budget.amount, currency: budget.currency, alarmAt: budget.alarmAt },
    percent: Math.round(budget.percent * 10) / 10,
    alarm: budget.alarm && { mark: budget.alarm.mark, at: seconds(budget.alarm.at) },
  },
  lines: lines.map(showLine),
})

export const showCosts = ({ month, at, projects }: CostReport) => ({
  month,
  at: seconds(at),
  projects: projects.map(showProject),
})

/** To the second: both ends are cut, so that uses that follow each other leave no gap. */
const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** `project`: its name. */
export const showUse = (use: Use, project: string) => ({
  ...{ kind: use.kind, id: use.id, name: use.name, project },
  ...{ host: use.hostName, where: use.offer ? 'provider' : 'here', type: use.type, offer: use.offer?.type ?? '' },
  ...{ cores: use.cores, memoryMiB: use.memoryMiB, diskGiB: use.diskGiB },
  from: seconds(use.from),
  until: use.until === null ? null : seconds(use.until),
})
