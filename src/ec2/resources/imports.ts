/** Import tasks that requests name, and where their files lie. */
import type { ImageDiskContainer, SnapshotDiskContainer } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { isShortName, type ShortKind } from '../../model/ids'
import type { ImportRecord } from '../../model/records'
import type { NewFile } from '../../operations/images/operations'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import type { FilterTable } from '../filters/filter'
import { pick } from '../filters/pick'
import { taskState } from '../show/import-task'
import { checkShortNames } from './short-names'

/** A file at an https address. Faults: 'missing', 'unsupported' (buckets, other formats). What the address may be is the operation's to say. */
export function fileAsked(container: ImageDiskContainer | SnapshotDiskContainer | undefined): NewFile {
  const field = 'DiskContainer'
  if (container?.UserBucket !== undefined)
    throw fault('unsupported', 'There are no buckets here: name the file by an https Url', { field: 'UserBucket' })
  if (!container?.Url) throw fault('missing', 'The request must contain the parameter DiskContainer.Url', { field })
  if (container.Format !== undefined && !/^(?:raw|qcow2)$/i.test(container.Format))
    throw fault(
      'unsupported',
      `The format ${shorten(container.Format)} is not supported by this gateway: raw and qcow2 are`,
      {
        field: 'Format',
      },
    )
  return { from: 'url', url: container.Url }
}

/** The caller's tasks of that kind: those named, or all. Faults: 'malformed', 'not-found'. */
export async function importsAsked(
  kind: Extract<ShortKind, 'importimage' | 'importsnapshot'>,
  ids: readonly string[] | undefined,
  { operations, caller }: Ec2Context,
): Promise<readonly ImportRecord[]> {
  checkShortNames(kind, ids, 'ImportTaskId')
  const all = (await operations.listImports(caller)).filter(({ wish }) => isShortName(kind, wish.task?.name ?? ''))
  return pick(all, ids, {
    nameOf: ({ wish }) => wish.task?.name,
    field: 'ImportTaskId',
    subject: 'imageimport',
    says: (missing) => `The import task id '${missing}' does not exist`,
  })
}

export const importFilters: FilterTable<ImportRecord> = {
  says: { 'task-state': taskState },
  tags: ({ wish }) => wish.task?.tags ?? {},
}
