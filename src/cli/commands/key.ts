/** `key …`: access keys for signed requests (EC2). */
import { z } from 'zod'
import { limitsOf, READ_ONLY } from '../duration'
import { addLeaf, type Family, type Leaf, pathTo } from '../leaf'
import { fields, table } from '../output'

const key = z.looseObject({
  accessKeyId: z.string(),
  user: z.string(),
  project: z.string(),
  enabled: z.boolean(),
  access: z.string(),
  expiresAt: z.string().nullable(),
  ended: z.boolean(),
})
const keys = z.object({ keys: z.array(key) })
const added = z.object({ user: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() })

const ends = ({ expiresAt, ended }: z.output<typeof key>): string =>
  expiresAt === null ? 'never' : ended ? `ended ${expiresAt}` : expiresAt

interface Turned {
  readonly accessKeyId: string
  readonly enabled: boolean
}

const turn = (word: 'enable' | 'disable', description: string): Leaf<Turned> => ({
  usage: `${word} <access-key-id>`,
  description,
  run: async (admin, { args: [accessKeyId = ''] }) => {
    const enabled = word === 'enable'
    await admin.patch(pathTo('keys', accessKeyId), { enabled })
    return { accessKeyId, enabled }
  },
  show: ({ accessKeyId, enabled }) => `${accessKeyId} is ${enabled ? 'enabled' : 'disabled'}\n`,
})

export const keyCommands: Family = (root, cli) => {
  const family = root.command('key').description('access keys, for signed requests')
  addLeaf(family, cli, {
    usage: 'add <user>',
    description: 'another key of a user; the secret is told once',
    options: [['--expires-in <duration>', 'how long it lasts: 90m, 12h, 30d; for ever when it is not said'], READ_ONLY],
    run: async (admin, { args: [user], options }) =>
      added.parse(await admin.post('/keys', { user, ...limitsOf(options) })),
    show: (it) => fields(it),
  })
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all keys, without their secrets',
    options: [['--user <user>', 'of this user only']],
    run: async (admin, { options }) => keys.parse(await admin.get('/keys', { user: options.user })).keys,
    show: (found) =>
      table(
        ['access key', 'user', 'project', 'enabled', 'access', 'ends'],
        found.map((it) => [it.accessKeyId, it.user, it.project, it.enabled, it.access, ends(it)]),
        'no keys',
      ),
  })
  addLeaf(family, cli, turn('enable', 'let it sign again'))
  addLeaf(family, cli, turn('disable', 'refuse it, at once and everywhere'))
  addLeaf(family, cli, {
    usage: 'remove <access-key-id>',
    description: 'forget it',
    run: async (admin, { args: [accessKeyId = ''] }) => {
      await admin.delete(pathTo('keys', accessKeyId))
      return { removed: accessKeyId }
    },
    show: ({ removed }) => `${removed} is removed\n`,
  })
}
