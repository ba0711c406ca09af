import { fault } from '../../../src/faults'
import type { Effect } from '../../drivers/driver'
import type { Step } from './step'

/**
 * Up: its host has what the machine's security groups come to, for each interface. No look shows that, so the digest of what was
 * last given is remembered (`seen.rules`). It stands between definition and power: a machine never runs before its rules are there
 * (a host that cannot filter is not asked: traffic.ts). Down: they go with the definition.
 */
export const rules: Step = {
  name: 'rules',
  lacks: ({ wish, seen }, machine) =>
    wish.traffic === undefined || machine.id === null || wish.traffic.digest === seen.rules
      ? undefined
      : wish.traffic.digest,
  leaves: () => undefined,
  async up({ driver, host, ticket, record }) {
    // One that is not connected yet has none to be given; connecting it makes all be given again (seen.ts).
    const connected = (record.wish.traffic?.interfaces ?? []).filter(
      ({ mac }) => record.seen.machine?.interfaces.includes(mac) ?? true,
    )
    for (const [at, one] of connected.entries()) {
      const key = at === 0 ? ticket.key : `${ticket.key}/${at}`
      const effect: Effect = await driver.network.rules(host, { ...ticket, key }, one.mac, one.rules)
      if (effect.state === 'running') return effect
    }
    return { state: 'done', value: null }
  },
  down: () => Promise.reject(fault('internal', 'rules go with their definition')),
  after: (machine) => machine,
}
