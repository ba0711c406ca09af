/**
 * What we had at a provider in a month, by its books and by ours. Theirs are read first: what ends meanwhile is told as ended by ours alone,
 * and agrees the next time. Times that are taken over are kept before the answer is: a worker that dies between has done the same again.
 */
import { fault } from '../../../src/faults'
import { type OwnUse, openUses, reconcile, type Use } from '../../../src/model/accounts'
import { MOST_DIFFERENCES, type ReconcileAnswer, type ReconcileAsk, STATEMENT_MS } from '../../../src/model/records'
import { spanOf } from '../../../src/store/ledger'
import { usesOf } from '../../../src/store/single-uses'
import { targetOf } from '../target'
import { within } from '../within'
import type { Work } from '../work'

/** Faults: 'refused', 'unsupported' and those of the driver, for people; 'unavailable'. */
export async function answerReconcile(work: Work, ask: ReconcileAsk): Promise<ReconcileAnswer> {
  const statement = await statementOf(work, ask)
  const ours = await ownUses(work, ask)
  const terms = { span: spanOf(ask.month), withinSeconds: ask.withinSeconds }
  const { agreed, seconds, shifted, taken, differences } = reconcile(ours, statement, terms)
  if (taken.length > 0) await work.store.settled.keep(taken)
  return {
    kind: 'reconcile',
    ...{ at: statement.at, agreed, seconds, shifted },
    taken: new Set(taken.map(({ use }) => `${use.id} ${use.from}`)).size,
    differences: differences.slice(0, MOST_DIFFERENCES),
    more: Math.max(0, differences.length - MOST_DIFFERENCES),
  }
}

async function statementOf(work: Work, { provider, providerName, month }: ReconcileAsk) {
  const host = await work.store.read('host', provider)
  if (host?.wish.provider === undefined) throw fault('refused', `${providerName} is not there any more`)
  const { driver: kind } = host.wish
  const driver = work.driver(kind)
  if (driver.statement === undefined)
    throw fault(
      'unsupported',
      `providers of the kind ${kind} tell nobody what was used: compare by hand what they bill`,
    )
  return within(driver.statement(targetOf(work, host), month), STATEMENT_MS)
}

async function ownUses(work: Work, { provider, month }: ReconcileAsk): Promise<readonly OwnUse[]> {
  const computes = await work.store.readAll('compute')
  const open = openUses({ computes, storages: [], addresses: [], snapshots: [] })
  const isThere = ({ host, kind }: Use) => host === provider && kind === 'machine'
  const counted = await usesOf(work.store, month, open, work.clock.now(), isThere)
  const told = await work.store.settled.told(counted)
  return counted.map((use, nth) => ({ counted: use, told: told[nth] ?? use }))
}
