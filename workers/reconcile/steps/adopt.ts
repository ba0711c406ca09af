import { fault } from '../../../src/faults'
import type { ComputeRecord } from '../../../src/model/records'
import { definitionDigest, definitionOf } from './definition'
import type { Step } from './step'

/** It was taken over before: where its definition is gone (a new one was cut in the middle), it is defined anew like any other. */
const isOurs = ({ seen }: ComputeRecord): boolean => seen.defined !== undefined || seen.startedAt !== null

/**
 * Up: a domain that ran before anybody here knew of it is the machine of this record; only for records of such ones, and before
 * anything else is done with it. Its record's id is the domain's uuid. Down: nothing; it is undefined like any other machine.
 */
export const adopt: Step = {
  name: 'adopt',
  lacks: (record, machine) =>
    record.wish.adopted === undefined || machine.id !== null || isOurs(record) ? undefined : definitionDigest(record),
  leaves: () => undefined,
  async up(call) {
    if (!call.driver.adopt) throw fault('unsupported', 'machines cannot be taken over on hosts of its kind')
    return call.driver.adopt(call.host, call.ticket, await definitionOf(call))
  },
  down: () => Promise.reject(fault('internal', 'what was taken over is not given back')),
  // Whether it runs is what the next look shows; its owner wants it as it was.
  after: (machine, _direction, record) => ({
    ...machine,
    domain: record.wish.power === 'on' ? 'running' : 'off',
    id: record.id,
    disks: record.wish.disks.map(({ name, sizeGiB }) => ({
      name: `${record.wish.name}-${name}`,
      sizeGiB,
      attached: true,
    })),
    interfaces: record.wish.interfaces.map((wanted) => wanted.mac),
  }),
}
