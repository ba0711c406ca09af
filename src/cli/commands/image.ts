/** `image …`: what machines start from. */
import { z } from 'zod'
import { addLeaf, type Family } from '../leaf'
import { table } from '../output'

const images = z.object({
  images: z.array(
    z.looseObject({
      ami: z.string(),
      name: z.string(),
      title: z.string(),
      sizeGiB: z.number(),
      architecture: z.string(),
      state: z.string(),
      simulated: z.boolean(),
      default: z.boolean(),
    }),
  ),
})

export const imageCommands: Family = (root, cli) => {
  const family = root.command('image').description('images that machines start from')
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all images',
    run: async (admin) => images.parse(await admin.get('/images')).images,
    show: (found) =>
      table(
        ['image', 'name', 'title', 'size', 'architecture', 'state', 'default'],
        found.map((it) => [
          it.ami,
          it.simulated ? `${it.name} (simulated)` : it.name,
          ...[it.title, `${it.sizeGiB} GiB`, it.architecture, it.state, it.default],
        ]),
        'no images',
      ),
  })
}
