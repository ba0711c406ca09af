/** The inside of a gateway, without its fronts and without a log: what it acknowledges, every other gateway of the site must show. */
import { join } from 'node:path'
import { pino } from 'pino'
import { realClock } from '../../../src/clock'
import { openImageStore } from '../../../src/images'
import { openOperations } from '../../../src/operations'
import type { Context } from '../../../src/operations/context'
import type { Operations } from '../../../src/operations/operations'
import { openStore } from '../../../src/store'
import type { RedisAddress } from '../../../src/store/connect'
import { keyRingFile, openKeyRingFile } from '../../../src/store/key-ring'
import { openMirror } from '../../../src/store/mirror'

export const REGION = 'bench-1'

/** What processes of one site share. */
export interface Shared {
  /** A folder. */
  readonly data: string
  readonly redis: RedisAddress
}

export interface Inside {
  readonly context: Context
  readonly operations: Operations
  close(): Promise<void>
}

export async function openInside({ data, redis }: Shared): Promise<Inside> {
  const ring = openKeyRingFile(keyRingFile(data, {}))
  const images = openImageStore({ images: join(data, 'images') })
  const address = { site: REGION, redis }
  const store = openStore(address)
  await store.open(realClock.now())
  const mirror = await openMirror(address)
  const queue = { add: async () => undefined }
  const log = pino({ level: 'silent' })
  const context: Context = { site: REGION, store, mirror, queue, images, clock: realClock, ring, log }
  return {
    context,
    operations: openOperations(context),
    async close() {
      for (const part of [mirror, images, store]) await part.close()
    },
  }
}
