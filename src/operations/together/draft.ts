/**
 * Records as they would be after what was decided so far, and nothing of it is written. Several decisions that go into one script are made
 * one after the other on such a draft: each sees what those before it did, and all of them name the generations that Redis has.
 */
import { formatRef, type Kind, type ProjectId, type Ref } from '../../model/ids'
import type { AnyRecord, RecordOf } from '../../model/records'
import type { HostClaims, Mirror, Store } from '../../store/store'
import type { Proposal } from '../attempt'
import type { Context } from '../context'
import { created } from '../created'
import { openMerge } from './merge'

type Change = NonNullable<Proposal<unknown>['change']>

export interface Draft {
  /** What decisions are made with: its mirror and its store show the draft; it is fresh already, of other projects once it was asked to be. */
  readonly context: Context
  /** Shown from now on. */
  add(change: Change | undefined): void
  /** All of it as one; undefined where nothing is to be written. */
  change(): Change | undefined
}

/** Of a mirror that was just brought up to date for this project. */
export function openDraft(context: Context, project: ProjectId): Draft {
  const records = new Map<string, AnyRecord | undefined>()
  const names = new Map<string, string | undefined>()
  const claims = new Map<string, Map<string, string>>()
  const counted = new Map<ProjectId, Map<string, number>>()
  const lists = openLists()
  const merge = openMerge()
  const mirror = mirrorOf(context.mirror, { project, records, names, lists })

  const set = (ref: Ref, record: AnyRecord | undefined): void => {
    records.set(formatRef(ref), record)
    lists.forget(ref.kind)
  }
  return {
    context: { ...context, mirror, store: storeOf(context.store, { records, names, claims, counted }) },
    add(change) {
      if (change === undefined) return
      merge.add(change)
      for (const create of change.creates ?? []) set(create.ref, created(create.ref.kind, create))
      for (const { ref, wish, place } of change.updates ?? []) {
        const before = mirror.get(ref.kind, ref.id)
        if (before) set(ref, { ...before, wish, ...(place === undefined ? {} : { place }) } as AnyRecord)
      }
      for (const { ref } of change.removals ?? []) set(ref, undefined)
      for (const { hash, field } of change.releases ?? []) names.set(`${hash} ${field}`, undefined)
      for (const { hash, field, value } of change.takes ?? []) names.set(`${hash} ${field}`, value)
      for (const { host, compute, claim } of change.reclaims ?? [])
        claims.set(host, (claims.get(host) ?? new Map<string, string>()).set(compute, claim))
      for (const { project, name, by } of change.counters ?? []) {
        const sums = counted.get(project) ?? new Map<string, number>()
        counted.set(project, sums.set(name, (sums.get(name) ?? 0) + by))
      }
    },
    change: merge.change,
  }
}

/** Lists are asked for by every decision of a kind, and change only with it. */
function openLists() {
  const kept = new Map<string, Map<string, readonly AnyRecord[]>>()
  return {
    get(kind: Kind, which: string, make: () => readonly AnyRecord[]): readonly AnyRecord[] {
      const ofKind = kept.get(kind) ?? new Map<string, readonly AnyRecord[]>()
      kept.set(kind, ofKind)
      const list = ofKind.get(which) ?? make()
      ofKind.set(which, list)
      return list
    },
    forget: (kind: Kind) => kept.delete(kind),
    forgetAll: () => kept.clear(),
  }
}

type Records = ReadonlyMap<string, AnyRecord | undefined>
type Names = ReadonlyMap<string, string | undefined>

interface Shown {
  readonly project: ProjectId
  readonly records: Records
  readonly names: Names
  readonly lists: ReturnType<typeof openLists>
}

