/** The lease of a machine as `instance show` and `instance explain` tell it. */
import { z } from 'zod'

const text = z.string().exactOptional()
const stretch = z.looseObject({
  host: z.string(),
  from: z.string(),
  run: z.string(),
  stop: z.string().nullable(),
  to: z.string().nullable(),
})

/** null: it has no terms. */
export const lease = z
  .looseObject({
    ...{ start: text, duration: text, deadline: text, atEnd: text, group: text, preemptible: text },
    members: z.number().exactOptional(),
    booked: z.array(stretch),
    ran: z.number(),
    ends: z.string().nullable(),
    waits: z.looseObject({ says: z.string(), at: z.string().nullable(), ahead: z.number() }).nullable(),
  })
  .nullable()
type Lease = z.infer<typeof lease> | undefined

const bookedOf = ({ host, from, to, run, stop }: z.infer<typeof stretch>): string =>
  `on ${host} from ${from} to ${to ?? 'without end'}; it runs from ${run}${stop === null ? '' : ` to ${stop}`}`

/** What there is of it, by name; nothing of what has no terms. */
export function leaseFields(its: Lease): Readonly<Record<string, string>> {
  if (!its) return {}
  const { start, duration, deadline, atEnd, group, members, preemptible, booked, ran, ends, waits } = its
  const all: Readonly<Record<string, string | null | undefined>> = {
    'lease start': start,
    'lease duration': duration,
    'lease deadline': deadline,
    'at its end': atEnd,
    'lease group': group === undefined ? undefined : `${group}, ${members} machines`,
    'gives way': preemptible === undefined ? undefined : 'yes',
    ...Object.fromEntries(booked.map((one, at) => [at === 0 ? 'booked' : `booked ${at + 1}`, bookedOf(one)])),
    'ran before': ran === 0 ? undefined : `${ran} s`,
    'lease ends': ends,
    'earliest start': waits?.at,
    'ahead in the queue': waits && waits.ahead > 0 ? String(waits.ahead) : undefined,
  }
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

/** A line for each. */
export const leaseLines = (its: Lease): readonly string[] =>
  Object.entries(leaseFields(its)).map(([name, value]) => `${name}: ${value}\n`)
