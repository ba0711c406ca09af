/** Whether this gateway can answer: for balancers, which do not wait long. */
import type { Context } from './context'

const PATIENCE_MS = 1_000

/** Redis answers within a second; the mirror was read. */
export async function readiness({
  store,
  mirror,
}: Context): Promise<{ readonly redis: boolean; readonly mirror: boolean }> {
  const pinged = store.ping().then(
    () => true,
    () => false,
  )
  return { redis: await Promise.race([pinged, lateAnswer()]), mirror: mirror.ready }
}

const lateAnswer = (): Promise<boolean> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(false), PATIENCE_MS).unref()
  })
