/** `type …`: sizes that machines come in. */
import { z } from 'zod'
import { fault } from '../../faults'
import { addLeaf, type Family, type Given, type Leaf, pathTo } from '../leaf'
import { amountIn, fields, memory, table } from '../output'

const placement = z.record(z.string(), z.union([z.string(), z.number()]))
const type = z.looseObject({
  name: z.string(),
  term: z.string(),
  title: z.string(),
  cores: z.number(),
  cpuPercent: z.number(),
  memoryMiB: z.number(),
  diskGiB: z.number(),
  placement: placement.optional(),
  default: z.boolean(),
  machines: z.number().optional(),
})
type Type = z.infer<typeof type>
const types = z.object({ types: z.array(type) })

const disk = ({ diskGiB }: Type): string => (diskGiB === 0 ? 'as its image' : `${diskGiB} GiB`)

const details = (it: Type): string =>
  fields({
    name: it.name,
    'OCCI term': it.term,
    title: it.title,
    cores: it.cores,
    'own CPU': `${it.cpuPercent} %`,
    memory: memory(it.memoryMiB),
    disk: disk(it),
    placement: Object.entries(it.placement ?? {})
      .map(([part, value]) => `${part}: ${value}`)
      .join('; '),
    default: it.default,
    machines: it.machines,
  })

function placementIn({ requirements, requirementsMode, rank, policy, priority }: Given['options']) {
  const given = { requirements, mode: requirementsMode, rank, policy, priority: wholeIn('priority', priority) }
  const said = Object.entries(given).filter(([, value]) => value !== undefined)
  return said.length === 0 ? {} : { placement: Object.fromEntries(said) }
}

/** Below zero too. */
function wholeIn(name: string, text: string | true | undefined): number | undefined {
  if (text === undefined) return undefined
  if (typeof text === 'string' && /^-?\d{1,9}$/.test(text)) return Number(text)
  throw fault('invalid', `--${name} is a whole number`, { field: name })
}

const add: Leaf<Type> = {
  usage: 'add <name>',
  description: 'another size, as in m1.small',
  options: [
    ['--cores <n>', 'virtual CPUs'],
    ['--cpu-percent <n>', 'what of its cores it has for itself when hosts are busy (100, if not given)'],
    ['--memory-mib <n>', 'memory in MiB'],
    ['--disk-gib <n>', 'least size of the root disk in GiB (what its image needs, if not given)'],
    ['--title <text>', 'what it is called for people'],
    ['--requirements <expression>', 'which hosts its machines may be on, as in \'RACK = "r1"\''],
    ['--requirements-mode <mode>', 'native (if not given) or opennebula'],
    ['--rank <expression>', 'which hosts are preferred: the highest value'],
    ['--policy <policy>', 'which hosts are preferred: packing, striping, load-aware, fixed, cost, or packing=2,cost=1'],
    ['--priority <n>', '-100 to 100: those with more get their place first'],
  ],
  needs: ['cores', 'memoryMib'],
  run: async (admin, { args: [name], options }) => {
    const { cores, cpuPercent, memoryMib, diskGib, title } = options
    return type.parse(
      await admin.post('/types', {
        name,
        cores: amountIn('cores', cores),
        cpuPercent: amountIn('cpu-percent', cpuPercent),
        memoryMiB: amountIn('memory-mib', memoryMib),
        diskGiB: amountIn('disk-gib', diskGib),
        title,
        ...placementIn(options),
      }),
    )
  },
  show: details,
}

export const typeCommands: Family = (root, cli) => {
  const family = root.command('type').description('sizes that machines come in')
  addLeaf(family, cli, add)
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all instance types',
    run: async (admin) => types.parse(await admin.get('/types')).types,
    show: (found) =>
      table(
        ['type', 'OCCI term', 'cores', 'own CPU', 'memory', 'disk', 'default'],
        found.map((it) => [
          it.name,
          it.term,
          it.cores,
          `${it.cpuPercent} %`,
          memory(it.memoryMiB),
          disk(it),
          it.default,
        ]),
        'no types',
      ),
  })
  addLeaf(family, cli, {
    usage: 'show <name>',
    description: 'one instance type, and how many machines are of it',
    run: async (admin, { args: [name = ''] }) => type.parse(await admin.get(pathTo('types', name))),
    show: details,
  })
  addLeaf(family, cli, {
    usage: 'remove <name>',
    description: 'offer it no longer; refused while machines are of it',
    run: async (admin, { args: [name = ''] }) => {
      await admin.delete(pathTo('types', name))
      return { removed: name }
    },
    show: ({ removed }) => `${removed} is removed\n`,
  })
}
