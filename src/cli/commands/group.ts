/** `group …`: machines of a project that are kept together or apart. */
import { z } from 'zod'
import { fault } from '../../faults'
import { addLeaf, type Family, pathTo } from '../leaf'
import { amountIn, fields, table } from '../output'

const member = z.object({
  name: z.string(),
  host: z.string().nullable(),
  partition: z.number().nullable(),
  waits: z.string().nullable(),
})
const group = z.looseObject({
  id: z.string(),
  group: z.string(),
  name: z.string(),
  project: z.string(),
  keeps: z.string(),
  over: z.string(),
  strength: z.string(),
  partitions: z.number().nullable(),
  members: z.array(member),
})
const groups = z.object({ groups: z.array(group) })
type Group = z.infer<typeof group>

/** `apart by rack`, `partitions by host (3)`, `together by host, softly`. */
const rule = ({ keeps, over, strength, partitions }: Group): string =>
  `${keeps} by ${over}${partitions === null ? '' : ` (${partitions})`}${strength === 'soft' ? ', softly' : ''}`

const details = (it: Group): string =>
  fields({ group: it.group, id: it.id, name: it.name, project: it.project, rule: rule(it) }) +
  table(
    ['machine', 'partition', 'host', 'waits'],
    it.members.map(({ name, partition, host, waits }) => [name, partition, host, waits]),
    'no machine is in it',
  )

/** What counts as a place where nothing is said: as EC2's strategies have it. */
const usualPlace = (keeps: unknown): string => (keeps === 'together' ? 'host' : 'rack')

export const groupCommands: Family = (root, cli) => {
  const family = root.command('group').description('placement groups, by UUID or EC2 id')
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all placement groups, with how many machines are in each',
    options: [['--project <project>', 'of this project only']],
    run: async (admin, { options }) => groups.parse(await admin.get('/groups', { project: options.project })).groups,
    show: (found) =>
      table(
        ['group', 'name', 'project', 'rule', 'machines', 'waiting'],
        found.map((it) => [
          ...[it.group, it.name, it.project, rule(it), it.members.length],
          it.members.filter(({ host }) => host === null).length,
        ]),
        'there are no placement groups',
      ),
  })
  addLeaf(family, cli, {
    usage: 'show <group>',
    description: 'one placement group, with its machines and their hosts',
    run: async (admin, { args: [id = ''] }) => group.parse(await admin.get(pathTo('groups', id))),
    show: details,
  })
  addLeaf(family, cli, {
    usage: 'create <project> <name>',
    description: 'make a placement group for a project',
    needs: ['keeps'],
    options: [
      ['--keeps <rule>', 'together, apart, or partitions'],
      [
        '--over <place>',
        'host, zone, or a label of hosts; host for together and rack for the others, where nothing is said',
      ],
      ['--soft', 'kept as far as it can be; without it machines wait until it can'],
      ['--partitions <count>', 'how many; 2 where nothing is said'],
    ],
    run: async (admin, { args: [project, name], options: { keeps, over, soft, partitions } }) => {
      const count = amountIn('partitions', partitions) ?? (keeps === 'partitions' ? 2 : undefined)
      if (typeof over === 'string' && over.trim() === '')
        throw fault('invalid', '--over: host, zone, or a label of hosts', { field: 'over' })
      return group.parse(
        await admin.post('/groups', {
          ...{ project, name, keeps, over: over ?? usualPlace(keeps), strength: soft === true ? 'soft' : 'hard' },
          ...(count === undefined ? {} : { partitions: count }),
        }),
      )
    },
    show: details,
  })
  addLeaf(family, cli, {
    usage: 'delete <group>',
    description: 'delete a placement group; refused while machines are in it',
    run: async (admin, { args: [id = ''] }) => {
      await admin.delete(pathTo('groups', id))
      return id
    },
    show: (id) => `${id} is deleted\n`,
  })
}
