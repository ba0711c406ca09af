/** `zone …`: groups of hosts. */
import { z } from 'zod'
import { addLeaf, type Family } from '../leaf'
import { table } from '../output'

const zones = z.object({
  zones: z.array(z.object({ name: z.string(), enabled: z.boolean(), hosts: z.number() })),
})

export const zoneCommands: Family = (root, cli) => {
  const family = root.command('zone').description('availability zones: one is there as long as a host belongs to it')
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all zones, and whether they take machines',
    run: async (admin) => zones.parse(await admin.get('/zones')).zones,
    show: (found) =>
      table(
        ['zone', 'takes machines', 'hosts'],
        found.map((it) => [it.name, it.enabled, it.hosts]),
        'no zones: a zone begins with its first host (host add --zone)',
      ),
  })
}
