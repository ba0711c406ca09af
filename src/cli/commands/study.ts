/** Questions to the scheduler from the command line: asked, waited for, told. */
import { z } from 'zod'
import { fault } from '../../faults'
import type { AdminClient } from '../admin-client'
import { askUntil, PATIENCE_MS } from '../ask-until'
import { pathTo } from '../leaf'

const loads = z.object({ largest: z.number(), used: z.number() })
const money = z.object({ amount: z.number(), currency: z.string() }).nullable()
const side = z.object({ seconds: z.number(), cost: money })
const fate = z.object({
  instance: z.string(),
  project: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  because: z.string(),
})
export type Fate = z.infer<typeof fate>

export const study = z.looseObject({
  id: z.string(),
  kind: z.string(),
  createdAt: z.string().nullable(),
  by: z.string(),
  answeredAt: z.string().nullable(),
  message: z.string().nullable(),
  rebalance: z
    .object({
      goal: z.string(),
      budget: z.number(),
      bandwidth: z.number(),
      ranAt: z.string().nullable(),
      cancelledAt: z.string().nullable(),
      endedAt: z.string().nullable(),
      before: loads.nullable(),
      after: loads.nullable(),
      moves: z.array(
        z.object({
          instance: z.string(),
          from: z.string(),
          to: z.string(),
          how: z.string(),
          seconds: z.number(),
          gain: z.number(),
          state: z.string(),
          message: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  quote: z
    .object({
      type: z.string(),
      count: z.number(),
      hours: z.number(),
      project: z.string(),
      parts: z.array(
        z.object({
          host: z.string(),
          where: z.enum(['here', 'provider']),
          offer: z.string().nullable(),
          count: z.number(),
          hour: money,
          cost: money,
        }),
      ),
      left: z.array(z.object({ count: z.number(), because: z.string() })),
      totals: z.record(z.string(), z.number()),
    })
    .nullish(),
  reconcile: z
    .object({
      provider: z.string(),
      month: z.string(),
      withinSeconds: z.number(),
      at: z.string().nullable(),
      agreed: z.number(),
      seconds: z.number(),
      taken: z.number(),
      shifted: z.number(),
      differences: z.array(z.object({ machine: z.string(), what: z.string(), here: side, there: side })),
      more: z.number(),
    })
    .nullish(),
  whatif: z
    .object({
      hosts: z.object({ before: z.number(), after: z.number() }),
      counts: z.object({ move: z.number(), stay: z.number(), wait: z.number(), unfit: z.number() }),
      move: z.array(fate),
      stay: z.array(fate),
      wait: z.array(fate),
      unfit: z.array(fate),
    })
    .nullable(),
})
export type Study = z.infer<typeof study>
export const studies = z.object({ studies: z.array(study) })

export const askFor = async (admin: AdminClient, id: string): Promise<Study> =>
  study.parse(await admin.get(pathTo('studies', id)))

/** The answer, for which a worker may itself wait `takesMs`. Faults: 'timeout' when no worker answers, 'refused' where it cannot be answered. */
export async function answered(admin: AdminClient, path: string, body: unknown, takesMs = 0): Promise<Study> {
  const first = study.parse(await admin.post(path, body))
  const it = await askUntil({
    first,
    ask: () => askFor(admin, first.id),
    isDone: ({ answeredAt }) => answeredAt !== null,
    patienceMs: PATIENCE_MS + takesMs,
    late: (_it, seconds) => `no worker answered within ${seconds} s: does one run?`,
  })
  if (it.message !== null) throw fault('refused', it.message)
  return it
}
