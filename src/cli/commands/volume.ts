/** `volume …`: volumes of all projects, for operators. */
import { z } from 'zod'
import { addLeaf, type Family, pathTo } from '../leaf'
import { fields, table } from '../output'

const volume = z.looseObject({
  id: z.string(),
  name: z.string(),
  project: z.string(),
  title: z.string().nullable(),
  state: z.string(),
  message: z.string().nullable(),
  sizeGiB: z.number(),
  zone: z.string().nullable(),
  host: z.string().nullable(),
  simulated: z.boolean(),
  survivesHost: z.boolean().nullable(),
  pool: z.string().nullable(),
  attachedTo: z.object({ name: z.string(), state: z.string() }).nullable(),
  snapshot: z.string().nullable(),
  createdAt: z.string().nullable(),
})
type Volume = z.infer<typeof volume>
const volumes = z.object({ volumes: z.array(volume) })

const hostOf = (it: Volume): string => (it.host && it.simulated ? `${it.host} (simulated)` : (it.host ?? ''))
const survives = ({ survivesHost, pool }: Volume): string =>
  survivesHost === null ? '' : survivesHost ? `yes (${pool})` : 'no'
const attachment = ({ attachedTo }: Volume): string => (attachedTo ? `${attachedTo.name} (${attachedTo.state})` : '')

export const volumeCommands: Family = (root, cli) => {
  const family = root.command('volume').description('volumes, by UUID or EC2 name')
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all volumes: where they are, and whether they survive their host',
    run: async (admin) => volumes.parse(await admin.get('/volumes')).volumes,
    show: (found) =>
      table(
        ['name', 'project', 'state', 'GiB', 'host', 'survives it', 'attached to', 'message'],
        found.map((it) => [
          it.name,
          it.project,
          it.state,
          it.sizeGiB,
          hostOf(it),
          survives(it),
          attachment(it),
          it.message,
        ]),
        'no volumes',
      ),
  })
  addLeaf(family, cli, {
    usage: 'show <volume>',
    description: 'one volume',
    run: async (admin, { args: [id = ''] }) => volume.parse(await admin.get(pathTo('volumes', id))),
    show: (it) =>
      fields({
        name: it.name,
        id: it.id,
        project: it.project,
        title: it.title,
        state: it.state,
        message: it.message,
        size: `${it.sizeGiB} GiB`,
        zone: it.zone,
        host: hostOf(it),
        'survives its host': survives(it),
        'attached to': attachment(it),
        'made of': it.snapshot,
        created: it.createdAt,
      }),
  })
  addLeaf(family, cli, {
    usage: 'give-up <volume>',
    description: 'forget a deleted one whose disk its host or provider does not remove',
    run: async (admin, { args: [id = ''] }) => volume.parse(await admin.post(`${pathTo('volumes', id)}/give-up`)),
    show: ({ name, state }) => `${name}: ordered (now ${state})\n`,
  })
}
