/** `type …`: sizes that machines come in. */
import { z } from 'zod'
import { addLeaf, type Family } from '../leaf'
import { memory, table } from '../output'

const types = z.object({
  types: z.array(
    z.looseObject({
      name: z.string(),
      term: z.string(),
      cores: z.number(),
      memoryMiB: z.number(),
      default: z.boolean(),
    }),
  ),
})

export const typeCommands: Family = (root, cli) => {
  const family = root.command('type').description('sizes that machines come in')
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all instance types',
    run: async (admin) => types.parse(await admin.get('/types')).types,
    show: (found) =>
      table(
        ['type', 'OCCI term', 'cores', 'memory', 'default'],
        found.map((it) => [it.name, it.term, it.cores, memory(it.memoryMiB), it.default]),
        'no types',
      ),
  })
}
