/** The xl driver with all its parts, as the registry opens it: one connection per host for everything. */
import type { ImageStore } from '../../../../src/images/image-store'
import type { Driver } from '../../driver'
import { openGuardedHost } from '../../guard/guarded-host'
import { networkDeeds, openNetworks } from '../../network'
import { openRemote, type RemoteOptions } from '../../remote'
import { diskDeeds, openDisks } from '../../transfer'
import { xlDeeds } from './deeds'
import { openXlDriver } from './driver'
import { xlJoins } from './join'

export interface XenOptions {
  readonly site: string
  readonly images: ImageStore
  /** How hosts are logged in to. */
  readonly ssh: RemoteOptions
  /** Ours on each host; default /var/lib/occi-gateway. */
  readonly folder?: string
}

/** Opens nothing yet: a host is connected to when it is first asked. */
export function openXenDriver({ site, images, ssh, folder }: XenOptions): Driver {
  const remote = openRemote(ssh)
  const place = folder === undefined ? {} : { folder }
  const guarded = openGuardedHost({
    remote,
    site,
    deeds: [...diskDeeds(), ...networkDeeds(), ...xlDeeds()],
    ...place,
  })
  return openXlDriver({
    guarded,
    disks: openDisks({ guarded, images }),
    networks: openNetworks({ guarded }),
    joins: xlJoins({ remote, guarded, ...place }),
    close: () => remote.close(),
  })
}
