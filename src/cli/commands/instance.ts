/** `instance …`: machines of all projects, for operators. */
import { z } from 'zod'
import { formatAmount } from '../../model/providers/money'
import { addLeaf, type Family, type Leaf, pathTo } from '../leaf'
import { fields, memory, table } from '../output'
import { lease, leaseFields, leaseLines } from './show-lease'

const instance = z.looseObject({
  id: z.string(),
  name: z.string(),
  project: z.string(),
  title: z.string().nullable(),
  state: z.string(),
  occiState: z.string(),
  ec2State: z.string(),
  message: z.string().nullable(),
  type: z.string(),
  cores: z.number(),
  memoryMiB: z.number(),
  diskGiB: z.number(),
  zone: z.string().nullable(),
  host: z.string().nullable(),
  movingTo: z.string().nullable(),
  simulated: z.boolean(),
  adoptedFrom: z.string().nullable(),
  addresses: z.array(z.string()),
  createdAt: z.string().nullable(),
  lease: lease.exactOptional(),
})
type Instance = z.infer<typeof instance>
const instances = z.object({ instances: z.array(instance) })
const waiting = z.object({ reasons: z.record(z.string(), z.number()), wouldFit: z.string() }).nullable()
const explanation = z.looseObject({
  instance,
  waiting,
  lease: lease.exactOptional(),
  queue: z.object({ turn: z.number(), of: z.number() }).nullish(),
  hosts: z.array(
    z.object({
      host: z.string(),
      zone: z.string(),
      fits: z.boolean(),
      because: z.array(z.string()),
      hour: z.object({ amount: z.number(), currency: z.string() }).nullish(),
    }),
  ),
  warnings: z.array(z.string()).optional(),
})
type Explanation = z.infer<typeof explanation>
const events = z.object({
  events: z.array(
    z.looseObject({
      at: z.string().nullable(),
      what: z.string(),
      user: z.string(),
      source: z.string(),
      requestId: z.string(),
    }),
  ),
})

const hostOf = (it: Instance): string => {
  const host = it.host && it.simulated ? `${it.host} (simulated)` : (it.host ?? '')
  return it.movingTo === null ? host : `${host}, on its way to ${it.movingTo}`
}

const details = (it: Instance): string =>
  fields({
    name: it.name,
    id: it.id,
    project: it.project,
    title: it.title,
    state: it.state,
    'OCCI state': it.occiState,
    'EC2 state': it.ec2State,
    message: it.message,
    type: it.type,
    size: `${it.cores} cores, ${memory(it.memoryMiB)}, ${it.diskGiB} GiB disk`,
    zone: it.zone,
    host: hostOf(it),
    addresses: it.addresses.join(', '),
    'taken over': it.adoptedFrom === null ? null : `it was ${it.adoptedFrom}; what its disks lie on stays when it ends`,
    created: it.createdAt,
    ...leaseFields(it.lease),
  })

const explained = ({ instance: it, waiting: waits, lease: its, queue, hosts, warnings = [] }: Explanation): string =>
  [
    `${it.name} is ${it.state}${it.message ? `: ${it.message}` : ''}\n`,
    ...leaseLines(its),
    waits &&
      Object.keys(waits.reasons).length > 0 &&
      `It waits: ${Object.entries(waits.reasons)
        .map(([reason, count]) => `${reason} (${count})`)
        .join(', ')}\n`,
    waits && waits.wouldFit !== '' && `It would fit: ${waits.wouldFit}\n`,
    queue && `Its turn: ${queue.turn} of ${queue.of} that wait\n`,
    ...warnings.map((said) => `Warning: ${said}\n`),
    '\n',
    table(
      ['host', 'zone', 'fits', 'an hour', 'because'],
      hosts.map((host) => [
        host.host === it.host ? `${host.host} (it is here)` : host.host,
        host.zone,
        host.fits,
        host.hour && `${formatAmount(host.hour.amount)} ${host.hour.currency}`,
        host.because.join('; '),
      ]),
      'no hosts',
    ),
  ]
    .filter(Boolean)
    .join('')

const list: Leaf<readonly Instance[]> = {
  usage: 'list',
  description: 'all machines',
  options: [
    ['--project <project>', 'of this project only'],
    ['--host <host>', 'on this host only'],
  ],
  run: async (admin, { options: { project, host } }) =>
    instances.parse(await admin.get('/instances', { project, host })).instances,
  show: (found) =>
    table(
      ['name', 'project', 'state', 'type', 'zone', 'host', 'message'],
      found.map((it) => [it.name, it.project, it.state, it.type, it.zone, hostOf(it), it.message]),
      'no machines',
    ),
}

export const instanceCommands: Family = (root, cli) => {
  const family = root.command('instance').description('machines, by UUID or EC2 name')
  addLeaf(family, cli, list)
  addLeaf(family, cli, {
    usage: 'show <instance>',
    description: 'one machine',
    run: async (admin, { args: [id = ''] }) => instance.parse(await admin.get(pathTo('instances', id))),
    show: details,
  })
  addLeaf(family, cli, {
    usage: 'explain <instance>',
    description: 'why it is where it is, or waits: host by host',
    run: async (admin, { args: [id = ''] }) => explanation.parse(await admin.get(`${pathTo('instances', id)}/explain`)),
    show: explained,
  })
  addLeaf(family, cli, {
    usage: 'events <instance>',
    description: 'what happened to it, newest first',
    options: [['--limit <n>', 'at most so many (50)']],
    run: async (admin, { args: [id = ''], options: { limit } }) =>
      events.parse(await admin.get(`${pathTo('instances', id)}/events`, { limit })).events,
    show: (found) =>
      table(
        ['when', 'what', 'who', 'from', 'request'],
        found.map((it) => [it.at, it.what, it.user, it.source, it.requestId]),
        'no events',
      ),
  })
  addLeaf(family, cli, {
    usage: 'move <instance>',
    description: 'move it to another host while it runs; `instance show` tells how far it is',
    options: [
      ['--to <host>', 'the host to move it to'],
      ['--cold', 'off, or its memory in a file, on the way'],
      ['--restart', 'shut down and started there, on storage that both hosts have'],
    ],
    needs: ['to'],
    run: async (admin, { args: [id = ''], options: { to, cold, restart } }) => {
      const how = restart ? 'restart' : cold ? 'cold' : 'live'
      return instance.parse(await admin.post(`${pathTo('instances', id)}/move`, { to, how }))
    },
    show: (it, { options: { to } }) => `${it.name}: ordered to move to ${to} (now ${it.state} on ${it.host})\n`,
  })
  addLeaf(family, cli, {
    usage: 'resched <instance>',
    description: 'place it anew, anywhere but where it is, as soon as that is possible',
    run: async (admin, { args: [id = ''] }) => instance.parse(await admin.post(`${pathTo('instances', id)}/resched`)),
    show: (it) => `${it.name}: to be placed anew (now ${it.state} on ${it.host})\n`,
  })
}
