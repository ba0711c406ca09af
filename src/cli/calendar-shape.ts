/** A calendar as the admin API tells it. */
import { z } from 'zod'

const amounts = { cpuHundredths: z.number(), memoryMiB: z.number(), diskGiB: z.number() }
const entry = z.object({
  kind: z.string(),
  name: z.string(),
  places: z.number(),
  from: z.string(),
  until: z.string().nullable(),
})
export const calendar = z.object({
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
