/**
 * The stretch that a lease could run from a given time on: all that is left of it; or, where it can be suspended, until somebody
 * else was promised the room, unless it would hardly run between being resumed and suspended (the anti-thrash threshold).
 */
import { type Calendar, finite, needsToResume } from './calendar'
import { type Ask, chooseLongest, chooseNodes, mayFit, sumsOf } from './choose'
import { moveSeconds, resumeSeconds, suspendSeconds } from './costs'
import { type Desk, isSuspendable, type Work } from './desk'
import type { Segment } from './lease'

export type Cut = 'whole' | 'may-be-cut'

/** It may begin a little later than asked, where a disk is busy. null: not then. */
export function stretchAt(desk: Desk, work: Work, from: number, cut: Cut = 'may-be-cut'): Segment | null {
  if (from < work.from) return null
  if (!work.suspendedOn) return firstStretch(desk, work, from, cut)
  return resumed(desk, work, from, cut) ?? moved(desk, work, from, cut)
}

function firstStretch(desk: Desk, work: Work, from: number, cut: Cut): Segment | null {
  const { calendar, overheads, images } = desk
  const { machines } = work.lease
  if (!mayFit(calendar, { machines, from })) return null
  const where = images.placesAt(work.lease, from)
  if (!where) return null
  const lead = overheads.bootSeconds
  const ask: Ask = { machines, from, length: lengthOf(desk, work, lead), ...where }
  const nodes = chooseNodes(calendar, ask)
  if (nodes) return wholeOf(desk, work, { nodes, from, lead, kind: 'boot' })
  return cut === 'whole' ? null : longest(desk, work, ask, { lead, kind: 'boot' })
}

/** Where its memory lies. */
function resumed(desk: Desk, work: Work, asked: number, cut: Cut): Segment | null {
  const { calendar, overheads } = desk
  const { machines } = work.lease
  const nodes = calendar.placesOf(work.suspendedOn ?? [])
  if (!nodes) return null
  const lead = resumeSeconds(overheads, machines, nodes)
  const from = calendar.disks.gapAfter(nodes, asked, lead)
  const until = horizonOf(calendar, needsToResume(machines), nodes, from)
  const option: Option = { nodes, from, lead, kind: 'resume' }
  if (until >= from + lengthOf(desk, work, lead)) return wholeOf(desk, work, option)
  return cut === 'whole' ? null : cutOf(desk, work, option, until)
}

/** Elsewhere: its memory is brought there first. */
function moved(desk: Desk, work: Work, asked: number, cut: Cut): Segment | null {
  const { calendar, overheads, images } = desk
  const { lease } = work
  if (overheads.moveMibPerSecond === null) return null
  const home = calendar.placesOf(work.suspendedOn ?? [])
  if (!home && overheads.checkpoints === 'local') return null
  const allowed = images.allowedFor(lease)
  // How long it takes depends on how many share a host: assume few, and again with what came out until that holds.
  for (let [assumed, tries] = [0, 0]; tries <= lease.machines.length; tries += 1) {
    const ask: Ask = {
      machines: lease.machines,
      from: asked,
      length: lengthOf(desk, work, assumed),
      ...(allowed ? { allowed } : {}),
      ...(home ? { home } : {}),
    }
    const nodes = chooseNodes(calendar, ask) ?? (cut === 'whole' ? null : chooseLongest(calendar, ask, assumed)?.nodes)
    if (!nodes) return null
    const lead =
      moveSeconds(overheads, lease.machines, { from: home ?? [], to: nodes, more: images.movedWith(lease) }) +
      resumeSeconds(overheads, lease.machines, nodes)
    if (lead > assumed) {
      assumed = lead
      continue
    }
    const option: Option = { nodes, from: calendar.disks.gapAfter(nodes, asked, lead), lead, kind: 'move' }
    const until = horizonOf(calendar, lease.machines, nodes, option.from)
    if (until >= option.from + lengthOf(desk, work, lead)) return wholeOf(desk, work, option)
    return cut === 'whole' ? null : cutOf(desk, work, option, until)
  }
  return null
}

interface Option {
  readonly nodes: readonly number[]
  readonly from: number
  readonly lead: number
  readonly kind: Segment['lead']
}

const lengthOf = ({ overheads }: Desk, { remaining }: Work, lead: number): number =>
  lead + remaining + overheads.shutdownSeconds

/** Until when all of those machines can stay there. */
export function horizonOf(
  calendar: Calendar,
  machines: Work['lease']['machines'],
  nodes: readonly number[],
  from: number,
): number {
  let until = Number.POSITIVE_INFINITY
  for (const [node, sum] of sumsOf(machines, nodes))
    until = Math.min(until, calendar.profiles[node]?.horizon(from, sum) ?? from)
  return until
}

function longest(desk: Desk, work: Work, ask: Ask, { lead, kind }: Pick<Option, 'lead' | 'kind'>): Segment | null {
  const { overheads, rules, calendar } = desk
  if (!isSuspendable(work.lease, rules)) return null
  // At least what it would take if each had a disk of its own.
  const apart = work.lease.machines.map((_, at) => at)
  const least = (1 + rules.thrashFactor) * (lead + suspendSeconds(overheads, work.lease.machines, apart))
  const found = chooseLongest(calendar, ask, least)
  return found && cutOf(desk, work, { nodes: found.nodes, from: ask.from, lead, kind }, found.until)
}

function wholeOf({ calendar, overheads }: Desk, { remaining }: Work, { nodes, from, lead, kind }: Option): Segment {
  const run = from + lead
  const stop = run + remaining
  return {
    nodes: hostsOf(calendar, nodes),
    lead: kind,
    from,
    run,
    stop: finite(stop),
    to: finite(stop + overheads.shutdownSeconds),
    ends: 'done',
  }
}

/** Suspended by then, if it can be and it is worth while. */
function cutOf({ calendar, overheads, rules }: Desk, work: Work, option: Option, until: number): Segment | null {
  const { nodes, from, lead, kind } = option
  if (!isSuspendable(work.lease, rules) || until === Number.POSITIVE_INFINITY) return null
  const saving = suspendSeconds(overheads, work.lease.machines, nodes)
  const run = from + lead
  const stop = calendar.disks.gapBefore(nodes, until, saving)
  const ran = stop - run
  if (ran <= 0 || ran >= work.remaining || ran < rules.thrashFactor * (lead + saving)) return null
  return { nodes: hostsOf(calendar, nodes), lead: kind, from, run, stop, to: stop + saving, ends: 'suspended' }
}

export const hostsOf = ({ ids }: Calendar, nodes: readonly number[]): Segment['nodes'] =>
  nodes.flatMap((node) => ids[node] ?? [])
