import { openUses, type Use } from '../../model/accounts'
import type { Context } from '../context'

/** Everything that is counted now, by the records that this gateway has heard of. */
export const goingOn = ({ mirror }: Pick<Context, 'mirror'>): readonly Use[] =>
  openUses({
    computes: mirror.all('compute'),
    storages: mirror.all('storage'),
    addresses: mirror.all('address'),
    snapshots: mirror.all('snapshot'),
  })
