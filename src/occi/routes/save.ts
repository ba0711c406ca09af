/**
 * The action save: an image of a compute's disk, shown as the os_tpl that it becomes (GFD.224 §3.1.2). `hot` while it runs, its
 * guest held still for a moment; `deferred` is for one that is at rest, and nothing stops a machine for it.
 */
import { randomBytes } from 'node:crypto'
import { fault } from '../../faults'
import { occiActions, occiState } from '../../model/lifecycle'
import type { ComputeRecord, ImageRecord } from '../../model/records'
import type { Caller } from '../../operations/context'
import type { Operations } from '../../operations/operations'
import type { Part } from '../../operations/together/operations'
import { type Answer, answer, type Exchange } from '../exchange'
import { imageTemplate } from '../model/catalogue'
import type { ComputeAct } from '../requests/act-on-compute'

type Save = Extract<ComputeAct, { readonly do: 'save' }>

export interface Saved {
  readonly images: readonly ImageRecord[]
}

/**
 * One image of each, all or none. Faults: 'state' (it cannot be saved now, or not like that),
 * 'combination' (one name for several), and those of the operation (a name that is taken, quota).
 */
export async function saveComputes(
  operations: Pick<Operations, 'together'>,
  caller: Caller,
  { how, name }: Save,
  records: readonly ComputeRecord[],
): Promise<Saved> {
  if (name !== null && records.length > 1)
    throw fault('combination', `${records.length} images cannot have the one name that is given`, { field: 'name' })
  for (const record of records) refuseUnsavable(record, how)
  const parts = records.map((record): Part<'save'> => {
    return { do: 'save', order: { compute: record.id, name: name ?? nameFor(record) } }
  })
  return { images: await operations.together(caller, parts) }
}

/** Drawn, because one machine may be saved many times and a name is a project's only one. */
const nameFor = ({ wish }: ComputeRecord): string => `saved-${wish.name}-${randomBytes(4).toString('hex')}`

function refuseUnsavable(record: ComputeRecord, how: Save['how']): void {
  const subject = { kind: 'compute', id: record.id } as const
  if (!occiActions(record).includes('save')) throw fault('state', 'it cannot be saved now', { subject })
  if (how === 'deferred' && occiState(record) === 'active')
    throw fault(
      'conflict',
      `the compute ${record.id} is active: save it with method="hot", or stop it and save it then`,
      { subject, field: 'method', allowed: ['hot'] },
    )
}

/** The templates, which can be used as soon as their images are complete. */
export const showSaved = (exchange: Exchange, { images }: Saved): Answer =>
  answer(exchange, 'other', (rendering) =>
    rendering.categories({ kinds: [], actions: [], mixins: images.map(imageTemplate) }),
  )
