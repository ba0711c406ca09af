import { action } from '../action'
import { tokenOf } from '../client-token'
import { fileAsked } from '../resources/imports'
import { tagsAtCreation } from '../resources/tags'
import { showSnapshotTask } from '../show/import-task'

/** ImportSnapshot: a raw or qcow2 disk by an https Url on the public Internet. */
export const importSnapshot = action(
  'ImportSnapshot',
  {
    DiskContainer: 'honoured',
    Description: 'honoured',
    ClientToken: 'honoured',
    TagSpecifications: 'honoured',
    Encrypted: { accepts: (value: boolean) => !value, only: 'false' },
    RoleName: 'ignored',
    ClientData: 'ignored',
    KmsKeyId: 'refused',
  },
  async (input, context) => {
    const record = await context.operations.importSnapshot(context.caller, {
      file: fileAsked(input.DiskContainer),
      description: input.Description ?? input.DiskContainer?.Description ?? '',
      tags: tagsAtCreation(input.TagSpecifications, 'import-snapshot-task'),
      ...tokenOf(input),
      ...(input.DryRun ? { dryRun: true } : {}),
    })
    return showSnapshotTask(record)
  },
)
