/** /calendar: what is promised on hosts from now on, and what waits for its time. */
import { Router } from 'express'
import { z } from 'zod'
import { isoOf } from '../../model/lease-terms'
import type { Operations } from '../../operations/operations'
import { operatorOf, queryOf, text } from '../input'

const asked = z.strictObject({
  hours: z
    .string()
    .regex(/^\d{1,5}$/, 'a whole number')
    .transform(Number)
    .exactOptional(),
  zone: text.exactOptional(),
})
const HOURS = 24

const isoOrNull = (at: number | null): string | null => (at === null ? null : isoOf(at))

export function calendarRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/calendar', async (req, res) => {
    const { hours = HOURS, ...rest } = queryOf(req, asked)
    const { from, to, rows, waiting } = await operations.calendar(operatorOf(req), { hours, ...rest })
    res.json({
      from: isoOf(from),
      to: isoOf(to),
      hosts: rows.map(({ hostName, zone, usable, entries, free }) => ({
        host: hostName,
        zone,
        usable,
        entries: entries.map((entry) => ({ ...entry, from: isoOf(entry.from), until: isoOrNull(entry.until) })),
        free: free.map((one) => ({ from: isoOf(one.from), ...one.free })),
      })),
      waiting: waiting.map((one) => ({ ...one, at: isoOrNull(one.at) })),
    })
  })
  return router
}
