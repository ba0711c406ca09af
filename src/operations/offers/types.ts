/** Instance types, as operators make and remove them. A machine keeps its size when its type is changed for another. */
import { fault } from '../../faults'
import { type TypeId, typeTerm } from '../../model/ids'
import { type PlacementWish, wrongIn } from '../../model/placement'
import type { TypeRecord, TypeWish } from '../../model/records'
import { attempt } from '../attempt'
import { checkName } from '../check-name'
import type { Context, Operator } from '../context'
import { created } from '../created'
import { drawId } from '../draw'
import { typeNamed } from '../named'
import type { TypeOrder, TypeWithUse } from './operations'
import { inUse, machinesWith } from './use'

const LIMITS = { cores: [1, 4096], cpuPercent: [1, 100], memoryMiB: [1, 2 ** 26], diskGiB: [0, 65_536] } as const
/** Cores and memory have to be said. */
const UNSAID = { cores: 0, cpuPercent: 100, memoryMiB: 0, diskGiB: 0 } as const
const LONGEST_TITLE = 255

function checkType(order: TypeOrder): void {
  checkName('type', 'name', order.name)
  for (const [field, [least, most]] of Object.entries(LIMITS) as [keyof typeof LIMITS, readonly [number, number]][]) {
    const value = order[field] ?? UNSAID[field]
    if (!Number.isInteger(value) || value < least || value > most)
      throw fault('invalid', `${field}: a whole number from ${least} to ${most}`, { field })
  }
  if ((order.title?.length ?? 0) > LONGEST_TITLE)
    throw fault('invalid', `title: at most ${LONGEST_TITLE} characters`, { field: 'title' })
}

function checkPlacement(placement: PlacementWish): void {
  const wrong = wrongIn(placement)
  if (wrong) throw fault('invalid', `${wrong.field}: ${wrong.message}`, { field: wrong.field })
}

/** A type's wish: what everybody is shown of it. */
export const typeWish = (
  { name, cores, cpuPercent = 100, memoryMiB, diskGiB = 0, title, placement }: TypeOrder,
  now: number,
): TypeWish => ({
  name,
  term: typeTerm(name),
  title: title ?? `${name}: ${cores} ${cores === 1 ? 'core' : 'cores'}, ${memoryMiB} MiB`,
  size: { type: name, cores, cpuHundredths: cpuPercent * cores, memoryMiB, diskGiB },
  ...(placement && Object.keys(placement).length > 0 ? { placement } : {}),
  createdAt: now,
})

/** Faults: 'invalid' naming the field, 'exists', 'unavailable'. */
export async function addType(context: Context, operator: Operator, order: TypeOrder): Promise<TypeRecord> {
  checkType(order)
  if (order.placement) checkPlacement(order.placement)
  return attempt(context, operator.actor, 'add-type', async () => {
    await context.mirror.fresh()
    if (context.mirror.named(`type:${order.name}`))
      throw fault('exists', `there is an instance type ${order.name} already`, { field: 'name' })
    const create = {
      ref: { kind: 'type', id: drawId<TypeId>() } as const,
      project: null,
      wish: typeWish(order, context.clock.now()),
      seen: null,
      journal: null,
      place: null,
      wake: false,
    }
    const take = { hash: 'names', field: `type:${order.name}`, value: `type:${create.ref.id}` }
    return { value: created('type', create), change: { creates: [create], takes: [take] } }
  })
}

const usersOf = (context: Context, { wish }: TypeRecord) =>
  machinesWith(context, (machine) => machine.wish.size.type === wish.name)

/** Faults: 'not-found', 'unavailable'. */
export async function showType(context: Context, name: string): Promise<TypeWithUse> {
  await context.mirror.fresh()
  const type = typeNamed(context, name)
  return { ...type, machines: (await usersOf(context, type)).length }
}

/** Faults: 'not-found', 'in-use' while machines are of it, 'conflict', 'unavailable'. */
export async function removeType(context: Context, operator: Operator, name: string): Promise<void> {
  return attempt(context, operator.actor, 'remove-type', async () => {
    await context.mirror.fresh()
    const type = typeNamed(context, name)
    const users = await usersOf(context, type)
    if (users.length > 0) throw inUse(type, `the instance type ${name}`, users)
    const { id, generation } = type
    return {
      value: undefined,
      change: {
        removals: [{ ref: { kind: 'type', id }, project: null, generation }],
        releases: [{ hash: 'names', field: `type:${name}` }],
      },
    }
  })
}
