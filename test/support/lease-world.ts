/**
 * A site on a virtual clock that does what the lease planner says: leases arrive, boot, run for as long as they really take, are
 * suspended and resumed, end. The plan is asked for anew whenever something happened. What happened is kept in order.
 */
import type { HostId } from '../../src/model/ids'
import {
  type Lease,
  type LeaseNode,
  type LeasePlan,
  type LeaseRules,
  type LeaseSnapshot,
  type LeaseState,
  type Overheads,
  planLeases,
  type Segment,
  type Transfer,
} from '../../workers/scheduler/leases'

export interface Request {
  readonly lease: Omit<Lease, 'state' | 'booked'>
  /** Seconds that it really runs, unknown to the planner; absent: all that it asked for. */
  readonly real?: number
}

export interface Happening {
  readonly at: number
  readonly lease: string
  readonly what:
    | 'boots'
    | 'runs'
    | 'resumes'
    | 'suspends'
    | 'suspended'
    | 'shuts down'
    | 'ended'
    | 'accepted'
    | 'rejected'
}

interface Life {
  readonly lease: Lease
  readonly real: number
  ran: number
  nodes: readonly HostId[]
  until: number | null
  booked: readonly Segment[] | null
  phase: 'waiting' | 'leading' | 'running' | 'suspending' | 'suspended' | 'ending'
  /** When the phase began, and when it will be over by itself. */
  since: number
  over: number
}

export interface World {
  readonly nodes: readonly LeaseNode[]
  readonly overheads: Overheads
  readonly rules: LeaseRules
  readonly requests: readonly Request[]
  /** Images that a node's cache holds; 0: each lease brings its own. */
  readonly cache?: number
  /** Looks at each plan. */
  readonly watch?: (snapshot: LeaseSnapshot, plan: LeasePlan) => void
  /** Stops then; absent: when nothing is left to do. */
  readonly until?: number
  /** Stops when everything of that kind is done. */
  readonly untilDone?: Lease['terms']['kind']
}

export class LeaseClock {
  now = 0
  plans = 0
  readonly happened: Happening[] = []
  private readonly lives = new Map<string, Life>()
  private transfers: Transfer[] = []
  private readonly cached = new Map<HostId, string[]>()
  /** With the images that lie on them. */
  private nodes: readonly LeaseNode[]
  private readonly arrivals: Request[]
  private left: number
  /** When the plan is to be asked again though nothing happened. */
  private planned = Number.POSITIVE_INFINITY

  constructor(private readonly world: World) {
    this.nodes = world.nodes
    this.arrivals = world.requests.toSorted((a, b) => a.lease.submitted - b.lease.submitted)
    this.left = this.arrivals.filter(({ lease }) => this.counts(lease)).length
  }

  /** To the end, or to `until`. */
  run(): this {
    let next: number | null = this.arrivals[0]?.lease.submitted ?? null
    while (next !== null && next <= (this.world.until ?? Number.POSITIVE_INFINITY) && this.left > 0) {
      this.now = next
      const hasChanged = this.pass()
      if (hasChanged || this.now >= this.planned) this.replan()
      next = this.next()
    }
    return this
  }

  at(lease: string, what: Happening['what']): number[] {
    return this.happened.filter((entry) => entry.lease === lease && entry.what === what).map(({ at }) => at)
  }

  private counts({ terms }: Lease | Request['lease']): boolean {
    return this.world.untilDone === undefined || terms.kind === this.world.untilDone
  }

  /** What is over by now, and who arrives; whether anything of that matters to a plan. */
  private pass(): boolean {
    const before = this.happened.length
    let begun = 0
    for (const life of this.lives.values())
      while (life.over <= this.now && this.lives.has(life.lease.id)) {
        if (life.phase === 'leading') begun += 1
        this.turn(life)
      }
    const copied = this.transfers.some(({ to }) => to === this.now)
    const arrived = this.arrive()
    return arrived || copied || this.happened.length - before > begun
  }

  private arrive(): boolean {
    const later = this.arrivals.findIndex(({ lease }) => lease.submitted > this.now)
    const arrived = this.arrivals.splice(0, later < 0 ? this.arrivals.length : later)
    for (const { lease, real } of arrived) {
      const life: Life = {
        lease: { ...lease, state: { kind: 'waiting' } },
        real: Math.min(real ?? Number.POSITIVE_INFINITY, lease.seconds ?? Number.POSITIVE_INFINITY),
        ran: 0,
        nodes: [],
        until: null,
        booked: null,
        phase: 'waiting',
        since: this.now,
        over: Number.POSITIVE_INFINITY,
      }
      this.lives.set(lease.id, life)
    }
    return arrived.length > 0
  }

