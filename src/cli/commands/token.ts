/** `token …`: bearer tokens of users (OCCI). */
import { z } from 'zod'
import { fault } from '../../faults'
import { addLeaf, type Family, pathTo } from '../leaf'
import { fields, table } from '../output'

const token = z.looseObject({
  id: z.string(),
  user: z.string(),
  project: z.string(),
  valid: z.boolean(),
  expiresAt: z.string(),
})
const tokens = z.object({ tokens: z.array(token) })
const added = z.object({ user: z.string(), id: z.string(), token: z.string(), expiresAt: z.string() })

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** `12h`, `30d` in seconds. Throws 'invalid'. */
export function durationInSeconds(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  if (count === undefined)
    throw fault('invalid', `${text} is no duration such as 90m, 12h or 30d`, { field: 'expires-in' })
  return Number(count) * SECONDS[unit as keyof typeof SECONDS]
}

export const tokenCommands: Family = (root, cli) => {
  const family = root.command('token').description('bearer tokens, for OCCI')
  addLeaf(family, cli, {
    usage: 'add <user>',
    description: 'a token of a user; it is told once',
    options: [['--expires-in <duration>', 'how long it lasts: 90m, 12h, 30d (the default)']],
    run: async (admin, { args: [user], options }) => {
      const expires = options.expiresIn
      const more = typeof expires !== 'string' ? {} : { expiresInSeconds: durationInSeconds(expires) }
      return added.parse(await admin.post('/tokens', { user, ...more }))
    },
    show: (it) => fields(it),
  })
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all tokens, without their secrets',
    options: [['--user <user>', 'of this user only']],
    run: async (admin, { options }) => tokens.parse(await admin.get('/tokens', { user: options.user })).tokens,
    show: (found) =>
      table(
        ['token', 'user', 'project', 'valid', 'ends'],
        found.map((it) => [it.id, it.user, it.project, it.valid, it.expiresAt]),
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
