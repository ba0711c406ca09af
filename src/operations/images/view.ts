/** Images with the files and snapshots that are on their way to them. */
import { fault } from '../../faults'
import type { ImageId, ImportId } from '../../model/ids'
import type { ImageRecord, ImportRecord } from '../../model/records'
import type { SnapshotRecord } from '../../model/storage'
import type { Mirror } from '../../store/store'
import type { Caller, Context, Operator } from '../context'
import type { ImageView } from './operations'
import { isCaller } from './quota'
import { imageNamed, ownImage } from './see'

/** Those that are still known, in the order of parts. */
export const importsOf = (mirror: Mirror, { wish }: ImageRecord): readonly ImportRecord[] =>
  Object.values(wish.sources ?? {}).flatMap((source) => {
    const found = source.from === 'import' ? mirror.get('imageimport', source.id) : undefined
    return found ? [found] : []
  })

const snapshotsOf = (mirror: Mirror, { wish }: ImageRecord): readonly SnapshotRecord[] =>
  Object.values(wish.sources ?? {}).flatMap((source) => {
    const found = source.from === 'snapshot' ? mirror.get('snapshot', source.id) : undefined
    return found ? [found] : []
  })

export const viewOf = (mirror: Mirror, image: ImageRecord): ImageView => ({
  image,
  imports: importsOf(mirror, image),
  snapshots: snapshotsOf(mirror, image),
})

export async function findImage({ mirror }: Context, _operator: Operator, word: string): Promise<ImageView> {
  await mirror.fresh()
  return viewOf(mirror, imageNamed(mirror, word))
}

/** Of the caller's own. Faults: 'not-found', 'forbidden'. */
export async function viewImage({ mirror }: Context, who: Caller | Operator, id: ImageId): Promise<ImageView> {
  await mirror.fresh(...(isCaller(who) ? [who.project] : []))
  return viewOf(mirror, isCaller(who) ? ownImage(mirror, who, id) : imageNamed(mirror, id))
}

/** The caller's own import, or any for an operator. Faults: 'not-found'. */
export function ownImport(mirror: Mirror, who: Caller | Operator, id: ImportId): ImportRecord {
  const found = mirror.get('imageimport', id)
  if (found && (!isCaller(who) || found.project === who.project)) return found
  throw fault('not-found', `there is no upload ${id}`, { subject: { kind: 'imageimport', id } })
}
