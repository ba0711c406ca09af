/** `calendar`: what is promised on hosts from now on, drawn. */
import { calendar } from '../calendar-shape'
import { draw } from '../draw-calendar'
import { addLeaf, type Family } from '../leaf'
import { amountIn } from '../output'

export const calendarCommand: Family = (root, cli) =>
  addLeaf(root, cli, {
    usage: 'calendar',
    description: 'what is promised on each host from now on: leases, reservations, and what is left',
    options: [
      ['--hours <hours>', 'how far to look ahead; 24 where nothing is said'],
      ['--zone <zone>', 'hosts of this zone only'],
    ],
    run: async (admin, { options }) =>
      calendar.parse(
        await admin.get('/calendar', { hours: amountIn('hours', options.hours)?.toString(), zone: options.zone }),
      ),
    show: draw,
  })
