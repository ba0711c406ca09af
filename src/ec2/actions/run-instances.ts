import { action } from '../action'
import { digestOf } from '../launch/digest'
import { namingLeaseTags } from '../launch/lease-tags'
import { orderOf } from '../launch/order'
import { RUN_USES } from '../launch/uses'
import { showReservation } from '../show/reservations'
import { withTemplate } from '../templates/with-template'

/**
 * RunInstances: one order, all or nothing between MinCount and MaxCount, of what the request says and the launch template that it names. The
 * same ClientToken with the same parameters gets the first answer's machines again.
 */
export const runInstances = action('RunInstances', RUN_USES, async (input, context) => {
  const { whole, launchTemplate } = await withTemplate(input, context)
  const order = { ...(await orderOf(whole, digestOf(input), context)), ...(launchTemplate ? { launchTemplate } : {}) }
  const { computes } = await namingLeaseTags(() => context.operations.runComputes(context.caller, order))
  return showReservation(computes[0]?.wish.reservation ?? '', computes, context)
})
