/** Imports as EC2 shows them: active, completed, or deleted with what went wrong. */
import type { ImportImageTask, ImportSnapshotTask, SnapshotDetail } from '@aws-sdk/client-ec2'
import { shownUrl } from '../../images/reach'
import { type ImportRecord, percentThere } from '../../model/records'
import type { Ec2Context } from '../action'
import { showTags } from './tags'

/** EC2's word for how it stands. */
export function taskState({ wish, seen }: ImportRecord): 'active' | 'completed' | 'deleting' | 'deleted' {
  if (seen.state === 'completed') return 'completed'
  if (seen.state === 'failed' || seen.state === 'cancelled') return 'deleted'
  return wish.exists ? 'active' : 'deleting'
}

const MESSAGES = {
  waiting: 'pending',
  fetching: 'downloading',
  storing: 'validating',
  completed: undefined,
  failed: undefined,
  cancelled: 'cancelled',
} as const

const detailOf = ({ wish, seen }: ImportRecord): Pick<SnapshotDetail, 'Format' | 'Url' | 'DiskImageSize'> => ({
  ...(seen.file ? { Format: seen.file.format.toUpperCase() } : {}),
  ...(wish.source.from === 'url' ? { Url: shownUrl(wish.source.url) } : {}),
  ...(seen.total === null ? {} : { DiskImageSize: seen.total }),
})

const progressOf = (record: ImportRecord) => {
  const { seen } = record
  const message = seen.message ?? MESSAGES[seen.state]
  const state = taskState(record)
  return {
    Status: state,
    ...(state === 'active' ? { Progress: String(percentThere(seen)) } : {}),
    ...(message === undefined ? {} : { StatusMessage: message }),
  }
}

/** ImportImage's. Its AMI is named once it can be used. */
export function showImageTask(record: ImportRecord, { operations }: Ec2Context): ImportImageTask {
  const { wish, seen } = record
  const image = wish.image === null ? undefined : operations.image(wish.image)
  return {
    ImportTaskId: wish.task?.name,
    Description: wish.task?.description,
    ...progressOf(record),
    ...(image ? { Architecture: image.wish.architecture } : {}),
    ...(image && seen.state === 'completed' ? { ImageId: image.wish.ami } : {}),
    Platform: 'Linux',
    SnapshotDetails: [detailOf(record)],
    Tags: showTags(wish.task?.tags ?? {}),
  }
}

/** ImportSnapshot's. */
export function showSnapshotTask(record: ImportRecord): ImportSnapshotTask {
  const { wish, seen } = record
  return {
    ImportTaskId: wish.task?.name,
    Description: wish.task?.description,
    SnapshotTaskDetail: {
      ...detailOf(record),
      ...progressOf(record),
      ...(wish.snapshot && seen.state === 'completed' ? { SnapshotId: wish.snapshot.name } : {}),
    },
    Tags: showTags(wish.task?.tags ?? {}),
  }
}
