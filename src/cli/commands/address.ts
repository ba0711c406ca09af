/** `address …`: public addresses of all projects, for operators. */
import { z } from 'zod'
import { addLeaf, type Family, pathTo } from '../leaf'
import { fields, table } from '../output'

const address = z.looseObject({
  id: z.string(),
  name: z.string(),
  ip: z.string(),
  project: z.string(),
  pool: z.string(),
  state: z.string(),
  message: z.string().nullable(),
  machine: z.string().nullable(),
  privateAddress: z.string().nullable(),
  title: z.string().nullable(),
  createdAt: z.string(),
})
const addresses = z.object({ addresses: z.array(address) })

export const addressCommands: Family = (root, cli) => {
  const family = root.command('address').description('public addresses, by UUID, EC2 name or the address itself')
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all public addresses that are leased: whose they are, and where they lead',
    run: async (admin) => addresses.parse(await admin.get('/addresses')).addresses,
    show: (found) =>
      table(
        ['address', 'name', 'project', 'pool', 'state', 'machine', 'message'],
        found.map((it) => [it.ip, it.name, it.project, it.pool, it.state, it.machine, it.message]),
        'no addresses are leased',
      ),
  })
  addLeaf(family, cli, {
    usage: 'show <address>',
    description: 'one public address',
    run: async (admin, { args: [id = ''] }) => address.parse(await admin.get(pathTo('addresses', id))),
    show: (it) =>
      fields({
        address: it.ip,
        name: it.name,
        id: it.id,
        project: it.project,
        pool: it.pool,
        state: it.state,
        message: it.message,
        machine: it.machine,
        'private address': it.privateAddress,
        title: it.title,
        leased: it.createdAt,
      }),
  })
  addLeaf(family, cli, {
    usage: 'give-up <address>',
    description: 'forget one that was given back and that its provider does not take',
    run: async (admin, { args: [id = ''] }) => address.parse(await admin.post(`${pathTo('addresses', id)}/give-up`)),
    show: ({ name, state }) => `${name}: ordered (now ${state})\n`,
  })
}
