import { action } from '../action'
import { imageModificationOf } from '../attributes/image-modification'
import { imageNamed } from '../resources/images'

/** ModifyImageAttribute: who else may launch it, or its description. */
export const modifyImageAttribute = action(
  'ModifyImageAttribute',
  {
    ImageId: 'honoured',
    Attribute: 'honoured',
    Description: 'honoured',
    LaunchPermission: 'honoured',
    OperationType: 'honoured',
    UserIds: 'honoured',
    UserGroups: 'honoured',
    Value: 'honoured',
    ProductCodes: 'refused',
    OrganizationArns: 'refused',
    OrganizationalUnitArns: 'refused',
    ImdsSupport: 'refused',
  },
  async (input, context) => {
    const change = imageModificationOf(input)
    const { id } = await imageNamed(input.ImageId, context)
    await context.operations.changeImage(context.caller, id, { ...change, dryRun: input.DryRun === true })
    return {}
  },
)
