/** How many bytes machines sent and received from one look at their host to the next. Pure. */
import type { HostId } from '../ids'
import type { HostWindow } from '../usage/advance'
import { growth, startOf } from '../usage/rates'
import type { Flow } from './use'

/** Whose a machine is that has its place there. */
export interface Owner {
  /** Id of its project's record. */
  readonly project: string
  /** It was taken over: its domain, with its counters, may be older than the machine, and what it sent until then is nobody's here. */
  readonly isAdopted: boolean
}

/**
 * By project (`owners`: by the machine's name). A machine that was not there at the look before began to count since, unless it was taken over;
 * before the first look of all, and before the first that could tell, nothing is known of what was, and nothing is counted.
 */
export function flowsOf(
  host: HostId,
  former: HostWindow | null,
  window: HostWindow,
  owners: ReadonlyMap<string, Owner>,
): readonly Flow[] {
  if (former === null) return []
  const sums = new Map<string, Flow>()
  for (const [name, { usage }] of Object.entries(window.machines)) {
    const owner = owners.get(name)
    if (owner === undefined) continue
    const { project, isAdopted } = owner
    const before = former.machines[name]?.usage
    if (before === undefined && isAdopted) continue
    const start = before === undefined ? 'anew' : startOf(before, usage)
    const sent = growth(before?.sentBytes ?? null, usage.sentBytes, start) ?? 0
    const received = growth(before?.receivedBytes ?? null, usage.receivedBytes, start) ?? 0
    const sum = sums.get(project) ?? { project, host, sentBytes: 0, receivedBytes: 0 }
    sums.set(project, {
      ...sum,
      sentBytes: sum.sentBytes + sent,
      receivedBytes: sum.receivedBytes + received,
    })
  }
  return [...sums.values()].filter(({ sentBytes, receivedBytes }) => sentBytes + receivedBytes > 0)
}
