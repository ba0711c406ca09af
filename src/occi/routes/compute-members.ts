/** The caller's computes as members. Listed again and again, so each time only those that changed are made anew. */
import { type Made, mapAgain, succeeds } from '../../fragments/again'
import { Recent } from '../../fragments/recent'
import type { ProjectId } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import { computeMember, isThere } from '../entities/compute'
import type { Member } from '../entities/member'
import type { Exchange, Front } from '../exchange'

interface Listed extends Made<ComputeRecord, Member | undefined> {
  /** Of everything else that is shown with them. */
  readonly asOf: string
  readonly members: readonly Member[]
}

const PROJECTS = 1_000
const listed = new WeakMap<Front['operations'], Recent<ProjectId, Listed>>()

/** In order of creation; the same array while nothing changed. */
export async function computeMembers(front: Front, { caller }: Pick<Exchange, 'caller'>): Promise<readonly Member[]> {
  const { operations } = front
  const records = await operations.listComputes(caller)
  const asOf = operations.asOf(caller)
  const recent = listed.get(operations) ?? new Recent<ProjectId, Listed>(PROJECTS)
  listed.set(operations, recent)
  const known = recent.get(caller.project)
  const former = known?.asOf === asOf ? known : undefined
  if (former?.records === records) return former.members
  const made = mapAgain(records, former, (record) => (isThere(record) ? computeMember(front, record) : undefined))
  const members = made.things.filter((member) => member !== undefined)
  succeeds(members, known?.members)
  recent.set(caller.project, { ...made, asOf, members })
  return members
}
