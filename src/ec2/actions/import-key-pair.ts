import { fault } from '../../faults'
import { action } from '../action'
import { tagsAtCreation } from '../resources/tags'
import { showTags } from '../show/tags'

/** ImportKeyPair: a public key of the caller's own, RSA or ED25519. */
export const importKeyPair = action(
  'ImportKeyPair',
  { KeyName: 'honoured', PublicKeyMaterial: 'honoured', TagSpecifications: 'honoured' },
  async (input, context) => {
    if (input.PublicKeyMaterial === undefined)
      throw fault('missing', 'The request must contain the parameter PublicKeyMaterial', { field: 'PublicKeyMaterial' })
    const { wish } = await context.operations.importKeyPair(context.caller, {
      name: input.KeyName ?? '',
      material: Buffer.from(input.PublicKeyMaterial),
      tags: tagsAtCreation(input.TagSpecifications, 'key-pair'),
      dryRun: input.DryRun === true,
    })
    return {
      KeyPairId: wish.pair,
      KeyName: wish.name,
      KeyFingerprint: wish.fingerprint,
      Tags: showTags(wish.tags),
    }
  },
)
