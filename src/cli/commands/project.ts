/** `project …`: tenants. */
import { z } from 'zod'
import { kebab } from '../../config'
import { fault } from '../../faults'
import { formatAmount, parseAmount } from '../../model/providers/money'
import type { AdminClient } from '../admin-client'
import { askUntil } from '../ask-until'
import { durationInSeconds } from '../duration'
import { addLeaf, type Family, type Leaf, pathTo } from '../leaf'
import { defaultOffers, siteOf } from '../offers'
import { amountIn, duration, fields, memory, table } from '../output'
import type { Session } from '../session'
import { listIn } from './provider/orders'

const amounts = z.object({
  instances: z.number(),
  cores: z.number(),
  memoryMiB: z.number(),
  volumes: z.number(),
  volumeGiB: z.number(),
  addresses: z.number(),
  networks: z.number(),
})
const project = z.looseObject({
  name: z.string(),
  accountId: z.string(),
  purging: z.boolean(),
  pendingTimeout: z.number().nullable(),
  bursts: z.enum(['allowed', 'never']),
  regions: z.array(z.string()).nullable(),
  budget: z.object({ amount: z.number(), currency: z.string(), alarmAt: z.number() }).nullable(),
  quota: amounts,
  used: amounts,
})
const projects = z.object({ projects: z.array(project) })
type Project = z.infer<typeof project>
const added = z.object({
  accountId: z.string(),
  user: z.string(),
  password: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
})
const purged = z.object({ left: z.number(), done: z.boolean() })

const quotaFlags = {
  instances: 'instances',
  cores: 'cores',
  memoryMib: 'memoryMiB',
  images: 'images',
  imageGib: 'imageGiB',
  volumes: 'volumes',
  volumeGib: 'volumeGiB',
  snapshotGib: 'snapshotGiB',
  addresses: 'addresses',
  networks: 'networks',
} as const

const QUOTA: NonNullable<Leaf<unknown>['options']> = [
  ['--instances <n>', 'quota: machines'],
  ['--cores <n>', 'quota: cores'],
  ['--memory-mib <n>', 'quota: memory in MiB'],
  ['--images <n>', 'quota: images of its own'],
  ['--image-gib <n>', 'quota: GiB of their files'],
  ['--volumes <n>', 'quota: volumes'],
  ['--volume-gib <n>', 'quota: GiB of volumes and of disks of machines'],
  ['--snapshot-gib <n>', 'quota: GiB of volumes that snapshots were taken of'],
  ['--addresses <n>', 'quota: public addresses'],
  ['--networks <n>', 'quota: networks of its own'],
]

function quotaOf(options: Readonly<Record<string, string | true | undefined>>): Record<string, number> {
  const quota: Record<string, number> = {}
  for (const [flag, field] of Object.entries(quotaFlags)) {
    const most = amountIn(kebab(flag), options[flag])
    if (most !== undefined) quota[field] = most
  }
  return quota
}

const add: Leaf<Session> = {
  usage: 'add <name>',
  description: 'a project with a user and a key; password and secret are told once',
  options: QUOTA,
  run: async (admin, { args: [name], options, site }) => {
    const quota = quotaOf(options)
    const order = { name, ...(Object.keys(quota).length > 0 ? { quota } : {}) }
    // Asked before: its secrets are told once, so nothing may fail once it is made.
    const { region, ...endpoints } = await siteOf(admin, site)
    const offers = await defaultOffers(admin)
    const made = added.parse(await admin.post('/projects', order))
    return { ...endpoints, ...made, region, ...offers }
  },
  show: (session) => fields(session),
}

/** `none`: without end. */
function timeoutOf(given: string | true | undefined): { readonly pendingTimeout?: number | null } {
  if (given === undefined) return {}
  return { pendingTimeout: given === 'none' ? null : durationInSeconds(String(given), 'pending-timeout') }
}

const shown = (it: Project): string =>
  fields({
    name: it.name,
    account: it.accountId,
    machines: `${it.used.instances} of ${it.quota.instances}`,
    cores: `${it.used.cores} of ${it.quota.cores}`,
    memory: `${memory(it.used.memoryMiB)} of ${memory(it.quota.memoryMiB)}`,
    volumes: `${it.used.volumes} of ${it.quota.volumes}`,
    'GiB of volumes': `${it.used.volumeGiB} of ${it.quota.volumeGiB}`,
    addresses: `${it.used.addresses} of ${it.quota.addresses}`,
    networks: `${it.used.networks} of ${it.quota.networks}`,
    'waits for a place': it.pendingTimeout === null ? 'as long as it takes' : `at most ${duration(it.pendingTimeout)}`,
    'at providers': it.bursts,
    'data may lie in': it.regions === null ? 'any region' : it.regions.join(', '),
    budget:
      it.budget && `${formatAmount(it.budget.amount)} ${it.budget.currency} a month, told at ${it.budget.alarmAt} %`,
  })

