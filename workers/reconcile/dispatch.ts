/** Which job a name on the agenda is. */
import type { Ref } from '../../src/model/ids'
import { reconcileAccounts } from './accounts'
import { reconcileAudit } from './audit'
import { reconcileCompute } from './compute'
import { reconcileConsole } from './console'
import { reconcileForeignLook } from './foreign-look'
import { reconcileGroup } from './groups'
import { reconcileHost } from './host'
import { reconcileHostCheck } from './host-check'
import { reconcileImageExport } from './image-exports'
import { reconcileImage } from './images'
import { reconcileFiles } from './images/sweep-files'
import { reconcileImport } from './imports'
import { reconcileNetwork } from './network'
import { reconcilePlacement } from './placement'
import { reconcileAddress } from './provider-addresses'
import { reconcileRelocation } from './relocation'
import { reconcileReservation } from './reservation'
import { reconcileSnapshot } from './snapshots'
import { reconcileStorage } from './storage'
import { reconcileStudy } from './studies'
import type { Work } from './work'

/** One job: looks at the world again, whatever it is told. Kinds without a job of their own leave the agenda. */
export async function reconcile(work: Work, ref: Ref): Promise<void> {
  switch (ref.kind) {
    case 'compute':
      return reconcileCompute(work, ref.id)
    case 'storage':
      return reconcileStorage(work, ref.id)
    case 'address':
      return reconcileAddress(work, ref.id)
    case 'snapshot':
      return reconcileSnapshot(work, ref.id)
    case 'network':
      return reconcileNetwork(work, ref.id)
    case 'host':
      return reconcileHost(work, ref.id)
    case 'hostcheck':
      return reconcileHostCheck(work, ref.id)
    case 'foreignlook':
      return reconcileForeignLook(work, ref.id)
    case 'placement':
      return reconcilePlacement(work)
    case 'relocation':
      return reconcileRelocation(work)
    case 'study':
      return reconcileStudy(work, ref.id)
    case 'reservation':
      return reconcileReservation(work, ref.id)
    case 'console':
      return reconcileConsole(work, ref.id)
    case 'securitygroup':
      return reconcileGroup(work, ref.id)
    case 'image':
      return reconcileImage(work, ref.id)
    case 'imageimport':
      return reconcileImport(work, ref.id)
    case 'imageexport':
      return reconcileImageExport(work, ref.id)
    case 'files':
      return reconcileFiles(work)
    case 'audit':
      return reconcileAudit(work)
    case 'accounts':
      return reconcileAccounts(work)
    default: {
      const now = work.clock.now()
      const claim = await work.store.claim(ref.kind, ref.id, now)
      if (claim) await work.store.settle(claim, null, now)
    }
  }
}
