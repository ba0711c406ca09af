/**
 * The registration of an image at its provider: the account's wish names it from now on, and placement may send its machines there. It holds
 * the order, so that what was cancelled a moment ago is not registered; and it is read anew each time, so that nothing an operator wrote is lost.
 */
import { randomUUID } from 'node:crypto'
import type { ImageExportRecord } from '../../../src/model/records'
import { NOBODY } from '../../../src/store/store'
import type { Work } from '../work'

/** False: something moved; it is looked at again. */
export async function register(
  work: Work,
  { id, generation, wish }: Pick<ImageExportRecord, 'id' | 'generation' | 'wish'>,
  theirs: string,
): Promise<boolean> {
  const host = await work.store.read('host', wish.provider)
  if (host?.wish.provider === undefined) return false
  const { provider } = host.wish
  if (provider.images[wish.image] !== undefined) return true
  const next = { ...host.wish, provider: { ...provider, images: { ...provider.images, [wish.image]: theirs } } }
  const { state } = await work.store.change(
    {
      operationId: randomUUID(),
      actor: NOBODY,
      what: 'register-image-at-provider',
      holds: [{ ref: { kind: 'imageexport', id }, generation }],
      updates: [
        {
          ref: { kind: 'host', id: host.id },
          project: null,
          generation: host.generation,
          wish: next,
          raisePhase: false,
          wake: true,
        },
      ],
      wakes: [{ kind: 'placement', id: 'site' }],
    },
    work.clock.now(),
  )
  return state === 'done' || state === 'repeated'
}
