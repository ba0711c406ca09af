import { action } from '../action'
import { filterBy } from '../filters/filter'
import { page, refusePagingOfNamed } from '../paging'
import { importFilters, importsAsked } from '../resources/imports'
import { showSnapshotTask } from '../show/import-task'

/** DescribeImportSnapshotTasks: those that ended are shown for a week. */
export const describeImportSnapshotTasks = action(
  'DescribeImportSnapshotTasks',
  { ImportTaskIds: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    refusePagingOfNamed(input.ImportTaskIds, input.MaxResults, 'ImportTaskId')
    const { things, next } = page(
      await importsAsked('importsnapshot', input.ImportTaskIds, context),
      filterBy(input.Filters, importFilters, context),
      input,
      {
        action: 'DescribeImportSnapshotTasks',
        min: 1,
        max: 1000,
        idOf: (task) => task.id,
        madeAt: (task) => task.wish.createdAt,
      },
      context,
    )
    return { ImportSnapshotTasks: things.map((task) => showSnapshotTask(task)), NextToken: next }
  },
)
