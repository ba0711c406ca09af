import { action } from '../action'
import { LISTED, pageOfImports } from '../resources/imports'
import { showSnapshotTask } from '../show/import-task'

/** DescribeImportSnapshotTasks: those that ended are shown for a week. */
export const describeImportSnapshotTasks = action('DescribeImportSnapshotTasks', LISTED, async (input, context) => {
  const { things, next } = await pageOfImports('importsnapshot', 'DescribeImportSnapshotTasks', input, context)
  return { ImportSnapshotTasks: things.map((task) => showSnapshotTask(task)), NextToken: next }
})
