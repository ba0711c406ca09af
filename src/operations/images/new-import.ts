/** The record of a file that is to come into the store. */
import { fault } from '../../faults'
import { checkUrl } from '../../images/reach'
import type { ImageId, ImportId } from '../../model/ids'
import { IMPORT_NEVER_SEEN, type ImagePart, type ImportRecord, type ImportWish } from '../../model/records'
import type { Create, Take } from '../../store/store'
import { created } from '../created'
import { drawId } from '../draw'
import type { NewFile } from './operations'
import type { Owner } from './quota'

export interface NewImport {
  readonly part: ImagePart
  readonly file: NewFile
  readonly owner: Owner
  readonly mostBytes: number
  readonly image?: ImageId
  readonly snapshot?: ImportWish['snapshot']
  readonly task?: ImportWish['task']
  readonly now: number
}

export interface ImportCreation {
  readonly record: ImportRecord
  readonly create: Create
  readonly takes: readonly Take[]
}

const LENGTHS = { sha256: 64, sha512: 128 } as const

/** Faults: 'invalid', 'too-large' for what is announced larger than it may be. */
export function newImport(order: NewImport): ImportCreation {
  const { file, owner, part, mostBytes, now } = order
  checkFile(file, owner)
  if (file.from === 'upload' && file.bytes > mostBytes)
    throw fault('too-large', `a file has at most ${mostBytes} bytes here`, { field: 'bytes' })
  const id = drawId<ImportId>()
  const wish: ImportWish = {
    exists: true,
    part,
    source:
      file.from === 'upload'
        ? { from: 'upload', bytes: file.bytes }
        : {
            from: 'url',
            url: file.url,
            reach: owner.reach,
            ...(file.checksums ? { checksums: file.checksums } : {}),
          },
    digest: file.digest ? { ...file.digest, hex: file.digest.hex.toLowerCase() } : null,
    complete: file.from === 'url',
    mostBytes,
    image: order.image ?? null,
    snapshot: order.snapshot ?? null,
    task: order.task ?? null,
    createdAt: now,
    createdBy: owner.userName,
  }
  const ref = { kind: 'imageimport', id } as const
  const rest = { journal: null, place: null, wake: true }
  const create: Create = { ref, project: owner.project, wish, seen: IMPORT_NEVER_SEEN, ...rest }
  return {
    record: created('imageimport', create),
    create,
    takes: wish.task === null ? [] : [{ hash: 'names', field: wish.task.name, value: `imageimport:${id}` }],
  }
}

function checkFile(file: NewFile, { reach }: Owner): void {
  if (file.digest && !new RegExp(`^[0-9a-f]{${LENGTHS[file.digest.algorithm]}}$`, 'i').test(file.digest.hex))
    throw fault('invalid', `a ${file.digest.algorithm} has ${LENGTHS[file.digest.algorithm]} hex digits`, {
      field: 'digest',
    })
  if (file.from === 'url') {
    checkUrl(file.url, reach)
    if (file.checksums) checkUrl(file.checksums.url, reach)
  } else if (!Number.isSafeInteger(file.bytes) || file.bytes < 1)
    throw fault('invalid', 'a file has at least one byte', { field: 'bytes' })
}
