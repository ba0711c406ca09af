/** Asking an account what is there: pages by tag, never one call a machine. */
import type { Filter, Instance } from '@aws-sdk/client-ec2'
import { fault } from '../../../../src/faults'
import type { Call } from './client'
import { codeOf } from './faults'
import { everOf, ofMachine, ofSite } from './marks'

/** What DescribeInstances gives at once, at most. */
const PAGE = 1000
/** So many pages are read of a list, a million things: one that goes on behind them has no end. */
const MOST_PAGES = 1000
/** ms. Nobody waits longer for a list; the next poll begins another, and what goes on beside it would hold ever more. */
const PATIENCE_MS = 20_000

interface Page<T> {
  readonly things: readonly T[]
  readonly next: string | undefined
}

/**
 * All pages of a list. Faults: those of `ask`; 'unreachable' naming the action where pages lead back to one that was read, or there are
 * ever more of them, so that nobody takes what was read for all there is; 'timeout' where they take too long. `now`: ms, only ever compared.
 */
export async function pagesOf<T>(
  action: string,
  ask: (token: { readonly NextToken?: string }) => Promise<Page<T>>,
  now: () => number = () => performance.now(),
): Promise<readonly T[]> {
  const until = now() + PATIENCE_MS
  const found: T[] = []
  const read = new Set<string>()
  let next: string | undefined
  do {
    const page = await ask(next === undefined ? {} : { NextToken: next })
    for (const thing of page.things) found.push(thing)
    next = page.next || undefined
    if (next !== undefined && read.has(next))
      throw fault('unreachable', `the provider's ${action} answers in pages that lead back to one another`)
    if (next !== undefined && read.size + 1 >= MOST_PAGES)
      throw fault('unreachable', `the provider's ${action} answers in more than ${MOST_PAGES} pages`)
    if (next !== undefined && now() > until)
      throw fault('timeout', `the provider's ${action} goes on after ${PATIENCE_MS / 1000} s`)
    if (next !== undefined) read.add(next)
  } while (next !== undefined)
  return found
}

/** The account's user may not ask, or it is a service of another maker that has nothing of the kind. */
const UNTOLD = /^(?:UnauthorizedOperation|InvalidAction|UnsupportedOperation)$/

/** What is told beside instances; undefined where nothing is: then nothing is known of them, and all else goes on. Faults: those of `ask`. */
export async function whereTold<T>(ask: Promise<readonly T[]>): Promise<readonly T[] | undefined> {
  try {
    return await ask
  } catch (thrown) {
    if (thrown instanceof Error && UNTOLD.test(codeOf(thrown.cause))) return undefined
    throw thrown
  }
}

const describe = (call: Call, filters: Filter[]): Promise<readonly Instance[]> =>
  pagesOf('DescribeInstances', async (token) => {
    const page = await call((sdk, client, abortSignal) =>
      client.send(new sdk.DescribeInstancesCommand({ Filters: filters, MaxResults: PAGE, ...token }), { abortSignal }),
    )
    return { things: (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances), next: page.NextToken }
  })

/** All machines of the site. */
export const allOf = (call: Call, site: string): Promise<readonly Instance[]> => describe(call, ofSite(site))

/** Every object that bears the mark of one machine. */
export const objectsOf = (call: Call, site: string, machine: string): Promise<readonly Instance[]> =>
  describe(call, ofMachine(site, machine))

/** Those that ended within the last hour too: the service says so long that and why they did. */
export const everObjectsOf = (call: Call, site: string, machine: string): Promise<readonly Instance[]> =>
  describe(call, everOf(site, machine))

/** One object by its own id, terminated or not; undefined: it is not shown (yet). */
export async function objectAt(call: Call, id: string): Promise<Instance | undefined> {
  try {
    const page = await call((sdk, client, abortSignal) =>
      client.send(new sdk.DescribeInstancesCommand({ InstanceIds: [id] }), { abortSignal }),
    )
    return page.Reservations?.flatMap(({ Instances = [] }) => Instances)[0]
  } catch (thrown) {
    if (isUnknown(thrown)) return undefined
    throw thrown
  }
}

/** The service does not know that id: not yet, or not any more. */
export const isUnknown = (thrown: unknown): boolean =>
  thrown instanceof Error && /^InvalidInstanceID/.test((thrown.cause as { name?: string } | undefined)?.name ?? '')
