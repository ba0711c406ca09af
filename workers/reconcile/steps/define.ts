import type { ComputeRecord } from '../../../src/model/records'
import { definitionDigest, definitionOf } from './definition'
import { type Step, undefinedMachine } from './step'

/** Whether what it was defined from is not what it is to be defined from now. */
function isOutdated(record: ComputeRecord): boolean {
  const { defined } = record.seen
  // Of one that was taken over nobody may have heard what it was defined from: then it is written once more.
  if (defined !== undefined || record.wish.adopted !== undefined) return defined !== definitionDigest(record)
  // Its first definition may be there and nobody has heard of it: the same again settles it.
  const { intent } = record.journal
  return intent?.step === 'define' && intent.direction === 'up' && intent.outcome !== 'done'
}

/** Up: the host knows the machine under its EC2 name and bears its record's id. Down: it is forgotten; the disks stay. */
export const define: Step = {
  name: 'define',
  // By its id, not by `domain`: a machine of which only the disks are there is 'off' too.
  lacks: (record, machine) =>
    machine.id === null || (machine.domain === 'off' && isOutdated(record)) ? definitionDigest(record) : undefined,
  leaves: (_record, machine) => (machine.id === null ? undefined : 'domain'),
  async up(call) {
    return call.driver.define(call.host, call.ticket, await definitionOf(call))
  },
  down: ({ driver, host, ticket }) => driver.undefine(host, ticket),
  after: (machine, direction, record) =>
    direction === 'up'
      ? {
          ...machine,
          domain: 'off',
          id: record.id,
          // A new definition has its own disks; volumes are hung on it anew.
          disks: machine.disks.map((present) => ({
            ...present,
            attached: present.name.startsWith(`${record.wish.name}-`),
          })),
          interfaces: record.wish.interfaces.map((wanted) => wanted.mac),
        }
      : undefinedMachine({
          ...machine,
          id: null,
          disks: machine.disks.map((present) => ({ ...present, attached: false })),
          interfaces: [],
        }),
}
