/** `host …`: where machines run. */
import { z } from 'zod'
import { addLeaf, type Family, type Leaf, pathTo } from '../leaf'
import { fields, memory, table } from '../output'

const host = z.looseObject({
  name: z.string(),
  zone: z.string(),
  driver: z.string(),
  address: z.string(),
  simulated: z.boolean(),
  enabled: z.boolean(),
  removing: z.boolean(),
  contact: z.string(),
  message: z.string().nullable(),
  seenAt: z.string().nullable(),
  capacity: z.object({ cpuHundredths: z.number(), memoryMiB: z.number(), diskGiB: z.number() }).nullable(),
  used: z
    .object({ machines: z.number(), cpuHundredths: z.number(), memoryMiB: z.number(), diskGiB: z.number() })
    .optional(),
  orphans: z.array(z.string()),
})
type Host = z.infer<typeof host>
const hosts = z.object({ hosts: z.array(host) })

const cores = (hundredths: number | undefined): string => (hundredths === undefined ? '-' : String(hundredths / 100))
const share = (used: string, all: string | undefined): string => (all === undefined ? used : `${used} of ${all}`)

const state = (it: Host): string => {
  if (it.removing) return 'removing'
  return it.enabled ? 'enabled' : 'disabled'
}

const row = (it: Host) => [
  it.simulated ? `${it.name} (simulated)` : it.name,
  it.zone,
  state(it),
  it.contact,
  it.used?.machines,
  share(cores(it.used?.cpuHundredths), it.capacity ? cores(it.capacity.cpuHundredths) : undefined),
  share(memory(it.used?.memoryMiB ?? 0), it.capacity ? memory(it.capacity.memoryMiB) : undefined),
  share(`${it.used?.diskGiB ?? 0} GiB`, it.capacity ? `${it.capacity.diskGiB} GiB` : undefined),
]
const HEAD = ['name', 'zone', 'state', 'contact', 'machines', 'cores', 'memory', 'disk']

const details = (it: Host): string =>
  fields({
    name: it.name,
    simulated: it.simulated,
    zone: it.zone,
    state: state(it),
    driver: it.driver,
    address: it.address,
    contact: it.contact,
    message: it.message,
    'last seen': it.seenAt,
    machines: it.used?.machines,
    cores: share(cores(it.used?.cpuHundredths), it.capacity ? cores(it.capacity.cpuHundredths) : undefined),
    memory: share(memory(it.used?.memoryMiB ?? 0), it.capacity ? memory(it.capacity.memoryMiB) : undefined),
    disk: share(`${it.used?.diskGiB ?? 0} GiB`, it.capacity ? `${it.capacity.diskGiB} GiB` : undefined),
    orphans: it.orphans.join(', '),
  })

const add: Leaf<Host> = {
  usage: 'add <name>',
  description: 'let machines run on another host',
  options: [
    ['--zone <zone>', 'availability zone it belongs to'],
    ['--driver <driver>', 'how it is driven (this version: simulator)'],
    ['--address <address>', 'what the driver connects to'],
    ['--retire-simulated', 'for the first real host: the simulated ones go'],
  ],
  needs: ['zone', 'driver', 'address'],
  run: async (admin, { args: [name], options: { zone, driver, address, retireSimulated } }) =>
    host.parse(
      await admin.post('/hosts', {
        name,
        zone,
        driver,
        address,
        ...(retireSimulated ? { retireSimulated: true } : {}),
      }),
    ),
  show: details,
}

/** `enable` and `disable` differ in one word. */
const turn = (word: 'enable' | 'disable', description: string): Leaf<Host> => ({
  usage: `${word} <name>`,
  description,
  run: async (admin, { args: [name = ''] }) => host.parse(await admin.post(`${pathTo('hosts', name)}/${word}`)),
  show: (it) => `${it.name} is ${state(it)}\n`,
})

export const hostCommands: Family = (root, cli) => {
  const family = root.command('host').description('hosts that machines run on')
  addLeaf(family, cli, add)
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all hosts, with what is used of them',
    run: async (admin) => hosts.parse(await admin.get('/hosts')).hosts,
    show: (found) => table(HEAD, found.map(row), 'no hosts'),
  })
  addLeaf(family, cli, {
    usage: 'show <name>',
    description: 'one host',
    run: async (admin, { args: [name = ''] }) => host.parse(await admin.get(pathTo('hosts', name))),
    show: details,
  })
  addLeaf(family, cli, turn('enable', 'let new machines be placed on it'))
  addLeaf(family, cli, turn('disable', 'place no new machines on it; those it has stay'))
  addLeaf(family, cli, {
    usage: 'remove <name>',
    description: 'forget it; refused while machines are on it',
    run: async (admin, { args: [name = ''] }) => {
      await admin.delete(pathTo('hosts', name))
      return { removed: name }
    },
    show: ({ removed }) => `${removed} is removed\n`,
  })
}
