import { fault } from '../../faults'
import { isShortName } from '../../model/ids'
import { action } from '../action'
import { shorten } from '../codec'
import { taskState } from '../show/import-task'

/** CancelImportTask: what came so far is dropped, and with it the image that waited for it. */
export const cancelImportTask = action(
  'CancelImportTask',
  { ImportTaskId: 'honoured', CancelReason: 'ignored' },
  async (input, context) => {
    const task = input.ImportTaskId
    if (!task) throw fault('missing', 'The request must contain the parameter ImportTaskId', { field: 'ImportTaskId' })
    if (!isShortName('importimage', task) && !isShortName('importsnapshot', task))
      throw fault('malformed', `Invalid id: "${shorten(task)}" (expecting "import-ami-..." or "import-snap-...")`, {
        field: 'ImportTaskId',
        subject: { kind: 'imageimport', id: shorten(task) },
      })
    const before = await context.operations.cancelImport(context.caller, task, { dryRun: input.DryRun === true })
    return { ImportTaskId: task, PreviousState: taskState(before), State: 'deleting' }
  },
)
