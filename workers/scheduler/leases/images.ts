/**
 * Where each lease's image lies and when it can be elsewhere. Copies for reservations are made as late as possible, earliest
 * deadline first; those for others when they can begin right after. Images that lie on a node are used again.
 */
import { fitting } from '../../../src/model/placement'
import { type Calendar, orForEver } from './calendar'
import { smallestOf } from './choose'
import type { Lease, LeaseSnapshot, Overheads, Segment, Transfer } from './lease'
import { asLateAsPossible, Link } from './link'

/** A start this much later than its image's copy still counts as right after it. */
const SLACK_SECONDS = 1

const NONE: ReadonlySet<number> = new Set()

type Copy = Transfer & { readonly from: number }

export class Images {
  private readonly link = new Link()
  private readonly transfers: ReadonlyMap<string, Transfer>
  private readonly holders: ReadonlyMap<string, ReadonlySet<number>>
  private readonly allowed = new Map<string, number[]>()
  /** By lease: copies for reservations. */
  private planned: readonly (Copy & { readonly by: number; readonly length: number })[] = []
  /** A copy is on its way: no other can begin now. */
  private readonly isBusy: boolean
  /** Copies that begin now, by image: others may join them. */
  private readonly begun = new Map<string, Copy>()
  private readonly now: number
  private readonly overheads: Overheads

  constructor(
    private readonly calendar: Calendar,
    { now, nodes, leases, transfers = [], overheads }: LeaseSnapshot,
  ) {
    this.now = now
    this.overheads = overheads
    this.isBusy = transfers.some(({ to }) => to > now)
    for (const { to } of transfers) if (to > now) this.link.book({ from: now, to })
    this.holders = holdersIn(nodes, calendar)
    const byId = new Map(leases.map((lease) => [lease.id, lease]))
    this.transfers = new Map(
      transfers.flatMap((copy) => (this.isInVain(copy, byId.get(copy.lease)) ? [] : [[copy.lease, copy] as const])),
    )
  }

  /**
   * It went to those nodes alone that had not the image, and others have dropped theirs since: there are too few left for the lease, which
   * would wait for ever, so it is copied anew.
   */
  private isInVain({ nodes, to }: Transfer, lease: Lease | undefined): boolean {
    if (!lease || to > this.now || lease.state.kind !== 'waiting') return false
    const have = new Set([...(this.holders.get(lease.image?.name ?? '') ?? NONE), ...this.calendar.presentOf(nodes)])
    const smallest = smallestOf(lease.machines)
    const places = [...have].reduce((sum, node) => sum + fitting(smallest, this.calendar.rooms[node] ?? smallest), 0)
    return places < lease.machines.length
  }

  /** Seconds that a copy takes; 0: it needs none. */
  copySeconds({ image }: Lease): number {
    return image && this.overheads.imageMibPerSecond !== null ? image.mib / this.overheads.imageMibPerSecond : 0
  }

  /** Where it may run; undefined: anywhere. */
  allowedFor({ id, nodes }: Lease): readonly number[] | undefined {
    if (!nodes) return undefined
    const known = this.allowed.get(id) ?? this.calendar.presentOf(nodes)
    this.allowed.set(id, known)
    return known
  }

  /** What of its image moves along with its memory (MiB). */
  movedWith({ image }: Lease): number {
    return image && this.overheads.imageMibPerSecond !== null ? image.mib : 0
  }

  /** Its copy is on its way or done. */
  copyOf({ id }: Lease): Transfer | undefined {
    return this.transfers.get(id)
  }

  /** From when on its image may be wherever it is to be. */
  readyAt(lease: Lease): number {
    const length = this.copySeconds(lease)
    if (length === 0) return this.now
    const copy = this.transfers.get(lease.id)
    if (copy) return Math.max(this.now, copy.to)
    return this.begun.get(lease.image?.name ?? '')?.to ?? this.link.after(this.now, length) + length
  }

  /** It is on its way, or could be from now on. */
  mayBeCopiedNow(lease: Lease): boolean {
    if (this.transfers.has(lease.id) || this.begun.has(lease.image?.name ?? '')) return true
    if (this.isBusy || this.begun.size > 0) return false
    return this.readyAt(lease) <= this.now + this.copySeconds(lease)
  }

  /** Where its image is at that time, or may be; null: nowhere. */
  placesAt(lease: Lease, time: number): { allowed?: readonly number[]; first?: ReadonlySet<number> } | null {
    const allowed = this.allowedFor(lease)
    if (this.copySeconds(lease) === 0) return allowed ? { allowed } : {}
    const isCopied = this.transfers.has(lease.id)
    const isAnywhere = !isCopied && time > this.now && time >= this.readyAt(lease)
    if (!isAnywhere && !isCopied && !this.holders.has(lease.image?.name ?? '')) return null
    const have = this.holdersOf(lease, time)
    if (isAnywhere) return { first: have, ...(allowed ? { allowed } : {}) }
    const places = [...have].filter((node) => allowed?.includes(node) ?? true)
    return places.length === 0 ? null : { allowed: places.toSorted((a, b) => a - b) }
  }

