/**
 * Hosts of the simulator as if they shared the storage of their disks: each shows the disks of every machine that it is asked for, and
 * can use them. (The simulator itself knows local disks alone; contents are none.)
 */
import type { StorageBackend } from '../../src/model/machine'
import type { Driver } from '../../workers/drivers/driver'

export interface SharedDisks {
  /** Put between the workers and the simulator's driver. */
  readonly between: (driver: Driver) => Driver
  /** Names of disks that a host was told to remove. */
  readonly removed: () => readonly string[]
}

export function sharedDisks(pool: string): SharedDisks {
  const disks = new Map<string, Map<string, number>>()
  const removed: string[] = []
  const of = (machine: string) => disks.get(machine) ?? new Map<string, number>()
  const backend: StorageBackend = { name: pool, kind: 'shared', pool, totalGiB: 1000, freeGiB: 1000, clone: 'copy' }
  return {
    removed: () => removed,
    between: (driver) => ({
      ...driver,
      async list(host, watch) {
        const seen = await driver.list(host, watch)
        const machines = seen.machines.map((machine) => ({
          ...machine,
          disks: machine.disks.map((disk) => ({ ...disk, pool })),
        }))
        return { ...seen, machines, backends: [backend] }
      },
      async find(host, ticket) {
        const seen = await driver.find(host, ticket)
        const shared = [...of(ticket.resource)].map(([name, sizeGiB]) => ({
          name,
          sizeGiB,
          pool,
          attached: seen.disks.some((disk) => disk.name === name && disk.attached),
        }))
        const domain = shared.length > 0 && seen.domain === 'absent' ? 'off' : seen.domain
        return { ...seen, domain, disks: shared }
      },
      async define(host, ticket, definition) {
        for (const { name } of definition.disks) {
          const order = { name, sizeGiB: of(ticket.resource).get(name) ?? 1, source: { from: 'blank' } } as const
          const made = await driver.disk.ensure(host, { ...ticket, key: `${ticket.key}/${name}` }, order)
          if (made.state === 'running') return made
        }
        return driver.define(host, ticket, definition)
      },
      disk: {
        ...driver.disk,
        async ensure(host, ticket, order) {
          const made = await driver.disk.ensure(host, ticket, order)
          if (made.state === 'done') disks.set(ticket.resource, of(ticket.resource).set(order.name, order.sizeGiB))
          return made
        },
        async remove(host, ticket, name) {
          removed.push(name)
          of(ticket.resource).delete(name)
          return driver.disk.remove(host, ticket, name)
        },
      },
    }),
  }
}
