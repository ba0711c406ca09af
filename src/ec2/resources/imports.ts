/** Import tasks that requests name, and where their files lie. */
import type { Filter, ImageDiskContainer, SnapshotDiskContainer } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { isShortName, type ShortKind } from '../../model/ids'
import type { ImportRecord } from '../../model/records'
import type { NewFile } from '../../operations/images/operations'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { type FilterTable, filterBy } from '../filters/filter'
import { pick } from '../filters/pick'
import { type PageOf, page, refusePagingOfNamed } from '../paging'
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

interface Listed {
  readonly ImportTaskIds?: readonly string[] | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

/** What the two listings of tasks take. */
export const LISTED = {
  ImportTaskIds: 'honoured',
  Filters: 'honoured',
  MaxResults: 'honoured',
  NextToken: 'honoured',
} as const

/** A page of the caller's tasks of that kind; those that ended are shown for a week. Faults: those of paging, filters and `importsAsked`. */
export async function pageOfImports(
  kind: ImportKind,
  action: string,
  input: Listed,
  context: Ec2Context,
): Promise<PageOf<ImportRecord>> {
  refusePagingOfNamed(input.ImportTaskIds, input.MaxResults, 'ImportTaskId')
  return page(
    await importsAsked(kind, input.ImportTaskIds, context),
    filterBy(input.Filters, importFilters, context),
    input,
    { action, min: 1, max: 1000, idOf: (task) => task.id, madeAt: (task) => task.wish.createdAt },
    context,
  )
}

type ImportKind = Extract<ShortKind, 'importimage' | 'importsnapshot'>

/** The caller's tasks of that kind: those named, or all. Faults: 'malformed', 'not-found'. */
async function importsAsked(
  kind: ImportKind,
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

const importFilters: FilterTable<ImportRecord> = {
  says: { 'task-state': taskState },
  tags: ({ wish }) => wish.task?.tags ?? {},
}
