/** `stuck …`: what needs an operator. */
import { z } from 'zod'
import { addLeaf, type Family, type Leaf, pathTo } from '../leaf'
import { table } from '../output'

const machine = z.looseObject({ name: z.string(), state: z.string(), message: z.string().nullable() })
const listed = z.object({
  stuck: z.array(
    machine.extend({
      project: z.string(),
      what: z.string(),
      since: z.string().nullable(),
      host: z.string().nullable(),
    }),
  ),
})

const order = (word: 'resume' | 'give-up', description: string): Leaf<z.infer<typeof machine>> => ({
  usage: `${word} <instance>`,
  description,
  run: async (admin, { args: [id = ''] }) => machine.parse(await admin.post(`${pathTo('stuck', id)}/${word}`)),
  show: ({ name, state }) => `${name}: ordered (now ${state})\n`,
})

export const stuckCommands: Family = (root, cli) => {
  const family = root.command('stuck').description('machines, volumes and addresses that cannot go on by themselves')
  addLeaf(family, cli, {
    usage: 'list',
    description: 'what is stuck or failed, and why',
    run: async (admin) => listed.parse(await admin.get('/stuck')).stuck,
    show: (found) =>
      table(
        ['name', 'project', 'what', 'since', 'host', 'message'],
        found.map((it) => [it.name, it.project, it.what, it.since, it.host, it.message]),
        'nothing is stuck',
      ),
  })
  addLeaf(family, cli, order('resume', 'try again'))
  addLeaf(family, cli, order('give-up', 'forget what is left of it on its host'))
}
