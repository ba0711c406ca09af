/**
 * Vendors' cloud images by short names (catalogue.json): where they are published, and their digest or the vendor's own file of
 * checksums beside them. Whatever is fetched must have that digest.
 */
import { z } from 'zod'
import { fault } from '../faults'
import entries from './catalogue.json'

const https = z.url({ protocol: /^https$/ })
const entry = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]+$/),
  title: z.string().min(1),
  architecture: z.enum(['x86_64', 'arm64']),
  url: https,
  digest: z
    .string()
    .regex(/^(?:[0-9a-f]{64}|[0-9a-f]{128})$/)
    .exactOptional(),
  checksums: z.strictObject({ url: https, algorithm: z.enum(['sha256', 'sha512']) }).exactOptional(),
})
export type CatalogueEntry = z.output<typeof entry>

/** In the order of the file. */
export const imageCatalogue = (): readonly CatalogueEntry[] => z.array(entry).parse(entries)

/** Faults: 'not-found' naming what there is. */
export function catalogued(name: string): CatalogueEntry {
  const all = imageCatalogue()
  const found = all.find((one) => one.name === name)
  if (found) return found
  throw fault(
    'not-found',
    `${name} is no file here, no address, and none of the catalogue: ${all.map((one) => one.name).join(', ')}`,
  )
}
