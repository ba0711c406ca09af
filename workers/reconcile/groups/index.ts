/**
 * The job of one security group: it notes who is in it and wakes the machines that this concerns, which then give their hosts new
 * rules, each under its own claim. Machines come and go by the hundred, so they are told of each other after a while that grows
 * with their number; what an owner changed of the rules is told at once.
 *
 * A crash anywhere: `telling` is written before anybody is woken and taken back afterwards, so a job that was cut wakes them again.
 */
import { createHash } from 'node:crypto'
import type { ProjectId, SecurityGroupId } from '../../../src/model/ids'
import {
  type ComputeRecord,
  groupsNamed,
  type SecurityGroupRecord,
  type SecurityGroupSeen,
} from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { across, type Work } from '../work'
import { writeSeen } from '../write-seen'

/** How long members wait to be told of each other, ms: once, and for each member. */
const PAUSE_MS = 1000
const PAUSE_PER_MEMBER_MS = 10

export async function reconcileGroup(work: Work, id: string): Promise<void> {
  const ref = { kind: 'securitygroup', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('securitygroup', id, work.clock.now()))
  if (!claim) return
  const at = await pursue(work, claim)
  await across(work, 'settle', ref, () => work.store.settle(claim, at, work.clock.now()))
}

const digestOf = ({ wish }: SecurityGroupRecord): string =>
  createHash('sha256').update(JSON.stringify(wish.rules)).digest('hex').slice(0, 16)

const has = ({ wish }: ComputeRecord, groups: ReadonlySet<SecurityGroupId>): boolean =>
  wish.interfaces.some((one) => one.groups?.some((id) => groups.has(id)))

/** Addresses of living machines of that project that have it. */
export const membersOf = (
  id: SecurityGroupId,
  project: ProjectId | null,
  computes: readonly ComputeRecord[],
): readonly string[] =>
  computes
    .filter((compute) => compute.project === project && compute.wish.exists)
    .flatMap(({ wish }) => wish.interfaces)
    .flatMap(({ groups, address }) => (address !== null && groups?.includes(id) ? [address] : []))
    .sort()

/** When to come again; null: not by itself. */
async function pursue(work: Work, claim: Claim<'securitygroup'>): Promise<number | null> {
  const { record } = claim
  const { seen } = record
  const told = digestOf(record)
  const now = work.clock.now()
  const due = seen.at + PAUSE_MS + PAUSE_PER_MEMBER_MS * seen.members.length
  // Each machine that comes or goes calls this job: it looks at all of them once in a while, not once for each.
  if (told === seen.told && !seen.telling && now < due) return due
  const computes = await work.store.readAll('compute')
  const members = membersOf(record.id, record.project, computes)
  const isSame = JSON.stringify(members) === JSON.stringify(seen.members)
  if (isSame && told === seen.told && !seen.telling) return null
  const next: SecurityGroupSeen = { members, told, telling: true, at: now }
  if (!(await write(work, claim, next))) return now
  await wake(work, await concerned(work, record, computes))
  await write(work, claim, { ...next, telling: false })
  return null
}

/** Machines that have it or a group whose rules name it. */
async function concerned(
  work: Work,
  { id, project }: SecurityGroupRecord,
  computes: readonly ComputeRecord[],
): Promise<readonly ComputeRecord[]> {
  const all = await work.store.readAll('securitygroup')
  const naming = all.filter((group) => group.project === project && groupsNamed(group.wish.rules).includes(id))
  const groups = new Set([id, ...naming.map((group) => group.id)])
  return computes.filter(
    (compute) =>
      compute.project === project && compute.wish.exists && compute.place.host !== null && has(compute, groups),
  )
}

const write = (work: Work, claim: Claim<'securitygroup'>, seen: SecurityGroupSeen): Promise<boolean> =>
  writeSeen(work, claim, seen, seen.telling ? 'securitygroup-seen' : '')

const AT_ONCE = 500

async function wake(work: Work, computes: readonly ComputeRecord[]): Promise<void> {
  for (let from = 0; from < computes.length; from += AT_ONCE) {
    const refs = computes.slice(from, from + AT_ONCE).map(({ id }) => ({ kind: 'compute', id }) as const)
    await work.store.wake(refs, work.clock.now())
    await work.queue.add(refs)
  }
}
