/** Security groups in memory, by the real operations over a store that is a map. */
import { NO_EPOCH } from '../../src/model/epoch'
import type { ProjectId } from '../../src/model/ids'
import type { ComputeRecord, HostRecord, ProjectRecord, SecurityGroupRecord } from '../../src/model/records'
import type { Context } from '../../src/operations/context'
import { created } from '../../src/operations/created'
import { type GroupOperations, openGroups } from '../../src/operations/groups'
import type { Change, ChangeResult } from '../../src/store/store'
import { OTHER_PROJECT, PROJECT } from './callers'
import { at } from './fake-offers'

export interface FakeGroups extends GroupOperations {
  readonly groups: Map<string, SecurityGroupRecord>
  /** Of the site: what they lack decides what is refused. */
  readonly groupHosts: HostRecord[]
}

const project = (id: string): ProjectRecord => ({
  ...{ kind: 'project', id: id as ProjectId, project: id as ProjectId, rev: 1, generation: 1, epoch: NO_EPOCH },
  ...{ wakes: 0, phase: 0, schema: 1, seen: null, journal: null, place: null },
  wish: {
    name: 'a-project',
    account: '123456789012',
    quota: { instances: 1, cores: 1, memoryMiB: 1 },
    purging: false,
    createdAt: at,
  },
})

export function fakeGroups(computes: Map<string, ComputeRecord>): FakeGroups {
  const groups = new Map<string, SecurityGroupRecord>()
  const groupHosts: HostRecord[] = []
  const change = async (asked: Change): Promise<ChangeResult> => {
    for (const create of asked.creates ?? []) groups.set(create.ref.id, created('securitygroup', create))
    for (const removal of asked.removals ?? []) groups.delete(removal.ref.id)
    for (const { ref, wish } of asked.updates ?? []) {
      const compute = computes.get(ref.id)
      if (compute) computes.set(ref.id, { ...compute, rev: compute.rev + 1, wish: wish as ComputeRecord['wish'] })
      const group = groups.get(ref.id)
      if (group)
        groups.set(ref.id, {
          ...group,
          generation: group.generation + 1,
          wish: wish as SecurityGroupRecord['wish'],
        })
    }
    return { state: 'done', answer: asked.answer }
  }
  const of: Readonly<Record<string, (id: string) => unknown>> = {
    project: (id) => (id === PROJECT || id === OTHER_PROJECT ? project(id) : undefined),
    compute: (id) => computes.get(id),
    securitygroup: (id) => groups.get(id),
  }
  const mirror = {
    fresh: async () => undefined,
    revision: () => 0,
    get: (kind: string, id: string) => of[kind]?.(id),
    list: (kind: string, owner: ProjectId) =>
      [...(kind === 'securitygroup' ? groups : computes).values()].filter((one) => one.project === owner),
    all: (kind: string) => (kind === 'host' ? groupHosts : []),
  }
  let now = at
  const context = {
    mirror,
    store: { change, read: async (kind: string, id: string) => mirror.get(kind, id) },
    queue: { add: async () => undefined },
    clock: { now: () => ++now },
    log: { debug: () => undefined },
  } as unknown as Context
  return { groups, groupHosts, ...openGroups(context, context) }
}
