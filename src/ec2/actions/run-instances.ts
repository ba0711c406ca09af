import type { ComputeRecord } from '../../model/records'
import type { RunOrder } from '../../operations/operations'
import { action, type Ec2Context, type Input } from '../action'
import { digestOf, orAsBefore } from '../client-token'
import { namingLeaseTags } from '../launch/lease-tags'
import { orderOf } from '../launch/order'
import { RUN_USES } from '../launch/uses'
import { showReservation } from '../show/reservations'
import { withTemplate } from '../templates/with-template'

/**
 * RunInstances: one order, all or nothing between MinCount and MaxCount, of what the request says and the launch template that it names. The
 * same ClientToken with the same parameters gets the first answer's machines again, even where what it names is no longer there.
 */
export const runInstances = action('RunInstances', RUN_USES, async (input, context) => {
  const computes = await ran(input, context)
  return showReservation(computes[0]?.wish.reservation ?? '', computes, context)
})

const ran = (input: Input<'RunInstances'>, context: Ec2Context): Promise<readonly ComputeRecord[]> => {
  const { operations, caller } = context
  const order = async () => {
    const whole = await wholeOrder(input, context)
    return (await namingLeaseTags(() => operations.runComputes(caller, whole))).computes
  }
  return orAsBefore(input, order, (token) => operations.ranBefore(caller, token))
}

async function wholeOrder(input: Input<'RunInstances'>, context: Ec2Context): Promise<RunOrder> {
  const { whole, launchTemplate } = await withTemplate(input, context)
  return { ...(await orderOf(whole, digestOf(input), context)), ...(launchTemplate ? { launchTemplate } : {}) }
}
