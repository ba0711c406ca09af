/** Launch templates by the real operations, over records in memory. */
import { randomBytes } from 'node:crypto'
import type { AnyRecord, ProjectRecord } from '../../src/model/records'
import type { Context } from '../../src/operations/context'
import { created } from '../../src/operations/created'
import { type LaunchTemplateOperations, openLaunchTemplates } from '../../src/operations/launch-templates'
import type { Change, ChangeResult } from '../../src/store/store'
import { at } from './fake-offers'

const PROJECT_WISH: Pick<ProjectRecord['wish'], 'purging'> = { purging: false }

export function fakeLaunchTemplates(): LaunchTemplateOperations {
  const records = new Map<string, AnyRecord>()
  const names = new Map<string, string>()
  const tokens = new Map<string, { readonly digest: string; readonly answer: unknown }>()
  let now = at

  const change = async (asked: Change): Promise<ChangeResult> => {
    const key = asked.token && `${asked.token.project}:${asked.token.token}`
    const known = key === undefined ? undefined : tokens.get(key)
    if (known) return { state: 'token', ...known }
    const limit = asked.counters?.[0]
    if (limit) return { state: 'quota', counter: limit, have: 0 }
    const taken = asked.takes?.find(({ field }) => names.has(field))
    if (taken) return { state: 'taken', take: taken }
    for (const create of asked.creates ?? []) records.set(create.ref.id, created(create.ref.kind, create) as AnyRecord)
    for (const { ref, wish } of asked.updates ?? []) {
      const before = records.get(ref.id)
      if (before) records.set(ref.id, { ...before, wish, generation: before.generation + 1 } as AnyRecord)
    }
    for (const { ref } of asked.removals ?? []) records.delete(ref.id)
    for (const { field, value } of asked.takes ?? []) names.set(field, value)
    for (const { field } of asked.releases ?? []) names.delete(field)
    if (key !== undefined && asked.token) tokens.set(key, { digest: asked.token.digest, answer: asked.answer })
    return { state: 'done', answer: asked.answer }
  }
  const get = (kind: string, id: string) =>
    kind === 'project' ? { kind, id, generation: 1, wish: PROJECT_WISH } : records.get(id)
  const context = {
    clock: { now: () => ++now },
    ring: { keys: [{ id: 'k', key: randomBytes(32) }] },
    queue: { add: async () => undefined },
    store: { change },
    mirror: {
      fresh: async () => undefined,
      get,
      list: (kind: string, project: string) =>
        [...records.values()].filter((record) => record.kind === kind && record.project === project),
      named: (name: string) => records.get((names.get(name) ?? '').replace(/^launchtemplate:/, '')),
    },
    // What the operations do not ask for is not there, and fails loudly if they do.
  } as unknown as Context
  return openLaunchTemplates(context, context)
}
