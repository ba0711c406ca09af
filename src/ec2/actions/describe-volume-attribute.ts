import { fault } from '../../faults'
import { action } from '../action'
import { shorten } from '../codec'
import { volumeNamed } from '../resources/volumes'

/** DescribeVolumeAttribute: autoEnableIO or productCodes. */
export const describeVolumeAttribute = action(
  'DescribeVolumeAttribute',
  { VolumeId: 'honoured', Attribute: 'honoured' },
  async (input, context) => {
    const field = 'Attribute'
    const { Attribute: wanted } = input
    if (wanted === undefined) throw fault('missing', 'The request must contain the parameter Attribute', { field })
    const volume = await volumeNamed(input.VolumeId, context)
    const Value = volume.is === 'volume' ? volume.record.wish.autoEnableIo : (volume.disk.autoEnableIo ?? false)
    if (wanted === 'autoEnableIO') return { VolumeId: input.VolumeId, AutoEnableIO: { Value } }
    if (wanted === 'productCodes') return { VolumeId: input.VolumeId, ProductCodes: [] }
    throw fault('invalid', `'${shorten(wanted)}' is no attribute of a volume`, { field })
  },
)