function mirrorOf(base: Mirror, { project: own, records, names, lists }: Shown): Mirror {
  const compared = new Set([own])
  const get = <K extends Kind>(kind: K, id: string): RecordOf[K] | undefined => {
    const key = formatRef({ kind, id })
    return records.has(key) ? (records.get(key) as RecordOf[K] | undefined) : base.get(kind, id)
  }
  const shown = (kind: Kind, list: readonly AnyRecord[], isMeant: (record: AnyRecord) => boolean): AnyRecord[] => {
    const known = new Set(list.map(({ id }) => id as string))
    const made = [...records.values()].filter(
      (record) => record?.kind === kind && !known.has(record.id) && isMeant(record),
    )
    return [...list.map(({ id }) => get(kind, id)), ...made].filter((record) => record !== undefined)
  }
  return {
    async fresh(...projects) {
      const others = projects.filter((project) => !compared.has(project))
      if (others.length === 0) return
      await base.fresh(...others)
      for (const project of others) compared.add(project)
      lists.forgetAll()
    },
    get,
    list: (kind, project) =>
      lists.get(kind, project ?? '', () =>
        shown(kind, base.list(kind, project), (record) => record.project === project),
      ) as readonly RecordOf[typeof kind][],
    all: (kind) =>
      lists.get(kind, '*', () => shown(kind, base.all(kind), () => true)) as readonly RecordOf[typeof kind][],
    named(name) {
      const key = `names ${name}`
      const found = names.has(key) ? refOf(names.get(key)) : base.named(name)
      return found && get(found.kind, found.id)
    },
    get sharedAsOf() {
      return base.sharedAsOf
    },
    revision: (project) => base.revision(project),
    asOf: (project) => base.asOf(project),
    onEvent: (listener) => base.onEvent(listener),
    get ready() {
      return base.ready
    },
    close: () => base.close(),
  }
}

/** `kind:id`, as names are taken. */
function refOf(value: string | undefined): Ref | undefined {
  if (value === undefined) return undefined
  const colon = value.indexOf(':')
  return { kind: value.slice(0, colon) as Kind, id: value.slice(colon + 1) }
}

interface Written {
  readonly records: Records
  readonly names: Names
  readonly claims: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** By project and counter, what was added. */
  readonly counted: ReadonlyMap<ProjectId, ReadonlyMap<string, number>>
}

function storeOf(base: Store, { records, names, claims, counted }: Written): Store {
  const over = <K extends Kind>(kind: K, id: string, record: RecordOf[K] | undefined): RecordOf[K] | undefined => {
    const key = formatRef({ kind, id })
    return records.has(key) ? (records.get(key) as RecordOf[K] | undefined) : record
  }
  const claimed = (one: HostClaims): HostClaims => {
    const drafted = [...(claims.get(one.host) ?? [])]
    // The same object: who asked before knows it by that.
    if (drafted.length === 0) return one
    const ended = new Set(drafted.flatMap(([compute, claim]) => (claim === '' ? [compute] : [])))
    const all = { ...one.claims, ...Object.fromEntries(drafted) }
    return { ...one, claims: Object.fromEntries(Object.entries(all).filter(([compute]) => !ended.has(compute))) }
  }
  return {
    ...base,
    read: async (kind, id) => over(kind, id, await base.read(kind, id)),
    readMany: async (kind, ids) =>
      (await base.readMany(kind, ids)).map((record, index) => over(kind, ids[index] ?? '', record)),
    resolve: async (hash, fields) =>
      (await base.resolve(hash, fields)).map((held, index) => {
        const key = `${hash} ${fields[index] ?? ''}`
        return names.has(key) ? names.get(key) : held
      }),
    counters: async (project) => {
      const before = await base.counters(project)
      const added = [...(counted.get(project) ?? [])].map(([name, by]) => [name, (before[name] ?? 0) + by] as const)
      return { ...before, ...Object.fromEntries(added) }
    },
    hostClaims: async (hosts) => (await base.hostClaims(hosts)).map(claimed),
    kept: { ...base.kept, claims: async (hosts) => (await base.kept.claims(hosts)).map(claimed) },
  }
}
