/** Images of a test site: operations as a gateway runs them, over the store and the image store that the workers use. */
import { randomUUID } from 'node:crypto'
import type { ImageId, ImportId } from '../../src/model/ids'
import type { ImageRecord, ImportRecord } from '../../src/model/records'
import { openImageOperations } from '../../src/operations/images'
import type { ImageOperations, ImageOrder, ImageView } from '../../src/operations/images/operations'
import { sha256 } from './digest'
import { OPERATOR } from './gateways'
import type { Pump } from './pump'
import type { Site } from './site'
import { caller, openVolumes, type Volumes } from './volumes'

export interface Images extends Pick<Volumes, 'context' | 'mirror' | 'close'> {
  readonly operations: ImageOperations
  image(id: ImageId): Promise<ImageRecord | undefined>
  import(id: ImportId): Promise<ImportRecord | undefined>
  /** By the operator. */
  add(parts: ImageOrder['parts'], more?: Partial<ImageOrder>): Promise<ImageView>
  /** Sends all of a file in pieces of that size. */
  send(id: ImportId, file: Buffer, pieceBytes?: number): Promise<void>
}

export { caller, OPERATOR }

export const digest = (bytes: Buffer) => ({ algorithm: 'sha256', hex: sha256(bytes) }) as const

/** Once nothing more is awaited of it. */
export async function settledImage(images: Images, pump: Pump, id: ImageId): Promise<ImageRecord> {
  await pump.until(async () => (await images.image(id))?.seen.state !== 'pending', 'the image')
  const found = await images.image(id)
  if (!found) throw new Error('no image')
  return found
}

let added = 0

async function* piece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

export async function openImages(site: Site): Promise<Images> {
  const { context, mirror, close } = await openVolumes(site)
  const operations = openImageOperations(context, context)
  return {
    ...{ context, mirror, close, operations },
    image: (id) => site.store.read('image', id),
    import: (id) => site.store.read('imageimport', id),
    add(parts, more = {}) {
      added += 1
      return operations.addImage(OPERATOR, { name: `image-${added}`, parts, ...more })
    },
    async send(id, file, pieceBytes = 1_000_000) {
      for (let at = 0; at < file.length; at += pieceBytes)
        await operations.appendUpload(OPERATOR, id, { at, bytes: piece(file.subarray(at, at + pieceBytes)) })
    },
  }
}

/** Changes what is wished of an import, behind its owner's back. */
export async function rewishImport(
  { store }: Pick<Site, 'store'>,
  id: ImportId,
  change: Partial<ImportRecord['wish']>,
): Promise<void> {
  const record = await store.read('imageimport', id)
  if (!record) throw new Error('no import')
  const { project, generation } = record
  const wish = { ...record.wish, ...change }
  const update = { ref: { kind: 'imageimport', id } as const, project, generation, wish, raisePhase: false, wake: true }
  await store.change({ operationId: randomUUID(), actor: OPERATOR.actor, what: 'test', updates: [update] }, Date.now())
}
