/**
 * The job of the site's accounts: how far each project that has a budget has used it this month. It is told once for each mark that is
 * passed, in the log and as an event of the accounts; nothing is stopped or refused by it. It sleeps where no project has a budget.
 */
import { type Alarm, alarmOf, isNews, openUses, rated, ratesWith, totals } from '../../../src/model/accounts'
import type { AccountsSeen } from '../../../src/model/accounts/record'
import { formatAmount, monthOf } from '../../../src/model/providers/money'
import type { ProjectRecord } from '../../../src/model/records'
import { type Ledger, openLedger } from '../../../src/store/ledger'
import type { Claim } from '../../../src/store/store'
import { settle } from '../settle'
import { across, type Work } from '../work'
import { writeSeen } from '../write-seen'

const PERIOD_MS = 60_000

/** What a worker read of the lists once it need not read again. */
const ledgers = new WeakMap<Work['store'], Ledger>()

export async function reconcileAccounts(work: Work): Promise<void> {
  const ref = { kind: 'accounts', id: 'site' } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('accounts', 'site', work.clock.now()))
  if (!claim) return
  const projects = (await work.store.readAll('project')).filter(({ wish }) => wish.budget !== undefined)
  const former = claim.record.seen?.alarms ?? {}
  const alarms = projects.length === 0 ? {} : await alarmsNow(work, claim, projects)
  if (JSON.stringify(alarms) !== JSON.stringify(former)) await tell(work, claim, projects, alarms)
  await settle(work, claim, { at: projects.length === 0 ? null : work.clock.now() + PERIOD_MS })
}

type Alarms = AccountsSeen['alarms']

async function alarmsNow(
  work: Work,
  { record }: Claim<'accounts'>,
  projects: readonly ProjectRecord[],
): Promise<Alarms> {
  const { store } = work
  const ledger = ledgers.get(store) ?? openLedger(store)
  ledgers.set(store, ledger)
  const [computes, storages, addresses, snapshots, hosts] = await Promise.all([
    store.readAll('compute'),
    store.readAll('storage'),
    store.readAll('address'),
    store.readAll('snapshot'),
    store.readAll('host'),
  ])
  const now = work.clock.now()
  const month = monthOf(now)
  const [tally, flows] = [
    await ledger.month(month, openUses({ computes, storages, addresses, snapshots }), now),
    await store.flows(month),
  ]
  const lines = rated(tally, flows, ratesWith(record.wish.prices, hosts))
  return Object.fromEntries(
    projects.flatMap(({ id, wish: { budget } }): (readonly [string, Alarm])[] => {
      if (budget === undefined) return []
      const spent = totals(lines.filter(({ project }) => project === id))[budget.currency] ?? 0
      const alarm = alarmOf(
        record.seen?.alarms[id],
        { month, spent, budget: budget.amount, alarmAt: budget.alarmAt },
        now,
      )
      return alarm ? [[id, alarm]] : []
    }),
  )
}

async function tell(
  work: Work,
  claim: Claim<'accounts'>,
  projects: readonly ProjectRecord[],
  alarms: Alarms,
): Promise<void> {
  const now = work.clock.now()
  const former = claim.record.seen?.alarms ?? {}
  const news = projects.filter(({ id }) => isNews(former[id], alarms[id]))
  const what = news.length > 0 ? 'project-budget-alarm' : 'accounts-seen'
  const seen: AccountsSeen = { at: now, alarms }
  const written = await writeSeen(work, claim, seen, what)
  if (!written) return
  for (const { id, wish } of news) {
    const { amount = 0, currency } = wish.budget ?? {}
    const fields = { project: wish.name, budget: `${formatAmount(amount)} ${currency}`, mark: alarms[id]?.mark }
    work.log.warn(fields, 'budget of a project is near its end')
  }
}