  /** One phase is over. */
  private turn(life: Life): void {
    const { shutdownSeconds } = this.world.overheads
    const at = life.over
    switch (life.phase) {
      case 'leading':
        this.tell(life, 'runs', at)
        this.enter(life, 'running', at, at + this.realLeft(life, at))
        break
      case 'running':
        life.ran = life.real
        this.tell(life, 'shuts down', at)
        this.enter(life, 'ending', at, at + shutdownSeconds)
        break
      case 'suspending':
        this.tell(life, 'suspended', at)
        this.enter(life, 'suspended', at, Number.POSITIVE_INFINITY)
        break
      case 'ending':
        this.tell(life, 'ended', at)
        this.leave(life)
        break
      case 'waiting':
      case 'suspended':
        throw new Error(`${life.lease.id} cannot be over while ${life.phase}`)
    }
  }

  /** A reservation ends when it is to, whenever it began. */
  private realLeft({ lease, real, ran }: Life, at: number): number {
    if (lease.terms.kind === 'reservation') return Math.max(0, lease.terms.start + real - at)
    return real - ran
  }

  private enter(life: Life, phase: Life['phase'], since: number, over: number): void {
    Object.assign(life, { phase, since, over })
  }

  private leave({ lease }: Life): void {
    this.lives.delete(lease.id)
    if (this.counts(lease)) this.left -= 1
  }

  private tell(life: Life, what: Happening['what'], at = this.now): void {
    this.happened.push({ at, lease: life.lease.id, what })
  }

  private replan(): void {
    const snapshot = this.snapshot()
    const plan = planLeases(snapshot)
    this.plans += 1
    this.planned = plan.next ?? Number.POSITIVE_INFINITY
    this.world.watch?.(snapshot, plan)
    this.obey(plan)
  }

  /** When something happens next; null: never. */
  private next(): number | null {
    let next = Math.min(this.planned, this.arrivals[0]?.lease.submitted ?? Number.POSITIVE_INFINITY)
    for (const { over } of this.lives.values()) next = Math.min(next, over)
    for (const { to } of this.transfers) if (to > this.now) next = Math.min(next, to)
    return next === Number.POSITIVE_INFINITY ? null : next
  }

  snapshot(): LeaseSnapshot {
    const { overheads, rules } = this.world
    this.cacheImages()
    const leases = [...this.lives.values()].map((life) => ({
      ...life.lease,
      ...(life.booked ? { booked: life.booked } : {}),
      state: this.stateOf(life),
    }))
    return { now: this.now, nodes: this.nodes, leases, overheads, rules, transfers: this.transfers }
  }

  private stateOf({ phase, nodes, ran, since, over, until }: Life): LeaseState {
    switch (phase) {
      case 'waiting':
        return { kind: 'waiting' }
      case 'leading':
        return { kind: 'running', nodes, ran, lead: over - this.now, until }
      case 'running':
        return { kind: 'running', nodes, ran: ran + this.now - since, until }
      case 'suspending':
        return { kind: 'suspending', nodes, ran, to: over }
      case 'suspended':
        return { kind: 'suspended', nodes, ran }
      case 'ending':
        return { kind: 'ending', nodes, to: over }
    }
  }

  private obey(plan: LeasePlan): void {
    const life = (id: string): Life => {
      const found = this.lives.get(id)
      if (!found) throw new Error(`the plan names ${id}, which is not there`)
      return found
    }
    for (const { lease, booked } of plan.accepted) {
      life(lease).booked = booked
      this.tell(life(lease), 'accepted')
    }
    for (const { lease } of plan.rejected) {
      this.tell(life(lease), 'rejected')
      this.leave(life(lease))
    }
    for (const { lease, until } of plan.kept) life(lease).until = until
    for (const { lease, by } of plan.suspend) this.suspend(life(lease), by)
    for (const { lease, segment } of [...plan.start, ...plan.resume]) this.begin(life(lease), segment)
    this.transfers = [...this.transfers, ...plan.transfer]
  }

  private begin(life: Life, segment: Segment): void {
    life.nodes = segment.nodes
    life.until = segment.ends === 'suspended' ? segment.to : null
    this.tell(life, segment.lead === 'boot' ? 'boots' : 'resumes')
    this.transfers = this.transfers.filter(({ lease }) => lease !== life.lease.id)
    this.enter(life, 'leading', this.now, segment.run)
    if (segment.run <= this.now) this.turn(life)
  }

  private suspend(life: Life, by: number): void {
    if (life.phase === 'running') life.ran += this.now - life.since
    this.tell(life, 'suspends')
    this.enter(life, 'suspending', this.now, by)
  }

  /** Copies that are done lie on their nodes; the one that came first goes first. */
  private cacheImages(): void {
    const { cache = 0 } = this.world
    if (cache === 0) return
    let hasChanged = false
    for (const { image, nodes, to } of this.transfers) {
      if (to > this.now) continue
      for (const node of nodes) {
        const before = this.cached.get(node) ?? []
        if (before.at(-1) === image) continue
        this.cached.set(node, [...before.filter((other) => other !== image), image].slice(-cache))
        hasChanged = true
      }
    }
    if (hasChanged) this.nodes = this.world.nodes.map((node) => ({ ...node, images: this.cached.get(node.id) ?? [] }))
  }
}
