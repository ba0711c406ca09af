/**
 * A site without Redis and workers for tests of the live path of leases: records and claims, changed as the placement job, the operations
 * and machines change them, by the same pure functions, on a clock of the test's. Hosts do at once what they are asked, but saving.
 */
import type { Hosting } from '../../src/model/hosting'
import type { ComputeId, HostId } from '../../src/model/ids'
import { endOf, hasTerms, savingMs } from '../../src/model/lease'
import type { Size } from '../../src/model/machine'
import {
  type Backfilling,
  type ClaimedHost,
  claimFor,
  demandOf,
  type HostClaim,
  hostViews,
  inTurn,
  isOverbooked,
  type LeaseRoom,
  leaseRoom,
  leftFor,
  less,
  machineClaim,
  parkedClaim,
  reserve,
  takenNow,
  takesLeases,
  wantsPlace,
  withClaim,
} from '../../src/model/placement'
import type { ComputeRecord, LeaseWish } from '../../src/model/records'
import { giveWay } from '../../workers/scheduler/give-way'
import { type LeasesPlanned, planLive } from '../../workers/scheduler/live-leases'
import { place } from '../../workers/scheduler/place'
import { computeRecord } from './compute-record'
import { PROJECT } from './reserved-hosts'

export interface Ordered {
  readonly hosting?: Hosting
  readonly project?: string
}

export class LiveSite {
  readonly records = new Map<ComputeId, ComputeRecord>()
  /** Starts that were promised, ms, by machine. */
  readonly promised = new Map<ComputeId, number>()
  /** When each began to hold its place first, ms. */
  readonly began = new Map<ComputeId, number>()
  readonly refused = new Set<ComputeId>()
  /** How many starts were promised so far. */
  accepted = 0
  private ordered = 0

  constructor(
    public now: number,
    public hosts: readonly ClaimedHost[],
    private readonly backfilling: Backfilling = { kind: 'aggressive' },
  ) {}

  order(size: Size, lease?: LeaseWish, { hosting, project = PROJECT }: Ordered = {}): ComputeId {
    this.ordered += 1
    const id = `11111111-2222-4333-8444-${String(this.ordered).padStart(12, '0')}` as ComputeId
    const wish = {
      name: `i-${this.ordered}`,
      size,
      createdAt: this.now,
      ...(lease ? { lease } : {}),
      ...(hosting ? { hosting } : {}),
    }
    this.records.set(id, computeRecord({ id, project, wish }))
    return id
  }

  /** As an operation reserves capacity; whether there was room. */
  reserve(id: string, size: Size, { count, from, until }: { count: number; from: number; until: number }): boolean {
    const decided = reserve({ size, count, zone: 'local-1a', from, until }, this.hosts, this.now)
    if (decided.state === 'refused') return false
    const record = {
      id,
      project: PROJECT,
      wish: { name: `cr-${id}`, size, count, startsAt: from, endsAt: until, match: 'targeted' },
    } as never
    for (const { host, slots } of decided.hosts) this.hosts = withClaim(this.hosts, host, id, claimFor(record, slots))
    return true
  }

  /** As an order for one machine with terms is checked. */
  room(size: Size, lease: LeaseWish): LeaseRoom {
    const views = hostViews(this.hosts, this.now)
    const others = new Map<string, ComputeRecord>(this.records)
    const serving = this.hosts.flatMap((host, at) => {
      const view = views[at]
      const takes = view && takesLeases(host.record, view, this.now)
      return takes ? [{ view, claims: leftFor(lease, { ...host, usable: view.usable }, others, this.now) }] : []
    })
    return leaseRoom({ size, count: 1, lease }, serving, this.now)
  }

  terminate(id: ComputeId): void {
    const { host } = this.records.get(id)?.place ?? {}
    if (host) this.claim(host, id, null)
    this.records.delete(id)
    this.promised.delete(id)
  }

  /** To a later time, stopping wherever something begins, ends or is planned. */
  advance(ms: number, look: () => void = () => undefined): void {
    const end = this.now + ms
    while (this.now < end) {
      const next = this.pass()
      look()
      const times = [...this.records.values()].flatMap((record) => [
        ...(endOf(record) === undefined ? [] : [endOf(record) ?? 0]),
        ...(record.place.parked && !record.place.parked.released ? [this.savedAt(record)] : []),
      ])
      this.now = Math.min(end, ...[next, ...times].filter((at) => at > this.now))
    }
    this.pass()
    look()
  }

  /** What is wrong with the promises now. */
  wrongs(): readonly string[] {
    const views = new Map(hostViews(this.hosts, this.now).map((view) => [view.id, view]))
    const over = this.hosts.flatMap(({ record: { id }, claims }) => {
      const usable = views.get(id)?.usable
      if (!usable) return []
      const machines = less(
        usable,
        takenNow(
          claims.filter(({ held }) => held === undefined),
          this.now,
        ),
      )
      return [
        ...(isOverbooked(usable, claims, this.now) ? [`${id} has promised too much`] : []),
        ...(machines.cpuHundredths < 0 || machines.memoryMiB < 0 ? [`${id} has given away too much`] : []),
      ]
    })
    const late = [...this.promised].flatMap(([id, start]) => {
      const began = this.began.get(id)
      return this.now > start && (began === undefined || began > start) ? [`${id} was promised ${start}`] : []
    })
    return [...over, ...late]
  }