  /** The copy that such a start needs, and whether it is to begin now; null: none. What it takes of the link is booked. */
  copyFor(lease: Lease, { nodes, from, lead }: Segment): { readonly copy: Copy; readonly isDue: boolean } | null {
    const length = this.copySeconds(lease)
    if (lead !== 'boot' || length === 0 || !lease.image || this.transfers.has(lease.id)) return null
    const lacking = this.lacking(lease, nodes)
    if (lacking.length === 0) return null
    const { name: image } = lease.image
    const joined = this.begun.get(image)
    if (joined && from >= joined.to) return { copy: { ...joined, lease: lease.id, nodes: lacking }, isDue: true }
    const soonest = this.link.after(this.now, length)
    const isSoon = from <= soonest + length + SLACK_SECONDS
    const begin = isSoon ? soonest : this.link.before(from, length)
    const copy = { lease: lease.id, image, nodes: lacking, from: begin, to: begin + length }
    this.link.book(copy)
    const isDue = isSoon && begin <= this.now
    if (isDue) this.begun.set(image, copy)
    return { copy, isDue }
  }

  /** Whether the images of these reservations and of one more can be there in time. */
  isInTime(
    leases: readonly Lease[],
    more: Lease,
    at: { readonly nodes: Segment['nodes']; readonly by: number },
  ): boolean {
    const jobs = [...this.jobsOf(leases), ...this.jobsOf([{ ...more, booked: [segmentAt(at)] }])]
    const free = [...this.transfers.values()].reduce((latest, { to }) => Math.max(latest, to), this.now)
    return asLateAsPossible(jobs).every(({ from }) => from >= free)
  }

  /** Books the copies of these reservations; to be called before others look for a time. */
  plan(leases: readonly Lease[]): void {
    const length = (lease: Lease): number => this.copySeconds(lease)
    this.planned = asLateAsPossible(this.jobsOf(leases)).map((job) => ({ ...job, length: length(job.of) }))
    for (const { from, to } of this.planned) this.link.book({ from: Math.max(from, this.now), to })
  }

  /** Copies for reservations that are to begin now, and when the next one is. */
  due(): { readonly now: readonly Copy[]; readonly next: number } {
    const next = this.planned.filter(({ from }) => from > this.now).map(({ from }) => from)
    const now = this.planned.filter(({ from }) => from <= this.now)
    const begun = now
      .slice(0, this.isBusy ? 0 : 1)
      .map(({ lease, image, nodes, length }) => ({ lease, image, nodes, from: this.now, to: this.now + length }))
    return {
      now: begun,
      next: Math.min(Number.POSITIVE_INFINITY, ...next),
    }
  }

  private jobsOf(leases: readonly Lease[]) {
    return leases.flatMap((lease) => {
      const [first] = lease.booked ?? []
      const length = this.copySeconds(lease)
      if (!first || !lease.image || length === 0 || this.transfers.has(lease.id)) return []
      const nodes = this.lacking(lease, first.nodes)
      if (nodes.length === 0) return []
      return [{ of: lease, lease: lease.id, image: lease.image.name, nodes, by: first.from, length }]
    })
  }

  private lacking(lease: Lease, hosts: Segment['nodes']): Segment['nodes'] {
    const have = this.holdersOf(lease, orForEver(null))
    const once = [...new Set(hosts)]
    return have.size === 0 ? once : once.filter((host) => !have.has(this.calendar.placeOf(host) ?? -1))
  }

  private holdersOf(lease: Lease, time: number): ReadonlySet<number> {
    const have = this.holders.get(lease.image?.name ?? '') ?? NONE
    const copy = this.transfers.get(lease.id)
    return copy && copy.to <= time ? new Set([...have, ...this.calendar.presentOf(copy.nodes)]) : have
  }
}

/** Found once for each list of nodes: what lies on them changes far less often than plans are made. */
const found = new WeakMap<LeaseSnapshot['nodes'], ReadonlyMap<string, ReadonlySet<number>>>()

function holdersIn(nodes: LeaseSnapshot['nodes'], calendar: Calendar): ReadonlyMap<string, ReadonlySet<number>> {
  const known = found.get(nodes)
  if (known) return known
  const holders = new Map<string, Set<number>>()
  for (const { id, images = [] } of nodes)
    for (const image of images) holders.set(image, (holders.get(image) ?? new Set()).add(calendar.placeOf(id) ?? -1))
  found.set(nodes, holders)
  return holders
}

const segmentAt = ({ nodes, by }: { readonly nodes: Segment['nodes']; readonly by: number }): Segment => ({
  nodes,
  lead: 'boot',
  from: by,
  run: by,
  stop: null,
  to: null,
  ends: 'done',
})
