/** What EC2 cannot do for us: less than providers otherwise, and keeping memory only of what was launched for it. */
import type { Capabilities } from '../../../../src/model/machine'
import { PROVIDER_LACKS } from '../lacking'

/** It has disks that come and go by themselves. */
const HAS: readonly string[] = ['attach-disk', 'detach-disk', 'grow-disk', 'suspend']

export const EC2_LACKS: Capabilities['lacks'] = [
  {
    verb: 'suspend',
    because: 'at a provider memory is kept only of what was launched there with HibernationOptions.Configured=true',
    unless: 'hibernates',
  },
  ...PROVIDER_LACKS.filter(({ verb }) => !HAS.includes(verb)),
]
