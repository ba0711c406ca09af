/** The order to end. Caught from the first moment, so that a Ctrl-C during the start ends what was started. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const PARENT_POLL_MS = 250

/**
 * Aborted by a signal. Under `npm start` also when npm's shell is gone: npm passes a SIGTERM on to that shell only, which
 * ends without telling us.
 */
export function whenTold(env: NodeJS.ProcessEnv = process.env): AbortSignal {
  const told = new AbortController()
  for (const signal of SIGNALS) process.on(signal, () => told.abort())
  if (env.npm_lifecycle_event === 'start') {
    const parent = process.ppid
    const timer = setInterval(() => {
      if (process.ppid !== parent) told.abort()
    }, PARENT_POLL_MS)
    timer.unref()
  }
  return told.signal
}

/** Resolves when it is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
