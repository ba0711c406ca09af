/** `user …`: who logs in with a password (OCCI). */
import { z } from 'zod'
import { fault } from '../../faults'
import { addLeaf, type Family, type Given, type Leaf, pathTo } from '../leaf'
import { fields, table } from '../output'

const user = z.looseObject({ name: z.string(), project: z.string(), enabled: z.boolean() })
type User = z.infer<typeof user>
const users = z.object({ users: z.array(user) })
const added = user.extend({ password: z.string() })

/** A password on the command line would be seen by all; it comes from the environment. */
function passwordOf(given: Given): string | undefined {
  if (!given.options.passwordFrom) return undefined
  const name = String(given.options.passwordFrom)
  const password = given.env[name]
  if (!password) throw fault('unknown-field', `--password-from: the environment has no ${name}`)
  return password
}
const PASSWORD = ['--password-from <variable>', 'take the password from this environment variable'] as const

const add: Leaf<z.infer<typeof added>> = {
  usage: 'add <name>',
  description: 'a user; the password is told once',
  options: [['--project <project>', 'the project they work in'], PASSWORD],
  needs: ['project'],
  run: async (admin, given) => {
    const password = passwordOf(given)
    const order = { name: given.args[0], project: given.options.project, ...(password ? { password } : {}) }
    return added.parse(await admin.post('/users', order))
  },
  show: ({ name, project, password }) => fields({ name, project, password }),
}

const set: Leaf<User> = {
  usage: 'set <name>',
  description: 'change password or whether they may log in',
  options: [PASSWORD, ['--enable', 'may log in'], ['--disable', 'may not log in']],
  run: async (admin, given) => {
    const { enable, disable } = given.options
    if (enable && disable) throw fault('unknown-field', '--enable and --disable contradict each other')
    const password = passwordOf(given)
    const change = { ...(password ? { password } : {}), ...(enable || disable ? { enabled: enable === true } : {}) }
    if (Object.keys(change).length === 0)
      throw fault('unknown-field', 'nothing to change: --password-from, --enable or --disable')
    return user.parse(await admin.patch(pathTo('users', given.args[0] ?? ''), change))
  },
  show: ({ name, enabled }) => `${name} is changed and ${enabled ? 'may' : 'may not'} log in\n`,
}

export const userCommands: Family = (root, cli) => {
  const family = root.command('user').description('users, who log in with a password')
  addLeaf(family, cli, add)
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all users',
    options: [['--project <project>', 'of this project only']],
    run: async (admin, { options }) => users.parse(await admin.get('/users', { project: options.project })).users,
    show: (found) =>
      table(
        ['name', 'project', 'enabled'],
        found.map((it) => [it.name, it.project, it.enabled]),
        'no users',
      ),
  })
  addLeaf(family, cli, set)
  addLeaf(family, cli, {
    usage: 'remove <name>',
    description: 'forget a user, with their keys',
    run: async (admin, { args: [name = ''] }) => {
      await admin.delete(pathTo('users', name))
      return { removed: name }
    },
    show: ({ removed }) => `${removed} is removed\n`,
  })
}
