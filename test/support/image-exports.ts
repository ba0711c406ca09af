/** An image of several pieces, and the account of an ElasticHosts site that it is brought to. */
import { createHash } from 'node:crypto'
import type { ImageId } from '../../src/model/ids'
import type { ImageRecord } from '../../src/model/records'
import { openImageExports } from '../../src/operations/image-exports'
import type { ImageExportOperations } from '../../src/operations/image-exports/operations'
import type { Drive } from '../clouds/elastichosts/world'
import { sha256 } from './digest'
import type { ElasticSite } from './elastic-site'
import { type Images, openImages } from './images'

export const PROVIDER = 'sim-2'

/** Three pieces of it, no two alike. */
export const BIG = (() => {
  const block = (n: number) => createHash('sha512').update(`block ${n}`).digest()
  return Buffer.concat(Array.from({ length: 70_001 }, (_, at) => block(at)))
})()

export interface Exporting {
  readonly images: Images
  readonly operations: ImageExportOperations
  /** A raw image of the operator's that is available. */
  bring(file?: Buffer): Promise<ImageRecord>
  /** Drives that bear an image's mark. */
  drives(): readonly Drive[]
  /** What the account is registered to have of it. */
  registered(id: ImageId): Promise<string | undefined>
  close(): Promise<void>
}

export async function openExporting({ site, zone, pump }: ElasticSite): Promise<Exporting> {
  const images = await openImages(site)
  return {
    images,
    operations: openImageExports(images.context),
    async bring(file = BIG) {
      const digest = { algorithm: 'sha256', hex: sha256(file) } as const
      const { image, imports } = await images.add({ disk: { from: 'upload', bytes: file.length, digest } })
      const [one] = imports
      if (!one) throw new Error('no import')
      await images.send(one.id, file)
      await pump.until(async () => (await images.image(image.id))?.seen.state === 'available', 'the image')
      const found = await images.image(image.id)
      if (!found) throw new Error('no image')
      return found
    },
    drives: () => [...zone.world.drives.values()].filter(({ config }) => config['user:image'] !== undefined),
    registered: async (id) => (await site.host(PROVIDER)).wish.provider?.images[id],
    close: () => images.close(),
  }
}

/** What lies on a drive, as a machine would read it. */
export function contentsOf({ size, written }: Drive): Buffer {
  const all = Buffer.alloc(size)
  for (const [at, bytes] of [...written].toSorted(([one], [other]) => one - other)) bytes.copy(all, at)
  return all
}
