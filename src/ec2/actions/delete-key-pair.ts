import { fault } from '../../faults'
import { action } from '../action'
import { checkKeyPairId } from '../resources/key-pairs'

/** DeleteKeyPair: by name or id. Deleting one that is not there is success; machines keep the key they were started with. */
export const deleteKeyPair = action(
  'DeleteKeyPair',
  { KeyName: 'honoured', KeyPairId: 'honoured' },
  async ({ KeyName, KeyPairId, DryRun }, context) => {
    if (!KeyName && !KeyPairId)
      throw fault('missing', 'The request must contain the parameter KeyName or KeyPairId', { field: 'KeyName' })
    if (KeyPairId) checkKeyPairId(KeyPairId)
    const record = await context.operations.deleteKeyPair(context.caller, {
      ...(KeyName ? { name: KeyName } : {}),
      ...(KeyPairId ? { pair: KeyPairId } : {}),
      dryRun: DryRun === true,
    })
    return { Return: true, ...(record ? { KeyPairId: record.wish.pair } : {}) }
  },
)
