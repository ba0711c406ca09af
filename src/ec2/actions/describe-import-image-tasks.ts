import { action } from '../action'
import { LISTED, pageOfImports } from '../resources/imports'
import { showImageTask } from '../show/import-task'

/** DescribeImportImageTasks: those that ended are shown for a week. */
export const describeImportImageTasks = action('DescribeImportImageTasks', LISTED, async (input, context) => {
  const { things, next } = await pageOfImports('importimage', 'DescribeImportImageTasks', input, context)
  return { ImportImageTasks: things.map((task) => showImageTask(task, context)), NextToken: next }
})
