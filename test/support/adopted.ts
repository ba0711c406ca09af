/** A machine that is being taken over, as the operator's order leaves it (operations/adoption): for tests of workers. */
import { randomUUID } from 'node:crypto'
import { realClock } from '../../src/clock'
import type { ComputeId } from '../../src/model/ids'
import type { ComputeRecord, ForeignMachine } from '../../src/model/records'
import { adoptedWish, NEVER_SEEN, NOTHING_DONE } from '../../src/operations/adoption/new-adopted'
import { NOBODY } from '../../src/store/store'
import { NETWORK, PROJECT, type Site } from './site'

/** Ordered for a domain that the host tells of, or told of. */
export async function orderAdoption(site: Site, hostName: string, machine: ForeignMachine): Promise<ComputeRecord> {
  const now = realClock.now()
  const host = await site.host(hostName)
  const id = machine.uuid as ComputeId
  const interfaces = machine.interfaces.map(({ mac, address }, at) => ({
    device: `eth${at}`,
    network: NETWORK,
    mac,
    address,
    name: `eni-${at}`,
  }))
  const wish = adoptedWish({ machine, size: machine.size, interfaces, name: machine.name, by: 'operator', now })
  const { name, zone, simulated } = host.wish
  const place = { host: host.id, hostName: name, zone, simulated, at: now, waiting: null }
  const [claims] = await site.store.hostClaims([host.id])
  const result = await site.store.change(
    {
      operationId: randomUUID(),
      actor: NOBODY,
      what: 'adopt-domain',
      creates: [
        {
          ref: { kind: 'compute', id },
          project: PROJECT,
          wish,
          seen: NEVER_SEEN,
          journal: NOTHING_DONE,
          place,
          wake: true,
        },
      ],
      takes: [{ hash: 'names', field: wish.name, value: `compute:${id}` }],
      counters: [
        { project: PROJECT, name: 'instances', by: 1 },
        { project: PROJECT, name: 'cores', by: machine.size.cores },
        { project: PROJECT, name: 'memoryMiB', by: machine.size.memoryMiB },
      ],
      reclaims: [
        {
          host: host.id,
          revision: claims?.revision ?? 0,
          compute: id,
          claim: JSON.stringify(machine.size),
          begins: true,
        },
      ],
    },
    now,
  )
  if (result.state !== 'done') throw new Error(`order: ${JSON.stringify(result)}`)
  return site.compute(id)
}
