import type { MachineSighting } from '../../../src/model/machine'
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

/**
 * Up: the host knows the machine under its EC2 name and bears its record's id. Down: it is forgotten; the disks stay. At a provider
 * it is made and started, and ended for good: so it is made only once it is to run.
 */
export const define: Step = {
  name: 'define',
  lacks: (record, machine) => (isLacking(record, machine) ? definitionDigest(record) : undefined),
  leaves: (_record, machine) => (isThere(machine) ? 'domain' : undefined),
  async up(call) {
    return call.driver.define(call.host, call.ticket, await definitionOf(call))
  },
  down: ({ driver, host, ticket }) => driver.undefine(host, ticket),
  after: (machine, direction, record) => {
    if (machine.whole) return afterWhole(machine, direction, record)
    return direction === 'up' ? defined(machine, record) : undefinedMachine(forgotten(machine))
  },
}

// By its id, not by `domain`: a machine of which only the disks are there is 'off' too.
const isLacking = (record: ComputeRecord, machine: MachineSighting): boolean =>
  machine.whole
    ? machine.id === null && record.wish.power === 'on'
    : machine.id === null || (machine.domain === 'off' && isOutdated(record))

const isThere = (machine: MachineSighting): boolean =>
  machine.whole ? machine.domain !== 'absent' : machine.id !== null

const defined = (machine: MachineSighting, { id, wish }: ComputeRecord): MachineSighting => ({
  ...machine,
  domain: 'off',
  id,
  // A new definition has its own disks; volumes are hung on it anew.
  disks: machine.disks.map((present) => ({ ...present, attached: present.name.startsWith(`${wish.name}-`) })),
  interfaces: wish.interfaces.map((wanted) => wanted.mac),
})

const forgotten = (machine: MachineSighting): MachineSighting => ({
  ...machine,
  id: null,
  disks: machine.disks.map((present) => ({ ...present, attached: false })),
  interfaces: [],
})

const afterWhole = (machine: MachineSighting, direction: 'up' | 'down', { id }: ComputeRecord): MachineSighting => {
  if (direction === 'up') return { ...machine, domain: 'running', id }
  const { given: _gone, ...rest } = machine
  return { ...rest, domain: 'absent', id: null, disks: [], startedAt: null }
}
