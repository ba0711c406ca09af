/** `provider reconcile`: a month's machines at a gateway that lends, by both sides' books. */
import { type Fault, fault } from '../../../faults'
import { STATEMENT_MS } from '../../../model/studies'
import { durationInSeconds } from '../../duration'
import type { Leaf } from '../../leaf'
import { money } from '../../money'
import { table } from '../../output'
import { answered, type Study } from '../study'

type Reconciled = NonNullable<Study['reconcile']>
type Side = Reconciled['differences'][number]['here']

const side = ({ seconds, cost }: Side): string => `${seconds} s, ${money(cost)}`

const machines = (count: number): string => `${count} ${count === 1 ? 'machine' : 'machines'}`

/** What agrees, what was taken over, and each difference. */
export function toldReconciled(it: Reconciled): string {
  const shift = it.shifted < 0 ? `${-it.shifted} s less` : `${it.shifted} s more`
  const taken =
    it.taken === 0 ? '' : `; of ${it.taken} of them ${it.provider}'s times were taken over just now, ${shift}`
  const rows = it.differences.map(({ machine, what, here, there }) => [
    ...[machine, what, side(here), side(there)],
    here.seconds - there.seconds,
  ])
  const head = ['machine', 'what', 'here', `at ${it.provider}`, 'seconds more here']
  return [
    `${it.month}: ${machines(it.agreed)} at ${it.provider} agree to the second, ${it.seconds} s in all${taken}\n`,
    rows.length === 0 ? '' : `\n${table(head, rows, '')}`,
    it.more === 0 ? '' : `and ${it.more} more\n`,
  ].join('')
}

/** It does not reconcile as long as anything differs. */
export function differing({ provider, differences, more }: Reconciled): Fault | undefined {
  const count = differences.length + more
  if (count === 0) return undefined
  return fault('conflict', `the books of this site and of ${provider} differ in ${machines(count)}`)
}

/** `0`: nothing is taken over. */
const withinIn = (given: string | true | undefined): { readonly withinSeconds?: number } => {
  if (given === undefined) return {}
  return { withinSeconds: given === '0' ? 0 : durationInSeconds(String(given), 'within') }
}

export const reconcile: Leaf<Reconciled> = {
  usage: 'reconcile <name>',
  description: 'compare what we had there in a month by its books and by ours; fails as long as anything differs',
  options: [
    ['--month <month>', 'as 2026-11, UTC; otherwise this one'],
    ['--within <time>', 'its times are taken over where they are no further apart, as 90s (default 10m); 0: none are'],
  ],
  async run(admin, { args: [provider = ''], options }) {
    const month = options.month === undefined ? {} : { month: options.month }
    const ask = { provider, ...month, ...withinIn(options.within) }
    const { reconcile: found } = await answered(admin, '/studies/reconcile', ask, STATEMENT_MS)
    if (!found) throw fault('internal', 'the answer is none of this question')
    return found
  },
  show: toldReconciled,
  fails: differing,
}
