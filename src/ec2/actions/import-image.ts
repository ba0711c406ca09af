import { randomBytes } from 'node:crypto'
import { fault } from '../../faults'
import { action } from '../action'
import { tokenOf } from '../client-token'
import { fileAsked } from '../resources/imports'
import { architectureAsked } from '../resources/new-image'
import { tagsAtCreation } from '../resources/tags'
import { showImageTask } from '../show/import-task'

const only = (...values: readonly string[]) => ({
  accepts: (value: string) => values.includes(value.toLowerCase()),
  only: values.join(' or '),
})

/** ImportImage: one raw or qcow2 disk by an https Url on the public Internet; it becomes an image of the caller's. */
export const importImage = action(
  'ImportImage',
  {
    DiskContainers: 'honoured',
    Description: 'honoured',
    Architecture: 'honoured',
    ClientToken: 'honoured',
    TagSpecifications: 'honoured',
    Platform: only('linux'),
    Hypervisor: only('xen'),
    BootMode: only('legacy-bios'),
    LicenseType: only('byol'),
    Encrypted: { accepts: (value: boolean) => !value, only: 'false' },
    RoleName: 'ignored',
    ClientData: 'ignored',
    KmsKeyId: 'refused',
    LicenseSpecifications: 'refused',
    UsageOperation: 'refused',
  },
  async (input, context) => {
    const containers = input.DiskContainers ?? []
    if (containers.length > 1)
      throw fault('unsupported', 'An image has one disk on this gateway', { field: 'DiskContainer' })
    const description = input.Description ?? containers[0]?.Description ?? ''
    const { imports } = await context.operations.addImage(context.caller, {
      name: `import-${randomBytes(8).toString('hex')}`,
      description,
      architecture: architectureAsked(input.Architecture),
      parts: { disk: fileAsked(containers[0]) },
      task: { description, tags: tagsAtCreation(input.TagSpecifications, 'import-image-task') },
      ...tokenOf(input),
      ...(input.DryRun ? { dryRun: true } : {}),
    })
    const [task] = imports
    if (!task) throw fault('internal', 'an import without a file')
    return showImageTask(task, context)
  },
)