  /** One placement pass; when it wants to look again, ms. */
  pass(): number {
    for (const record of [...this.records.values()]) {
      if ((endOf(record) ?? Number.POSITIVE_INFINITY) <= this.now) this.terminate(record.id)
      else if (record.place.parked && !record.place.parked.released && this.savedAt(record) <= this.now)
        this.saved(record)
    }
    const gives = this.yieldRoom()
    let planned = this.plan()
    for (let rounds = 0; planned.steps.length + planned.orphans.length > 0 && rounds < 20; rounds += 1) {
      this.take(planned)
      planned = this.plan()
    }
    this.placeFree()
    return Math.min(planned.next ?? Number.POSITIVE_INFINITY, gives, this.yieldRoom(), this.now + 3_600_000)
  }

  plan(): LeasesPlanned {
    const waiters = [...this.records.values()]
      .filter((record) => hasTerms(record.wish.lease) && wantsPlace(record))
      .map((record) => ({ record, demand: demandOf(record, this.now) }))
    return planLive({
      now: this.now,
      hosts: this.hosts,
      views: new Map(hostViews(this.hosts, this.now).map((view) => [view.id, view])),
      waiters,
      yielding: new Map(this.records),
      owners: this.records,
      backfilling: this.backfilling,
    })
  }

  private savedAt = ({ place, wish }: ComputeRecord): number =>
    (place.parked?.since ?? 0) + savingMs([wish.size.memoryMiB])

  private claim(host: HostId, key: string, claim: HostClaim | null): void {
    this.hosts = withClaim(this.hosts, host, key, claim)
  }

  private saved(record: ComputeRecord): void {
    const { host, parked } = record.place
    const claim = this.hosts.find((one) => one.record.id === host)?.byId[record.id]
    if (!host || !parked || !claim) return
    this.claim(host, record.id, parkedClaim(claim))
    this.records.set(record.id, { ...record, place: { ...record.place, parked: { ...parked, released: true } } })
  }

  private yieldRoom(): number {
    let next = Number.POSITIVE_INFINITY
    for (const host of this.hosts) {
      const [view] = hostViews([host], this.now)
      const running = Object.entries(host.byId).flatMap(([id, claim]) => {
        const record = this.records.get(id as ComputeId)
        const isSoonGone = record && (endOf(record) ?? Number.POSITIVE_INFINITY) <= (claim.yields ?? 0)
        const canYield = record && claim.yields !== undefined && claim.cores > 0 && !record.place.parked && !isSoonGone
        return canYield ? [{ id, claim, orderedAt: record.wish.createdAt, record }] : []
      })
      const told = new Set([...this.records.values()].flatMap(({ id, place }) => (place.parked ? [id as string] : [])))
      const claims = Object.entries(host.byId).flatMap(([id, claim]) => (told.has(id) ? [] : [claim]))
      const given = view ? giveWay(view.usable, claims, running, this.now) : { now: [], next: null }
      for (const { id, by } of given.now) {
        const record = this.records.get(id as ComputeId)
        const parked = { since: this.now, how: 'saved' as const, by }
        if (record) this.records.set(record.id, { ...record, place: { ...record.place, parked } })
      }
      next = Math.min(next, given.next ?? Number.POSITIVE_INFINITY)
    }
    return next
  }

  private take({ steps, orphans }: LeasesPlanned): void {
    for (const { host, key } of orphans) this.claim(host, key, null)
    for (const { what, machines } of steps)
      for (const { record, place: after, on, promises } of machines) {
        for (const { host, key, claim } of promises) this.claim(host, key, claim)
        if (on) this.claim(on.host, record.id, on.claim)
        this.records.set(record.id, { ...record, place: after })
        const { start } = record.wish.lease ?? {}
        if (what === 'refuse') this.refused.add(record.id)
        if (what === 'book' && typeof start === 'number') {
          this.accepted += 1
          this.promised.set(record.id, start)
        }
        if (what === 'begin' && !this.began.has(record.id)) this.began.set(record.id, this.now)
      }
  }

  private placeFree(): void {
    const waiting = [...this.records.values()].filter((record) => !hasTerms(record.wish.lease) && wantsPlace(record))
    const demands = inTurn(waiting.map((record) => demandOf(record, this.now)))
    for (const { machine, host } of place({ hosts: hostViews(this.hosts, this.now), machines: demands }).placed) {
      const record = this.records.get(machine)
      if (!record) continue
      const { parked: _parked, ...rest } = record.place
      this.claim(host, machine, machineClaim(record))
      this.records.set(machine, { ...record, place: { ...rest, host, at: this.now } })
    }
  }
}
