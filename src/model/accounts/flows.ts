/** How many bytes machines sent and received from one look at their host to the next. Pure. */
import type { HostId } from '../ids'
import type { HostWindow } from '../usage/advance'
import { growth } from '../usage/rates'
import type { Flow } from './use'

/**
 * By project (`owners`: machine to project). A machine that was not there at the look before began to count since; before the first look of all
 * nothing is known of what was, and nothing is counted.
 */
export function flowsOf(
  host: HostId,
  former: HostWindow | null,
  window: HostWindow,
  owners: ReadonlyMap<string, string>,
): readonly Flow[] {
  if (former === null) return []
  const sums = new Map<string, Flow>()
  for (const [name, { usage }] of Object.entries(window.machines)) {
    const project = owners.get(name)
    if (project === undefined) continue
    const before = former.machines[name]?.usage
    const start = before === undefined || usage.cpuSeconds < before.cpuSeconds ? 'anew' : 'goes on'
    const sent = growth(before?.sentBytes ?? 0, usage.sentBytes, start) ?? 0
    const received = growth(before?.receivedBytes ?? 0, usage.receivedBytes, start) ?? 0
    const sum = sums.get(project) ?? { project, host, sentBytes: 0, receivedBytes: 0 }
    sums.set(project, {
      ...sum,
      sentBytes: sum.sentBytes + sent,
      receivedBytes: sum.receivedBytes + received,
    })
  }
  return [...sums.values()].filter(({ sentBytes, receivedBytes }) => sentBytes + receivedBytes > 0)
}
