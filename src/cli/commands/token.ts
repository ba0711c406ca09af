/** `token …`: bearer tokens of users (OCCI). */
import { z } from 'zod'
import { limitsOf, READ_ONLY } from '../duration'
import { addLeaf, type Family, pathTo } from '../leaf'
import { fields, table } from '../output'

const token = z.looseObject({
  id: z.string(),
  user: z.string(),
  project: z.string(),
  valid: z.boolean(),
  access: z.string(),
  expiresAt: z.string(),
})
const tokens = z.object({ tokens: z.array(token) })
const added = z.object({ user: z.string(), id: z.string(), token: z.string(), expiresAt: z.string() })

export const tokenCommands: Family = (root, cli) => {
  const family = root.command('token').description('bearer tokens, for OCCI')
  addLeaf(family, cli, {
    usage: 'add <user>',
    description: 'a token of a user; it is told once',
    options: [['--expires-in <duration>', 'how long it lasts: 90m, 12h, 30d (the default)'], READ_ONLY],
    run: async (admin, { args: [user], options }) =>
      added.parse(await admin.post('/tokens', { user, ...limitsOf(options) })),
    show: (it) => fields(it),
  })
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all tokens, without their secrets',
    options: [['--user <user>', 'of this user only']],
    run: async (admin, { options }) => tokens.parse(await admin.get('/tokens', { user: options.user })).tokens,
    show: (found) =>
      table(
        ['token', 'user', 'project', 'valid', 'access', 'ends'],
        found.map((it) => [it.id, it.user, it.project, it.valid, it.access, it.expiresAt]),
        'no tokens',
      ),
  })
  addLeaf(family, cli, {
    usage: 'remove <token>',
    description: 'refuse it from now on, everywhere',
    run: async (admin, { args: [id = ''] }) => {
      await admin.delete(pathTo('tokens', id))
      return { removed: id }
    },
    show: ({ removed }) => `${removed} is removed\n`,
  })
}
