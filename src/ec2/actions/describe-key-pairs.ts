import type { KeyPairInfo } from '@aws-sdk/client-ec2'
import type { KeyPairRecord } from '../../model/records'
import { action } from '../action'
import { matching } from '../filters/filter'
import { keyPairFilters } from '../filters/key-pair-filters'
import { keyPairsAsked } from '../resources/key-pairs'
import { showTags } from '../show/tags'

/** DescribeKeyPairs: the caller's key pairs; the public keys themselves when asked for. */
export const describeKeyPairs = action(
  'DescribeKeyPairs',
  { KeyNames: 'honoured', KeyPairIds: 'honoured', Filters: 'honoured', IncludePublicKey: 'honoured' },
  async (input, context) => {
    const pairs = await keyPairsAsked({ names: input.KeyNames, ids: input.KeyPairIds }, context)
    const withKey = (record: KeyPairRecord): KeyPairInfo => ({
      ...showKeyPair(record),
      PublicKey: `${record.wish.publicKey} ${record.wish.name}`,
    })
    const show = input.IncludePublicKey === true ? withKey : showKeyPair
    return { KeyPairs: matching(pairs, input.Filters, keyPairFilters, context).map(show) }
  },
)

const showKeyPair = ({ wish }: KeyPairRecord): KeyPairInfo => ({
  KeyPairId: wish.pair,
  KeyName: wish.name,
  KeyType: wish.type,
  KeyFingerprint: wish.fingerprint,
  CreateTime: new Date(wish.createdAt),
  Tags: showTags(wish.tags),
})
