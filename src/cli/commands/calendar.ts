/** `calendar`: what is promised on hosts from now on, drawn. */
import { z } from 'zod'
import { draw } from '../draw-calendar'
import { addLeaf, type Family } from '../leaf'
import { amountIn } from '../output'

const amounts = { cpuHundredths: z.number(), memoryMiB: z.number(), diskGiB: z.number() }
const entry = z.object({
  kind: z.string(),
  name: z.string(),
  places: z.number(),
  from: z.string(),
  until: z.string().nullable(),
})
const calendar = z.object({
  from: z.string(),
  to: z.string(),
  hosts: z.array(
    z.object({
      host: z.string(),
      zone: z.string(),
      usable: z.object(amounts),
      entries: z.array(entry),
      free: z.array(z.object({ from: z.string(), ...amounts })),
    }),
  ),
  waiting: z.array(z.object({ name: z.string(), says: z.string(), at: z.string().nullable(), ahead: z.number() })),
})
export type Calendar = z.infer<typeof calendar>

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
