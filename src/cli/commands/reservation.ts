/** `reservation …`: capacity that is held for a project, now or later. */
import { z } from 'zod'
import { fault } from '../../faults'
import { inUtc, inZone, momentOf } from '../../model/local-time'
import { durationInSeconds } from '../duration'
import { addLeaf, type Family, type Given, type Leaf, pathTo } from '../leaf'
import { amountIn, fields, table } from '../output'

const reservation = z.looseObject({
  id: z.string(),
  name: z.string(),
  project: z.string(),
  type: z.string(),
  count: z.number(),
  used: z.number(),
  zone: z.string(),
  state: z.string(),
  message: z.string().nullable(),
  match: z.string(),
  startsAt: z.string(),
  endsAt: z.string().nullable(),
  timeZone: z.string().nullable(),
  title: z.string().nullable(),
  hosts: z.array(z.object({ host: z.string(), slots: z.number(), used: z.number() })).optional(),
})
const reservations = z.object({ reservations: z.array(reservation) })
type Reservation = z.infer<typeof reservation>

const UTC = 'UTC'

/** In the zone in which it was said, and in UTC. */
function said(time: string, { timeZone }: Reservation): string {
  const at = Date.parse(time)
  return timeZone === null ? inUtc(at) : `${inZone(at, timeZone)} ${timeZone} (${inUtc(at)})`
}

const until = (it: Reservation): string => (it.endsAt === null ? 'cancelled' : said(it.endsAt, it))

const details = (it: Reservation): string =>
  fields({
    reservation: it.name,
    id: it.id,
    project: it.project,
    state: it.state,
    message: it.message,
    'instance type': it.type,
    places: it.count,
    used: it.used,
    zone: it.zone,
    match: it.match,
    from: said(it.startsAt, it),
    until: until(it),
    hosts: it.hosts?.map(({ host, slots, used }) => `${host} (${used} of ${slots} used)`).join(', ') ?? null,
    title: it.title,
  })

const zoneOf = ({ options }: Given): string => (typeof options.timeZone === 'string' ? options.timeZone : UTC)

const timeIn = (given: Given, option: 'from' | 'until'): number | undefined => {
  const text = given.options[option]
  return typeof text === 'string' ? momentOf(text, zoneOf(given), option) : undefined
}

/** `--until` or `--for` behind its beginning. Faults: 'invalid' for both. */
function endIn(given: Given, startsAt: number): number | undefined {
  const end = timeIn(given, 'until')
  const lasts = given.options.for
  if (typeof lasts !== 'string') return end
  if (end !== undefined) throw fault('invalid', '--until and --for say the same; give one of them', { field: 'for' })
  return startsAt + 1000 * durationInSeconds(lasts)
}

const iso = (ms: number): string => new Date(ms).toISOString()
const given = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value })

const create: Leaf<Reservation> = {
  usage: 'create <project>',
  description: 'hold places for machines of a project; refused where they are not free all the time',
  needs: ['type', 'zone'],
  options: [
    ['--type <type>', 'instance type of the machines'],
    ['--count <places>', 'how many of them; 1 where nothing is said'],
    ['--zone <zone>', 'availability zone'],
    ['--from <time>', 'when it begins, "2026-11-22 09:00"; now where nothing is said'],
    ['--until <time>', 'when it ends; until it is cancelled where nothing is said'],
    ['--for <duration>', 'how long it lasts instead: 90m, 12h, 30d'],
    ['--time-zone <name>', 'IANA zone of these times, Europe/Berlin; UTC where nothing is said'],
    ['--targeted', 'only for machines that name it'],
    ['--title <text>', 'what it is for'],
  ],
  run: async (admin, call) => {
    const { args, options } = call
    const startsAt = timeIn(call, 'from')
    const endsAt = endIn(call, startsAt ?? Date.now())
    return reservation.parse(
      await admin.post('/reservations', {
        project: args[0],
        type: options.type,
        count: amountIn('count', options.count) ?? 1,
        zone: options.zone,
        match: options.targeted === true ? 'targeted' : 'open',
        ...given('startsAt', startsAt === undefined ? undefined : iso(startsAt)),
        ...given('endsAt', endsAt === undefined ? undefined : iso(endsAt)),
        ...given('timeZone', options.timeZone),
        ...given('title', options.title),
      }),
    )
  },
  show: details,
}

const modify: Leaf<Reservation> = {
  usage: 'modify <reservation>',
  description: 'other places or another end; refused as a whole where there is no room for it',
  options: [
    ['--count <places>', 'how many places it is to have'],
    ['--until <time>', 'when it ends; "never": when it is cancelled'],
    ['--time-zone <name>', 'IANA zone of that time; UTC where nothing is said'],
    ['--title <text>', 'what it is for'],
  ],
  run: async (admin, call) => {
    const { args, options } = call
    const endsAt = options.until === 'never' ? null : timeIn(call, 'until')
    return reservation.parse(
      await admin.patch(pathTo('reservations', args[0] ?? ''), {
        ...given('count', amountIn('count', options.count)),
        ...given('endsAt', typeof endsAt === 'number' ? iso(endsAt) : endsAt),
        ...given('title', options.title),
      }),
    )
  },
  show: details,
}

export const reservationCommands: Family = (root, cli) => {
  const family = root.command('reservation').description('capacity held for projects, by UUID or EC2 name')
  addLeaf(family, cli, create)
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all reservations; those that are over for an hour',
    options: [['--project <project>', 'of this project only']],
    run: async (admin, { options }) =>
      reservations.parse(await admin.get('/reservations', { project: options.project })).reservations,
    show: (found) =>
      table(
        ['reservation', 'project', 'type', 'used', 'zone', 'state', 'from', 'until'],
        found.map((it) => [
          ...[it.name, it.project, it.type, `${it.used}/${it.count}`, it.zone, it.state],
          ...[inUtc(Date.parse(it.startsAt)), it.endsAt === null ? null : inUtc(Date.parse(it.endsAt))],
        ]),
        'nothing is reserved',
      ),
  })
  addLeaf(family, cli, {
    usage: 'show <reservation>',
    description: 'one reservation, with the hosts that hold its places',
    run: async (admin, { args: [id = ''] }) => reservation.parse(await admin.get(pathTo('reservations', id))),
    show: details,
  })
  addLeaf(family, cli, modify)
  addLeaf(family, cli, {
    usage: 'cancel <reservation>',
    description: 'give its places back; machines in them go on running',
    run: async (admin, { args: [id = ''] }) => reservation.parse(await admin.delete(pathTo('reservations', id))),
    show: (it) => `${it.name} is ${it.state}\n`,
  })
}
