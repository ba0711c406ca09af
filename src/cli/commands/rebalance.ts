/** `rebalance …`: a plan of moves with what each costs and gains, shown before it runs. */
import { type Fault, fault } from '../../faults'
import type { AdminClient } from '../admin-client'
import { askUntil, PATIENCE_MS, STALLED_MS } from '../ask-until'
import { addLeaf, type Family, type Leaf, pathTo } from '../leaf'
import { amountIn, duration, fields, harmless, table } from '../output'
import { answered, askFor, type Study, studies, study } from './study'

type Plan = NonNullable<Study['rebalance']>

const percent = (share: number): string => `${Math.round(share * 100)} %`

const ends = ({ moves }: Plan, states: readonly string[]): number =>
  moves.filter(({ state }) => states.includes(state)).length

/** In one word, and how far it is. */
function stateOf(it: Plan): string {
  if (it.ranAt === null) return it.moves.length === 0 ? 'nothing to do' : 'planned'
  const through = `${ends(it, ['done', 'elsewhere', 'refused', 'cancelled'])} of ${it.moves.length}`
  if (it.endedAt !== null)
    return ends(it, ['done']) === it.moves.length ? 'done' : `ended, ${ends(it, ['done'])} of ${it.moves.length} done`
  return `${it.cancelledAt === null ? 'runs' : 'is cancelled'}, ${through} through`
}

/** It ended, and not one of its moves was made. A plan that was only made, or has nothing to do, is no failure. */
export function inVain({ id, rebalance: plan }: Study): Fault | undefined {
  if (!plan || plan.endedAt === null || plan.moves.length === 0 || ends(plan, ['done']) > 0) return undefined
  return fault('refused', `${id}: none of its moves was made`)
}

export function told(it: Study): string {
  const plan = it.rebalance
  if (!plan) return `${it.id} is no rebalance\n`
  const seconds = plan.moves.reduce((sum, move) => sum + move.seconds, 0)
  const hosts = plan.before && plan.after ? `${plan.before.used} before, ${plan.after.used} after` : null
  const largest =
    plan.before && plan.after ? `${percent(plan.before.largest)} before, ${percent(plan.after.largest)} after` : null
  const head = fields({
    plan: it.id,
    goal: plan.goal,
    state: stateOf(plan),
    'largest load': largest,
    'hosts with machines': hosts,
    moves: `${plan.moves.length} (at most ${plan.budget})`,
    cost: `${duration(seconds)} at ${plan.bandwidth} MiB/s`,
  })
  const rows = plan.moves.map((move) => [
    move.instance,
    move.from,
    move.to,
    move.how,
    duration(move.seconds),
    percent(move.gain),
    move.state,
    move.message,
  ])
  return `${head}\n${table(['machine', 'from', 'to', 'how', 'cost', 'gain', 'state', 'because'], rows, 'nothing is to be moved')}`
}

const isUntouched = ({ rebalance }: Study): boolean =>
  rebalance?.moves.every(({ state }) => state === 'planned') ?? true

/** Until all is through; progress goes to standard error. */
async function ran(admin: AdminClient, id: string): Promise<Study> {
  let said = ''
  return askUntil({
    first: study.parse(await admin.post(`${pathTo('studies', id)}/run`)),
    ask: () => askFor(admin, id),
    isDone: ({ rebalance }) => rebalance?.endedAt !== null,
    patienceMs: (it) => (isUntouched(it) ? PATIENCE_MS : STALLED_MS),
    howFar: ({ rebalance }) => rebalance,
    tell: ({ rebalance }) => {
      const now = rebalance && rebalance.endedAt === null ? `${stateOf(rebalance)}\n` : said
      if (now !== said) process.stderr.write(harmless(now))
      said = now
    },
    late: (it, seconds) =>
      isUntouched(it)
        ? `no worker began with ${id} within ${seconds} s: does one run? The order stands`
        : `nothing changed in ${id} for ${seconds} s; it goes on by itself, rebalance show ${id} tells how far it is`,
  })
}

const plan = (goal: 'pack' | 'balance', description: string): Leaf<Study> => ({
  usage: goal,
  description,
  options: [
    ['--budget <n>', 'so many moves at most (20)'],
    ['--bandwidth <mib>', 'MiB of memory that go over in a second, for the cost (100)'],
    ['--dry-run', 'only show the plan: so it is when nothing is said'],
    ['--run', 'show it and make its moves'],
  ],
  async run(admin, { options: { budget, bandwidth, dryRun, run } }) {
    const most = amountIn('budget', budget)
    const speed = amountIn('bandwidth', bandwidth)
    const ask = {
      goal,
      ...(most === undefined ? {} : { budget: most }),
      ...(speed === undefined ? {} : { bandwidth: speed }),
    }
    const it = await answered(admin, '/studies/rebalance', ask)
    if (!run || dryRun || it.rebalance?.moves.length === 0) return it
    process.stderr.write(harmless(told(it)))
    return ran(admin, it.id)
  },
  show: (it) =>
    `${told(it)}${it.rebalance?.ranAt === null && it.rebalance.moves.length > 0 ? `nothing was moved; occi-gateway rebalance run ${it.id} does it\n` : ''}`,
  fails: inVain,
})

export const rebalanceCommands: Family = (root, cli) => {
  const family = root.command('rebalance').description('plans of moves between hosts: shown first, run when you say so')
  addLeaf(family, cli, plan('balance', 'plan moves that make the largest load as small as possible'))
  addLeaf(family, cli, plan('pack', 'plan moves that leave as many hosts empty as possible'))
  addLeaf(family, cli, {
    usage: 'run <plan>',
    description: 'make the moves of a plan; Ctrl-C ends the telling alone',
    run: (admin, { args: [id = ''] }) => ran(admin, id),
    show: told,
    fails: inVain,
  })
  addLeaf(family, cli, {
    usage: 'show <plan>',
    description: 'one plan, and how far it is',
    run: (admin, { args: [id = ''] }) => askFor(admin, id),
    show: told,
  })
  addLeaf(family, cli, {
    usage: 'cancel <plan>',
    description: 'order no more of its moves; what is on its way arrives',
    run: async (admin, { args: [id = ''] }) => study.parse(await admin.post(`${pathTo('studies', id)}/cancel`)),
    show: told,
  })
  addLeaf(family, cli, {
    usage: 'list',
    description: 'plans, the newest first; one that was not run is kept for an hour',
    run: async (admin) =>
      studies.parse(await admin.get('/studies')).studies.filter(({ rebalance }) => rebalance !== null),
    show: (found) =>
      table(
        ['plan', 'goal', 'moves', 'state', 'made', 'by'],
        found.map((it) => [
          it.id,
          it.rebalance?.goal,
          it.rebalance?.moves.length,
          it.rebalance && stateOf(it.rebalance),
          it.createdAt,
          it.by,
        ]),
        'no plans',
      ),
  })
}
