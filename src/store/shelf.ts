/**
 * Records in memory, for the mirror: by id, by name, and per kind and project in order of creation.
 *
 * A list once handed out never changes: the next change works on a copy (20,000 pointers take some 10 µs), so a renderer
 * may walk it over awaits.
 */
import type { Kind, ProjectId } from '../model/ids'
import type { AnyRecord, RecordOf } from '../model/records'
import { namesOf } from './names'

/** Records that change often and that no list of machines shows anything of but what its machines' own records say. */
const APART: ReadonlySet<Kind> = new Set([
  'compute',
  'host',
  'hostcheck',
  'placement',
  'audit',
  'files',
  'console',
  'relocation',
  'study',
])
/** Shown to others than their own project. */
const SHARED: ReadonlySet<Kind> = new Set(['project', 'user', 'key', 'image', 'snapshot'])
let shelves = 0

interface Row {
  records: AnyRecord[]
  /** Somebody may hold `records`. */
  lent: boolean
}

export class Shelf {
  private readonly byId = new Map<string, AnyRecord>()
  private readonly byName = new Map<string, AnyRecord>()
  private readonly rows = new Map<string, Row>()
  private readonly changes = new Map<ProjectId | null, number>()
  private readonly number = ++shelves

  get(kind: Kind, id: string): AnyRecord | undefined {
    return this.byId.get(`${kind}:${id}`)
  }

  named(name: string): AnyRecord | undefined {
    return this.byName.get(name)
  }

  list<K extends Kind>(kind: K, project: ProjectId | null): readonly RecordOf[K][] {
    return this.lend(`${kind}:${project ?? ''}`) as readonly AnyRecord[] as readonly RecordOf[K][]
  }

  all<K extends Kind>(kind: K): readonly RecordOf[K][] {
    return this.lend(kind) as readonly AnyRecord[] as readonly RecordOf[K][]
  }

  /** Another text whenever something changed that a project (null: the public) sees beside machines. */
  asOf(project: ProjectId | null): string {
    return `${this.number} ${this.changes.get(null) ?? 0} ${this.changes.get(project) ?? 0}`
  }

  put(record: AnyRecord): void {
    this.count(record)
    const key = `${record.kind}:${record.id}`
    const before = this.byId.get(key)
    if (before && before.project !== record.project)
      this.remove(before.kind, before.id) // ended and made anew elsewhere
    else if (before) this.unname(before)
    this.byId.set(key, record)
    for (const name of namesOf(record)) this.byName.set(name, record)
    for (const row of rowsOf(record)) insert(this.own(row), record, before)
  }

  remove(kind: Kind, id: string): void {
    const key = `${kind}:${id}`
    const before = this.byId.get(key)
    if (!before) return
    this.count(before)
    this.byId.delete(key)
    this.unname(before)
    for (const row of rowsOf(before)) {
      const records = this.own(row)
      const at = find(records, before)
      if (records[at]?.id === before.id) records.splice(at, 1)
    }
  }

  private count({ kind, project }: AnyRecord): void {
    if (APART.has(kind)) return
    for (const scope of SHARED.has(kind) ? [null, project] : [project])
      this.changes.set(scope, (this.changes.get(scope) ?? 0) + 1)
  }

  /** Only what still points to it: another record may bear the name by now. */
  private unname(record: AnyRecord): void {
    for (const name of namesOf(record)) if (this.byName.get(name)?.id === record.id) this.byName.delete(name)
  }

  private lend(name: string): readonly AnyRecord[] {
    const row = this.rows.get(name)
    if (!row) return []
    row.lent = true
    return row.records
  }

  private own(name: string): AnyRecord[] {
    const row = this.rows.get(name) ?? { records: [], lent: false }
    this.rows.set(name, row)
    if (row.lent) {
      row.records = [...row.records]
      row.lent = false
    }
    return row.records
  }
}

const rowsOf = (record: AnyRecord): readonly string[] => [record.kind, `${record.kind}:${record.project ?? ''}`]

/** A newer form stands where the older stood, unless the id was made anew at another time. */
function insert(records: AnyRecord[], record: AnyRecord, before: AnyRecord | undefined): void {
  if (before && compare(before, record) !== 0) {
    const former = find(records, before)
    if (records[former]?.id === before.id) records.splice(former, 1)
  }
  const at = find(records, record)
  records.splice(at, records[at]?.id === record.id ? 1 : 0, record)
}

/** Where it stands, or should stand. */
function find(records: readonly AnyRecord[], record: AnyRecord): number {
  let [from, to] = [0, records.length]
  while (from < to) {
    const middle = (from + to) >> 1
    const other = records[middle]
    if (other && compare(other, record) < 0) from = middle + 1
    else to = middle
  }
  return from
}

/** In order of creation; machines of one order, which came to be at once, in the order's own. */
const compare = (a: AnyRecord, b: AnyRecord): number =>
  createdAt(a) - createdAt(b) || compareLaunch(a, b) || compareText(a.id, b.id)

const compareLaunch = (a: AnyRecord, b: AnyRecord): number =>
  a.kind === 'compute' && b.kind === 'compute'
    ? compareText(a.wish.reservation, b.wish.reservation) || a.wish.launchIndex - b.wish.launchIndex
    : 0

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** ms; 0 for bookkeeping records. */
export const createdAt = (record: AnyRecord): number =>
  record.kind === 'placement' || record.kind === 'audit' || record.kind === 'files' || record.kind === 'relocation'
    ? 0
    : record.wish.createdAt
