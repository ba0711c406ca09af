/**
 * Images as drives: made as large as the file, written piece by piece (drives/U/write/OFFSET, packed), then marked whole. They bear no machine's
 * mark, so looks at machines pass them by.
 *
 *   user:site   the site          user:image  ami-… of ours
 *   user:whole  SHA-256 of the file, once all of it was written
 */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { asFault, fault } from '../../../../src/faults'
import type { HostTarget, ImageCarrier, Parcel } from '../../driver'
import { isMissing } from '../refusals'
import type { Client } from './api/client'
import type { Drive } from './api/objects'
import { nameOf } from './marks'

const pack = promisify(gzip)

/** A slow line sends it within the patience of one call. */
const PIECE_BYTES = 2 * 1024 ** 2

export function openCarrier(site: string, clientOf: (host: HostTarget) => Client): ImageCarrier {
  const marked = async (client: Client, image: string): Promise<readonly Drive[]> =>
    (await client.drives())
      .filter(({ marks }) => marks.get('image') === image && marks.get('site') === site)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))

  return {
    pieceBytes: () => PIECE_BYTES,
    async begin(host, { image, bytes, sha256 }) {
      const client = clientOf(host)
      const there = await marked(client, image)
      const whole = there.find(({ marks }) => marks.get('whole') === sha256)
      if (whole) return { object: whole.id, bytes }
      const fitting = there.find(({ size }) => size === bytes)
      const drive = fitting ?? (await client.createDrive(configurationOf(site, image, bytes)))
      return { object: drive.id, bytes: 0 }
    },
    async put(host, object, at, piece) {
      try {
        await clientOf(host).writeDrive(object, await pack(piece, { level: 1 }), { at, encoding: 'gzip' })
      } catch (thrown) {
        throw missing(thrown)
      }
    },
    async finish(host, object, { sha256 }: Parcel) {
      try {
        return (await clientOf(host).setDrive(object, { 'user:whole': sha256 })).id
      } catch (thrown) {
        throw missing(thrown)
      }
    },
    async tidy(host, image, keep) {
      const client = clientOf(host)
      for (const { id } of await marked(client, image)) {
        if (id === keep) continue
        await client.destroyDrive(id).catch((thrown: unknown) => {
          if (!isMissing(asFault(thrown))) throw thrown
        })
      }
    },
  }
}

const configurationOf = (site: string, image: string, bytes: number) => ({
  name: nameOf(site, image),
  size: String(bytes),
  'user:site': site,
  'user:image': image,
})

const missing = (thrown: unknown) => {
  const it = asFault(thrown)
  return isMissing(it)
    ? fault('not-found', 'the drive that it was written to is not there any more', { cause: it })
    : it
}
