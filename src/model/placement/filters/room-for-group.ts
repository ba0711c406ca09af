import { isRoomFor } from '../groups/amounts'
import { placeOf } from '../groups/place-of'
import { amountsOf } from '../groups/says'
import type { Filter } from './filter'

/** Those that must be together get their places at once or not at all, so there has to be room for all of them. */
export const roomForGroup: Filter = {
  name: 'room-for-group',
  reason: 'not enough room for its whole group',
  admits: ({ group }, host) => {
    const whole = group?.whole
    if (group === undefined || whole === undefined) return true
    const room = whole.rooms.get(placeOf(host, group.view.rule.over))
    return (
      (room !== undefined && isRoomFor(room, whole.needs)) ||
      `has ${amountsOf(room)}, all ${whole.machines} of its group ${group.view.name} need ${amountsOf(whole.needs)}`
    )
  },
}
