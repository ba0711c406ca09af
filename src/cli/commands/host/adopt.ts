/** `host foreign` and `host adopt`: domains that nobody ordered here, and making a project's machine of one. */
import { z } from 'zod'
import { fault } from '../../../faults'
import type { AdminClient } from '../../admin-client'
import { askUntil } from '../../ask-until'
import { type Leaf, pathTo } from '../../leaf'
import { fields, memory, table } from '../../output'
import { type Host, host } from './shape'

const machine = z.object({
  uuid: z.string(),
  state: z.string(),
  cores: z.number(),
  memoryMiB: z.number(),
  mode: z.string(),
  kernel: z.string().nullable(),
  disks: z.array(z.object({ device: z.string(), format: z.string(), path: z.string(), sizeGiB: z.number() })),
  interfaces: z.array(z.object({ mac: z.string(), bridge: z.string(), address: z.string().nullable() })),
  obstacles: z.array(z.string()),
})
const look = z.looseObject({
  id: z.string(),
  domain: z.string(),
  lookedAt: z.string().nullable(),
  message: z.string().nullable(),
  machine: machine.nullable(),
})
type Look = z.infer<typeof look>

const instance = z.looseObject({
  id: z.string(),
  name: z.string(),
  project: z.string(),
  title: z.string().nullable(),
  state: z.string(),
  type: z.string(),
  cores: z.number(),
  memoryMiB: z.number(),
  addresses: z.array(z.string()),
  message: z.string().nullable(),
})
const watched = instance.extend({
  seen: z.looseObject({ isDefined: z.boolean() }),
  journal: z.looseObject({ failed: z.string().nullable() }),
})
type Instance = z.infer<typeof instance>

/** A machine that was taken over, or (dry) what it would be. */
interface Taken {
  readonly adopted: Instance | null
  readonly would: Instance | null
  readonly domain: string
  readonly found: NonNullable<Look['machine']>
}

export const foreign: Leaf<Host> = {
  usage: 'foreign <name>',
  description: 'the domains on it that nobody ordered here, and what bears our mark without a record',
  run: async (admin, { args: [name = ''] }) => host.parse(await admin.get(pathTo('hosts', name))),
  show: (it) =>
    table(
      ['domain', 'cores', 'memory', 'what it is'],
      [
        ...it.domains.map((one) => [one.name, one.cores, memory(one.memoryMiB), what(it, one)]),
        ...it.orphans.map((name) => [name, '-', '-', 'an orphan: bears our mark and has no record (docs/xen.md)']),
      ],
      'nothing runs there that nobody ordered',
    ),
}

const what = ({ name: on, lacks }: Host, { name, runsHost }: Host['domains'][number]): string => {
  if (runsHost) return 'runs the host itself'
  const lack = lacks.find(({ verb }) => verb === 'adopt')
  return lack
    ? `not ours; it cannot be taken over: ${lack.because}`
    : `not ours; host adopt ${on} ${name} takes it over`
}

/** What a worker found. Faults: 'refused' with what stands in the way, 'timeout' when no worker looks. */
async function lookedAt(
  admin: AdminClient,
  on: string,
  domain: string,
): Promise<Taken['found'] & { readonly look: string }> {
  const first = look.parse(await admin.post(`${pathTo('hosts', on)}/looks`, { domain }))
  const found = await askUntil({
    first,
    ask: async () => look.parse(await admin.get(pathTo('looks', first.id))),
    isDone: ({ lookedAt }) => lookedAt !== null,
    late: (_it, seconds) => `no worker looked at ${domain} within ${seconds} s: does one run?`,
  })
  if (found.machine === null) throw fault('refused', `${domain} cannot be taken over: ${found.message}`)
  return { ...found.machine, look: found.id }
}

/** Until its host says that it is ours. Faults: 'refused', 'timeout'; the domain is as it was after the first. */
async function untilOurs(admin: AdminClient, name: string): Promise<Instance> {
  const it = await askUntil({
    ask: async () => watched.parse(await admin.get(pathTo('instances', name))),
    isDone: ({ seen, journal }) => seen.isDefined || journal.failed !== null,
    late: ({ message }) => `${name} is not taken over yet${message ? `: ${message}` : ''}`,
  })
  if (it.seen.isDefined) return it
  throw fault(
    'refused',
    `${name}: ${it.journal.failed}; the domain is as it was. Delete ${name}, or resume it (stuck resume)`,
  )
}

export const adopt: Leaf<Taken> = {
  usage: 'adopt <name> <domain>',
  description: "make a domain on it, as it runs, a project's machine; what its disks lie on stays when it ends",
  options: [
    ['--project <project>', 'whose machine it is from then on'],
    ['--name <name>', 'its title and its tag Name (its name on the host until now)'],
    ['--type <type>', 'its instance type, of as many cores and as much memory'],
    ['--network <network>', 'the network of its interfaces, where several are on their bridge'],
    ['--address <address>', 'the address of its first interface, or none (the one that its host knows)'],
    ['--dry-run', 'only look, and tell what would be made of it'],
  ],
  needs: ['project'],
  async run(admin, { args: [on = '', domain = ''], options: { project, name, type, network, address, dryRun } }) {
    process.stderr.write(`looking at ${domain} on ${on} ...\n`)
    const { look: id, ...found } = await lookedAt(admin, on, domain)
    const given = Object.entries({ name, type, network, address }).filter(([, value]) => value !== undefined)
    const order = { look: id, project, ...Object.fromEntries(given), ...(dryRun ? { dryRun: true } : {}) }
    const made = instance.parse(await admin.post(`${pathTo('hosts', on)}/adopt`, order))
    if (dryRun) return { adopted: null, would: made, domain, found }
    return { adopted: await untilOurs(admin, made.name), would: null, domain, found }
  },
  show: ({ adopted, would, domain, found }) => {
    const it = adopted ?? would
    const said = fields({
      domain,
      uuid: found.uuid,
      name: adopted?.name,
      project: it?.project,
      title: it?.title,
      state: adopted?.state ?? found.state,
      type: it?.type,
      size: `${found.cores} cores, ${memory(found.memoryMiB)}`,
      mode: found.mode,
      kernel: found.kernel,
      disks: found.disks
        .map((disk) => `${disk.device} ${disk.path} (${disk.sizeGiB} GiB, stays when it ends)`)
        .join(', '),
      interfaces: found.interfaces.map(({ mac, bridge }) => `${mac} on ${bridge}`).join(', '),
      addresses: it?.addresses.join(', '),
    })
    return adopted ? said : `${said}nothing was changed; without --dry-run it is taken over\n`
  },
}
