import { action } from '../action'
import { filterBy } from '../filters/filter'
import { page, refusePagingOfNamed } from '../paging'
import { importFilters, importsAsked } from '../resources/imports'
import { showImageTask } from '../show/import-task'

/** DescribeImportImageTasks: those that ended are shown for a week. */
export const describeImportImageTasks = action(
  'DescribeImportImageTasks',
  { ImportTaskIds: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    refusePagingOfNamed(input.ImportTaskIds, input.MaxResults, 'ImportTaskId')
    const { things, next } = page(
      await importsAsked('importimage', input.ImportTaskIds, context),
      filterBy(input.Filters, importFilters, context),
      input,
      {
        action: 'DescribeImportImageTasks',
        min: 1,
        max: 1000,
        idOf: (task) => task.id,
        madeAt: (task) => task.wish.createdAt,
      },
      context,
    )
    return { ImportImageTasks: things.map((task) => showImageTask(task, context)), NextToken: next }
  },
)
