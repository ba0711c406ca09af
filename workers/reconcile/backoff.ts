/** When to try again. Delays live on the agenda, as times; nobody sleeps. All in ms. */

/** After the n-th failure in a row: 1 s, 2 s, 4 s … at most a minute. */
export const afterFailures = (failures: number): number => Math.min(1000 * 2 ** Math.max(0, failures - 1), 60_000)

/** While a host does not answer: half of the time it has been silent, between 0.5 s and 30 s. No counter to keep. */
export const sinceSilent = (now: number, since: number): number => Math.min(Math.max((now - since) / 2, 500), 30_000)

/** Something else holds the resource, or detached work is under way. */
export const LOOK_AGAIN_MS = 500
/** All of its share of the places for such jobs is taken. */
export const SHARE_AGAIN_MS = 2000
/** What was ordered at a provider may show so long after: until then nobody says that it is not there. */
export const SHOWN_MS = 60_000
/** Between looks for it. */
export const UNSHOWN_AGAIN_MS = 5000
/** Between tries of what is stuck. */
export const STUCK_MS = 5 * 60_000
/** How long a host that refused a machine is left out. */
export const AVOID_MS = 10 * 60_000
/** How long a guest may take to shut down when asked. */
export const GRACE_MS = 5 * 60_000
/** How long a deleted machine's record is kept. */
export const KEPT_MS = 60 * 60_000
