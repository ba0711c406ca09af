import { fault } from '../../faults'
import { VOLUME_TYPES, type VolumeType } from '../../model/storage'
import { shorten } from '../codec'

/** EC2's default is gp2. Hosts have one sort of disk: a type that promises more is refused ('invalid'). */
export function volumeType(asked: string | undefined): VolumeType {
  if (asked === undefined) return 'gp2'
  const known = VOLUME_TYPES.find((type) => type === asked)
  if (known) return known
  throw fault('invalid', `The volume type '${shorten(asked)}' is not offered here; ${VOLUME_TYPES.join(', ')} are`, {
    field: 'VolumeType',
    allowed: VOLUME_TYPES,
  })
}
