import { fault } from '../../faults'
import { action } from '../action'
import { shorten } from '../codec'
import { tagsAtCreation } from '../resources/tags'
import { showTags } from '../show/tags'

/** CreateKeyPair: the private key, in PEM, is in this answer and nowhere else. */
export const createKeyPair = action(
  'CreateKeyPair',
  {
    KeyName: 'honoured',
    KeyType: 'honoured',
    KeyFormat: { accepts: (format) => format === 'pem', only: 'pem' },
    TagSpecifications: 'honoured',
  },
  async (input, context) => {
    const { record, privateKey } = await context.operations.createKeyPair(context.caller, {
      name: input.KeyName ?? '',
      type: typeOf(input.KeyType),
      tags: tagsAtCreation(input.TagSpecifications, 'key-pair'),
      dryRun: input.DryRun === true,
    })
    const { pair, name, fingerprint, tags } = record.wish
    return {
      KeyPairId: pair,
      KeyName: name,
      KeyFingerprint: fingerprint,
      KeyMaterial: privateKey,
      Tags: showTags(tags),
    }
  },
)

function typeOf(type: string | undefined): 'rsa' | 'ed25519' {
  if (type === undefined || type === 'rsa' || type === 'ed25519') return type ?? 'rsa'
  throw fault('invalid', `Value (${shorten(type)}) for parameter KeyType is invalid. Expected: rsa or ed25519`, {
    field: 'KeyType',
  })
}
