import { fault } from '../../faults'
import { attempt } from '../attempt'
import type { Context, Operator } from '../context'
import { partnerNamed } from './list'
import type { ListedPartner } from './operations'

/**
 * Orders hold the project's record as they found it, so that one which is under way when it is revoked is refused as well. Again is done.
 * Faults: 'not-found', 'unavailable'.
 */
export async function revokePartner(context: Context, operator: Operator, name: string): Promise<ListedPartner> {
  const project = await attempt(context, operator.actor, 'revoke-partner', async () => {
    await context.mirror.fresh()
    const before = partnerNamed(context, name)
    const { partner } = before.wish
    if (partner === undefined || partner.revokedAt !== null) return { value: before, change: undefined }
    const wish = { ...before.wish, partner: { ...partner, revokedAt: context.clock.now() } }
    const { id, generation } = before
    const update = {
      ref: { kind: 'project', id } as const,
      project: id,
      generation,
      wish,
      raisePhase: false,
      wake: false,
    }
    return {
      value: { ...before, rev: before.rev + 1, generation: generation + 1, wish },
      change: { updates: [update] },
    }
  })
  const { partner } = project.wish
  if (partner === undefined) throw fault('internal', `${name} is no partner`)
  return { project, partner, used: await context.store.counters(project.id) }
}
