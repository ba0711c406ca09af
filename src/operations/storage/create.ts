/** Ordering a volume (OCCI: POST or PUT of a storage; EC2: CreateVolume). It is made on a host when a machine first asks for it. */
import { fault } from '../../faults'
import type { ProjectRecord } from '../../model/records'
import type { StorageRecord } from '../../model/storage'
import { attempt, attemptOne, type Proposal, type Propose, type Refusal } from '../attempt'
import type { Caller, Context } from '../context'
import { held } from '../held'
import { checkMixins } from '../mixins/check-mixins'
import { answeredBefore, idIn, once } from '../once'
import type { OrderToken } from '../order-token'
import { checkIdIsFree } from '../own-id'
import { MOST_AT_ONCE } from '../run/check-order'
import { checkStorageOrder } from './check'
import { newStorage, storageCreation } from './new-storage'
import type { CreateStorageOrder } from './operations'
import { contentsOf } from './snapshots/read'

/** Faults: 'invalid', 'quota', 'exists', 'conflict', 'idempotency', 'forbidden', 'unavailable'. */
export function createStorage(context: Context, caller: Caller, order: CreateStorageOrder): Promise<StorageRecord> {
  checkStorageOrder(order)
  const decision = once({ caller, sort: 'volume', order }, creating(caller, order), firstAnswer)
  return attemptOne(context, caller.actor, 'create-storage', decision)
}

const creating =
  (caller: Caller, order: CreateStorageOrder): Propose<StorageRecord> =>
  async (context, refusal) => {
    if (refusal?.state === 'quota') throw overQuota(refusal, caller)
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller)
    if (order.id !== undefined) await checkIdIsFree(context, caller, 'storage', order.id)
    const { record, contents } = ordered(context, caller, project, order)
    if (order.dryRun) return { change: undefined, value: record }
    return {
      value: record,
      answer: { storage: record.id },
      change: {
        holds: [held(project), ...(contents ? [held(contents.record)] : [])],
        ...storageCreation(project, [record]),
      },
    }
  }

/** What an order of this token made, though it can no longer be said. Undefined: the token is new. Faults: 'idempotency', 'unavailable'. */
export const createdBefore = (
  context: Context,
  caller: Caller,
  token: OrderToken,
): Promise<StorageRecord | undefined> =>
  answeredBefore(context, { caller, sort: 'volume', order: { token } }, firstAnswer)

/** Several, all or none, in one script. Faults: as createStorage's, and 'too-large'. */
export function createStorages(
  context: Context,
  caller: Caller,
  orders: readonly Omit<CreateStorageOrder, 'id' | 'token' | 'dryRun'>[],
): Promise<readonly StorageRecord[]> {
  if (orders.length > MOST_AT_ONCE)
    throw fault('too-large', `at most ${MOST_AT_ONCE} volumes can be ordered at once`, { field: 'resources' })
  for (const order of orders) checkStorageOrder(order)
  return attempt(
    context,
    caller.actor,
    'create-storages',
    async (refusal): Promise<Proposal<readonly StorageRecord[]>> => {
      if (refusal?.state === 'quota') throw overQuota(refusal, caller)
      await context.mirror.fresh(caller.project)
      const project = openProject(context, caller)
      const made = orders.map((order) => ordered(context, caller, project, order))
      const records = made.map(({ record }) => record)
      const sources = new Map(made.flatMap(({ contents }) => (contents ? [[contents.record.id, contents.record]] : [])))
      if (records.length === 0) return { change: undefined, value: records }
      return {
        value: records,
        change: {
          holds: [held(project), ...[...sources.values()].map(held)],
          ...storageCreation(project, records),
        },
      }
    },
  )
}

/** The record of one order, held against what is there now. */
function ordered(context: Context, caller: Caller, project: ProjectRecord, order: CreateStorageOrder) {
  if (order.zone !== undefined) checkZone(context, order.zone)
  checkMixins(context, caller, order.mixins ?? [])
  const { token, dryRun: _dryRun, snapshot, ...wanted } = order
  const contents = snapshot === undefined ? undefined : contentsOf(context.mirror, caller, snapshot, order.sizeGiB)
  const record = newStorage({
    ...wanted,
    sizeGiB: order.sizeGiB ?? contents?.source.sizeGiB ?? 0,
    ...(contents ? { source: contents.source } : {}),
    project: project.id,
    userName: caller.userName,
    now: context.clock.now(),
    ...(token ? { clientToken: token.token } : {}),
  })
  return { record, contents }
}

/** Faults: 'idempotency' for one that is gone. */
async function firstAnswer({ store }: Context, answer: unknown): Promise<StorageRecord> {
  const record = await store.read('storage', idIn(answer, 'storage'))
  if (record) return record
  throw fault('idempotency', 'the volume of this client token is gone; use another token', { field: 'token' })
}

/** The project's limit, in the words of volumes. */
export const overQuota = (refusal: Extract<Refusal, { readonly state: 'quota' }>, { project }: Caller) => {
  const { name, limit } = refusal.counter
  const what = name === 'volumes' ? `${limit} volumes` : `${limit} GiB of volumes`
  return fault('quota', `the project's limit of ${what} is reached; it has ${refusal.have}`, {
    field: name,
    subject: { kind: 'project', id: project },
  })
}

/** Faults: 'forbidden'. */
export function openProject({ mirror }: Context, caller: Caller): ProjectRecord {
  const project = mirror.get('project', caller.project)
  if (!project) throw fault('forbidden', 'your project does not exist any more')
  if (project.wish.purging) throw fault('forbidden', 'your project is being removed and takes no new orders')
  return project
}

function checkZone({ mirror }: Context, zone: string): void {
  const zones = [
    ...new Set(
      mirror
        .all('host')
        .filter((host) => !host.wish.removing)
        .map((host) => host.wish.zone),
    ),
  ].sort()
  if (!zones.includes(zone))
    throw fault('invalid', `there is no availability zone ${zone.slice(0, 64)}`, { field: 'zone', allowed: zones })
}
