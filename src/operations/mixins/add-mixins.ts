/** Mixins that users make (OCCI POST on the query interface). Identity and location are unique in their project. */
import { fault } from '../../faults'
import type { MixinId, ProjectId } from '../../model/ids'
import type { MixinRecord, MixinWish } from '../../model/records'
import { mixinNames } from '../../store/names'
import type { Create, Take } from '../../store/store'
import { attempt } from '../attempt'
import type { Caller, Context } from '../context'
import { drawId } from '../draw'
import { held } from '../held'
import { openProject } from '../open-project'

export type MixinOrder = Omit<MixinWish, 'createdAt'>

/** Each listing of the model shows them all. */
const MOST_MIXINS = 1000
const LONGEST = { term: 128, scheme: 512, title: 255, location: 512 } as const

/** Posting the same words again is success. Faults: 'exists', 'combination', 'invalid', 'quota', 'conflict', 'unavailable'. */
export async function addMixins(context: Context, caller: Caller, orders: readonly MixinOrder[]): Promise<void> {
  const wanted = distinct(orders)
  for (const order of wanted) checkLengths(order)
  await attempt(context, caller.actor, 'add-mixins', async () => {
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    const fresh = wanted.filter((order) => !isThere(context, caller.project, order))
    if (fresh.length === 0) return { change: undefined, value: undefined }
    if (context.mirror.list('mixin', caller.project).length + fresh.length > MOST_MIXINS)
      throw fault('quota', `a project has at most ${MOST_MIXINS} mixins`, { field: 'mixins' })
    const now = context.clock.now()
    const made = fresh.map((order) => creation(caller.project, order, now))
    return {
      value: undefined,
      change: {
        holds: [held(project)],
        creates: made.map(({ create }) => create),
        takes: made.flatMap(({ takes }) => takes),
      },
    }
  })
}

const identity = ({ scheme, term }: Pick<MixinWish, 'scheme' | 'term'>): string => scheme + term

/** One of each. Faults: 'combination' for two that differ in what must be the same, or share what must differ. */
function distinct(orders: readonly MixinOrder[]): readonly MixinOrder[] {
  const kept: MixinOrder[] = []
  for (const order of orders) {
    const rival = kept.find((one) => identity(one) === identity(order) || one.location === order.location)
    if (rival === undefined) kept.push(order)
    else if (!sameWords(rival, order))
      throw fault('combination', `${identity(rival)} and ${identity(order)} get in each other's way`, {
        field: 'mixins',
      })
  }
  return kept
}

function checkLengths(order: MixinOrder): void {
  for (const [field, most] of Object.entries(LONGEST) as [keyof typeof LONGEST, number][])
    if ((order[field]?.length ?? 0) > most)
      throw fault('invalid', `a mixin's ${field} has at most ${most} characters`, { field })
}

/** Whether there is one like it already. Faults: 'exists' for one that differs, and for a location of another one. */
function isThere({ mirror }: Context, project: ProjectId, order: MixinOrder): boolean {
  const [name, place] = mixinNames(project, order)
  const same = mirror.named(name)
  if (same?.kind === 'mixin' && sameWords(same.wish, order)) return true
  if (same?.kind === 'mixin')
    throw fault('exists', `the mixin ${identity(order)} is there already, with other words`, subject(same))
  const there = mirror.named(place)
  if (there?.kind === 'mixin')
    throw fault('exists', `${order.location} is the location of ${identity(there.wish)}`, subject(there))
  return false
}

const subject = ({ wish }: MixinRecord) => ({ subject: { kind: 'mixin', id: identity(wish) } })

const sameWords = (a: MixinOrder, b: MixinOrder): boolean =>
  identity(a) === identity(b) &&
  a.title === b.title &&
  a.location === b.location &&
  sameList(a.depends, b.depends) &&
  sameList(a.applies, b.applies)
const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index])

function creation(
  project: ProjectId,
  order: MixinOrder,
  now: number,
): { readonly create: Create; readonly takes: readonly Take[] } {
  const id = drawId<MixinId>()
  const wish: MixinWish = { ...order, createdAt: now }
  return {
    create: { ref: { kind: 'mixin', id }, project, wish, seen: null, journal: null, place: null, wake: false },
    takes: mixinNames(project, order).map((field) => ({ hash: 'names', field, value: `mixin:${id}` })),
  }
}
