/**
 * Disks of hosts that keep them as files or on other backends (host/10-backends.sh), for any hypervisor's driver: it opens its
 * GuardedHost with `diskDeeds()` before its own deeds and takes `disk` from here but for attach and detach. Its looks call the
 * shell functions `disk_lines` and `backend_lines` and read them with parseDisks and parseBackends; its definitions find a disk
 * with `disk_target`, its kernels with `image_use` (what it lacks, LACKS, is brought by ensureFiles), and it calls `images_release`
 * when it forgets a machine.
 */
import { asFault, fault } from '../../../src/faults'
import type { ImageFile } from '../../../src/model/images'
import { type DiskOrder, type Driver, type Effect, type EffectTicket, type HostTarget, withoutValue } from '../driver'
import { LACKS } from '../guard/answer'
import { takeSnapshot } from './pull-snapshot'
import { openImagePusher, type PushOptions } from './push-image'

export { diskDeeds } from './deeds'
export { capacityOf, type DiskLine, gibOf, parseBackends, parseDisks } from './parse'

export type DisksOptions = PushOptions

export interface Disks {
  readonly disk: Omit<Driver['disk'], 'attach' | 'detach'>
  /** Files that the resource's machine boots, brought to the host's cache; they stay for whom `image_use` names. */
  ensureFiles(host: HostTarget, ticket: EffectTicket, files: readonly ImageFile[]): Promise<Effect>
}

const GIB = 1024 ** 3
/** A copy of less than this is waited for: its host needs less than a second. */
const SMALL_BYTES = 64 * 1024 ** 2
const CALL_MS = 50_000

/** Whether a deed only waits for what has to be brought to its host first. */
export const isLacking = (thrown: unknown): boolean => asFault(thrown).detail.reason === LACKS

export function openDisks(options: DisksOptions): Disks {
  const { guarded } = options
  const pusher = openImagePusher(options)
  const effect = async (host: HostTarget, ticket: EffectTicket, deed: string, args: readonly string[]) =>
    withoutValue(await guarded.effect(host, ticket, deed, args, { deadlineMs: CALL_MS }))

  const ensure = async (host: HostTarget, ticket: EffectTicket, order: DiskOrder): Promise<Effect> => {
    const bytes = String(order.sizeGiB * GIB)
    const { source } = order
    if (source.from === 'blank') return effect(host, ticket, 'disk_make', [order.name, bytes, '-', '-', '-', '-'])
    const { file } = source
    if (file === undefined)
      throw fault('refused', `the ${source.from} is a simulated one and has no contents for a real disk`)
    const args = [order.name, bytes, '-', '-', file.sha256, file.format]
    try {
      // Most often the image is there already, and no question is asked before the deed.
      return await effect(host, ticket, 'disk_make', [...args, String(SMALL_BYTES)])
    } catch (thrown) {
      if (!isLacking(thrown)) throw thrown
    }
    const image = await pusher.ensure(host, ticket, file)
    if (image.state === 'running') return image
    if (image.value.clone !== 'copy' || file.bytes <= SMALL_BYTES)
      return effect(host, ticket, 'disk_make', [...args, String(SMALL_BYTES)])
    return withoutValue(await guarded.effect(host, ticket, 'disk_make', args, { detached: true }))
  }

  return {
    disk: {
      ensure,
      remove: (host, ticket, name) => effect(host, ticket, 'disk_remove', [name]),
      grow: (host, ticket, name, sizeGiB) => effect(host, ticket, 'disk_grow', [name, String(sizeGiB * GIB)]),
      snapshot: (host, ticket, name, snapshot) => takeSnapshot(options, host, ticket, name, snapshot),
    },
    async ensureFiles(host, ticket, files) {
      for (const file of files) {
        const came = await pusher.ensure(host, ticket, file)
        if (came.state === 'running') return came
      }
      return { state: 'done', value: null }
    },
  }
}
