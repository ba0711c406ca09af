/** Changing what a machine is called, how it is tagged (in every state), how large it is (while it is off, or as far as it may grow while it runs): OCCI PUT and partial POST. */
import type { ComputeId } from '../model/ids'
import { type ComputeRecord, type ComputeWish, changedOptions, optionsOf } from '../model/records'
import { attemptOne, type Propose } from './attempt'
import { changingComputes, notFound } from './change-computes'
import type { Caller, Context } from './context'
import { checkMixins } from './mixins/check-mixins'
import type { NewSize } from './modify/operations'
import { resizing } from './modify/resize-compute'
import type { ComputeUpdate } from './operations'
import { checkOrder } from './run/check-order'

/** Faults: 'not-found', 'invalid', 'conflict', 'unavailable'; with a size those of resizeCompute. */
export const updateCompute = async (
  context: Context,
  caller: Caller,
  id: ComputeId,
  update: ComputeUpdate,
): Promise<ComputeRecord> =>
  attemptOne(
    context,
    caller.actor,
    update.size === undefined ? 'update-compute' : 'resize-compute',
    updatingCompute(context, caller, { id, update }),
  )

/** The decision by itself. */
export function updatingCompute(
  context: Context,
  caller: Caller,
  { id, update }: { readonly id: ComputeId; readonly update: ComputeUpdate },
): Propose<ComputeRecord> {
  checkOrder({
    minCount: 1,
    maxCount: 1,
    ...(update.title ? { title: update.title } : {}),
    ...(update.summary ? { summary: update.summary } : {}),
    ...(update.hostname ? { hostname: update.hostname } : {}),
  })
  if (update.size !== undefined) return resized(context, caller, id, update, update.size)
  const propose = changingComputes(caller, {
    what: 'update-compute',
    ids: [id],
    compares: 'any-state',
    dryRun: false,
    decide: ({ wish }) => {
      if (!wish.exists) throw notFound([id])
      checkMixins(context, caller, update.addMixins ?? [])
      return different(wish, changesOf(wish, update))
    },
  })
  return async (...words) => {
    const { change, value } = await propose(...words)
    const [changed] = value
    if (changed === undefined) throw notFound([id])
    return { change, value: changed.record }
  }
}

const changesOf = (wish: ComputeWish, update: ComputeUpdate): Partial<ComputeWish> => ({
  ...named(update),
  ...tagged(wish, update),
  ...optioned(wish, update),
})

/** All of it in one script: what cannot be resized is not renamed either. */
function resized(
  context: Context,
  caller: Caller,
  id: ComputeId,
  update: ComputeUpdate,
  size: NewSize,
): Propose<ComputeRecord> {
  if (size.type === undefined) {
    const { type: _none, ...amounts } = size
    checkOrder({ minCount: 1, maxCount: 1, ...amounts })
  }
  return resizing(caller, { id, ...size, running: 'grows' }, (wish) => {
    if (!wish.exists) throw notFound([id])
    checkMixins(context, caller, update.addMixins ?? [])
    return different(wish, changesOf(wish, update)) ?? {}
  })
}

type Named = Partial<Pick<ComputeWish, 'title' | 'summary' | 'hostname' | 'share'>>

const named = ({ title, summary, hostname, share }: ComputeUpdate): Named => ({
  ...(title === undefined ? {} : { title: title || null }),
  ...(summary === undefined ? {} : { summary: summary || null }),
  ...(hostname === undefined ? {} : { hostname: hostname || null }),
  ...(share === undefined ? {} : { share }),
})

function tagged(
  { mixins = [] }: ComputeWish,
  { addMixins = [], removeMixins = [] }: ComputeUpdate,
): Partial<Pick<ComputeWish, 'mixins'>> {
  const added = addMixins.filter((one) => !mixins.includes(one))
  const removes = mixins.some((one) => removeMixins.includes(one))
  return added.length === 0 && !removes
    ? {}
    : { mixins: [...mixins.filter((one) => !removeMixins.includes(one)), ...new Set(added)] }
}

function optioned(wish: ComputeWish, { options: change }: ComputeUpdate): Partial<Pick<ComputeWish, 'options'>> {
  if (change === undefined) return {}
  const before = optionsOf(wish)
  const options = changedOptions(before, change)
  return JSON.stringify(options) === JSON.stringify(before) ? {} : { options }
}

/** Undefined when it is so already. */
const different = (wish: ComputeWish, wished: Partial<ComputeWish>): Partial<ComputeWish> | undefined =>
  (Object.keys(wished) as (keyof ComputeWish)[]).some((field) => wish[field] !== wished[field]) ? wished : undefined
