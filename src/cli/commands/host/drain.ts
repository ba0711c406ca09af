/** `host drain`: a worker works it off; this only orders it and tells how far it is. */
import { z } from 'zod'
import type { AdminClient } from '../../admin-client'
import { askUntil, STALLED_MS } from '../../ask-until'
import { type Leaf, pathTo } from '../../leaf'
import { amountIn, table } from '../../output'
import { host } from './shape'

const drain = z.object({
  host: z.string(),
  state: z.enum(['none', 'draining', 'drained']),
  since: z.string().nullable(),
  by: z.string().nullable(),
  parallel: z.number().nullable(),
  contact: z.string(),
  machines: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['moving', 'waits', 'cannot']),
      how: z.string().nullable(),
      to: z.string().nullable(),
      message: z.string().nullable(),
      refused: z.array(z.object({ how: z.string(), to: z.string(), at: z.string().nullable(), message: z.string() })),
    }),
  ),
  volumes: z.array(z.object({ name: z.string(), message: z.string() })),
})
export type Drain = z.infer<typeof drain>

const ask = async (admin: AdminClient, name: string): Promise<Drain> =>
  drain.parse(await admin.get(`${pathTo('hosts', name)}/drain`))

const counted = ({ machines }: Drain): string => {
  const of = (state: Drain['machines'][number]['state']) => machines.filter((one) => one.state === state).length
  const left = `${machines.length} ${machines.length === 1 ? 'machine' : 'machines'} left`
  return `${left}: ${of('moving')} on their way, ${of('waits')} wait, ${of('cannot')} cannot`
}

/** ms: as many machines as may move at once in a site may be on their way from other hosts. */
const TURN_MS = 10 * 60_000

const isUntouched = ({ machines }: Drain): boolean =>
  machines.every(({ state, message, refused }) => state === 'waits' && message === null && refused.length === 0)

/** While something moves or waits; progress goes to standard error, so that --json stays JSON. */
function watched(admin: AdminClient, name: string): Promise<Drain> {
  let told = ''
  return askUntil({
    ask: () => ask(admin, name),
    isDone: ({ state, contact, machines }) =>
      state !== 'draining' || contact !== 'ok' || machines.every((one) => one.state === 'cannot'),
    patienceMs: (now) => (isUntouched(now) ? TURN_MS : STALLED_MS),
    howFar: (now) => now,
    tell: (now) => {
      const said = counted(now)
      if (said !== told) process.stderr.write(`${name}: ${said}\n`)
      told = said
    },
    late: (now, seconds) =>
      isUntouched(now)
        ? `nothing began on ${name} within ${seconds} s: does a worker run? The order stands`
        : `nothing changed on ${name} for ${seconds} s; it goes on by itself, host drain ${name} --show tells how far it is`,
  })
}

const movement = ({ state, how, to }: Drain['machines'][number]): string =>
  state === 'moving' && how !== null ? `moving (${how}, to ${to})` : state

export const drainHost: Leaf<Drain> = {
  usage: 'drain <name>',
  description: 'have its machines go elsewhere and take no others; host enable or --cancel ends it',
  options: [
    ['--parallel <n>', 'so many at a time (2)'],
    ['--show', 'only tell how far it is'],
    ['--detach', 'only order it; host drain --show tells how far it is'],
    ['--cancel', 'those on their way arrive, the others stay'],
  ],
  async run(admin, { args: [name = ''], options: { parallel, show, detach, cancel } }) {
    const path = `${pathTo('hosts', name)}/drain`
    if (cancel) host.parse(await admin.delete(path))
    else if (!show) {
      const most = amountIn('parallel', parallel)
      host.parse(await admin.post(path, most === undefined ? {} : { parallel: most }))
    }
    return cancel || show || detach ? ask(admin, name) : watched(admin, name)
  },
  show: (it) =>
    [
      it.state === 'none' && `${it.host} is not drained\n`,
      it.state === 'drained' && `${it.host} is drained: nothing is left there\n`,
      it.state === 'draining' && it.contact !== 'ok' && `${it.host} does not answer: nothing moves until it does\n`,
      it.state === 'draining' &&
        table(
          ['machine', 'state', 'because'],
          [
            ...it.machines.map((one) => [one.name, movement(one), one.message ?? one.refused.at(-1)?.message ?? null]),
            ...it.volumes.map(({ name, message }) => [name, 'stays', message]),
          ],
          `${it.host} is being drained`,
        ),
    ]
      .filter(Boolean)
      .join(''),
}