/** `none`: nobody is told any more. */
function budgetOf({ budget, alarmAt }: Readonly<Record<string, string | true | undefined>>): {
  readonly budget?: object | null
} {
  if (budget === undefined && alarmAt === undefined) return {}
  if (budget === 'none') return { budget: null }
  const amount = budget === undefined ? undefined : parseAmount(String(budget))
  if (budget !== undefined && amount === undefined)
    throw fault('unknown-field', `--budget: "${budget}" is no amount, as 250, or none`)
  const percent = amountIn('alarm-at', alarmAt)
  const said = { amount, alarmAt: percent }
  return { budget: Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) }
}

const set: Leaf<Project> = {
  usage: 'set <name>',
  description: 'change its quota, how long its machines may wait for a place, and what it may cost before it is told',
  options: [
    ...QUOTA,
    ['--budget <amount>', 'what it may cost in a month before it is told, in the currency of the prices; or none'],
    ['--alarm-at <percent>', 'of the budget, also of the one that it has, when it is told first (80); at 100 again'],
    ['--pending-timeout <time>', 'as 90m, 12h or 30d, after which a machine that waits has failed; or none'],
  ],
  run: async (admin, { args: [name = ''], options }) => {
    const quota = quotaOf(options)
    const change = {
      ...(Object.keys(quota).length > 0 ? { quota } : {}),
      ...timeoutOf(options.pendingTimeout),
      ...budgetOf(options),
    }
    return project.parse(await admin.patch(pathTo('projects', name), change))
  },
  show: shown,
}

/** ms: a guest that is shut down has five minutes, and what hangs on it goes afterwards. */
const PURGE_MS = 15 * 60_000

/** The gateway ends the machines and answers at once; here it is asked until none is left. */
async function purge(admin: AdminClient, name: string): Promise<{ purged: string }> {
  await askUntil({
    ask: async () => purged.parse(await admin.post(`${pathTo('projects', name)}/purge`)),
    isDone: ({ done }) => done,
    patienceMs: PURGE_MS,
    howFar: ({ left }) => left,
    late: ({ left }, seconds) =>
      `nothing of ${name} has gone for ${seconds} s, ${left} left: does a worker run? stuck list tells what does not go`,
  })
  return { purged: name }
}

export const projectCommands: Family = (root, cli) => {
  const family = root.command('project').description('projects: what tenants have is kept apart by them')
  addLeaf(family, cli, add)
  addLeaf(family, cli, set)
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all projects, with what they use of their quota',
    run: async (admin) => projects.parse(await admin.get('/projects')).projects,
    show: (found) =>
      table(
        [
          'name',
          'account',
          'machines',
          'cores',
          'memory',
          'volumes',
          'GiB',
          'addresses',
          'networks',
          'waits',
          'bursts',
          '',
        ],
        found.map(({ name, accountId, used, quota, purging, pendingTimeout, bursts }) => [
          name,
          accountId,
          `${used.instances} of ${quota.instances}`,
          `${used.cores} of ${quota.cores}`,
          `${memory(used.memoryMiB)} of ${memory(quota.memoryMiB)}`,
          `${used.volumes} of ${quota.volumes}`,
          `${used.volumeGiB} of ${quota.volumeGiB}`,
          `${used.addresses} of ${quota.addresses}`,
          `${used.networks} of ${quota.networks}`,
          pendingTimeout === null ? '-' : duration(pendingTimeout),
          bursts,
          purging ? 'is purged' : ' ',
        ]),
        'no projects',
      ),
  })
  addLeaf(family, cli, {
    usage: 'bursts <name> <when>',
    description: 'whether its machines may run at providers: allowed, or never',
    options: [['--regions <regions>', 'where their data may lie, with commas; or any. Otherwise as before']],
    run: async (admin, { args: [name = '', bursts], options }) => {
      const regions = options.regions === 'any' ? null : listIn(options.regions)
      const order = { bursts, ...(regions === undefined ? {} : { regions }) }
      return project.parse(await admin.patch(pathTo('projects', name), order))
    },
    show: (it) =>
      `machines of ${it.name} at providers: ${it.bursts}${it.regions === null ? '' : `, data in ${it.regions.join(', ')}`}\n`,
  })
  addLeaf(family, cli, {
    usage: 'purge <name>',
    description: 'end and delete all that it has, and itself; waits until all is gone',
    run: (admin, { args: [name = ''] }) => purge(admin, name),
    show: (it) => `${it.purged} is gone with all that it had\n`,
  })
}
