/**
 * What is kept of a host's and its machines' use from one look to the next: pure. Nothing else is needed to go on, so that any
 * worker may take the next look; what a killed one did not write is one look's worth, and the counters make up for it.
 */
import type { HostId } from '../ids'
import { hostRates, lasting, machineRates } from './rates'
import { fill, mean, type Point, type Slot, type Values, WINDOWS, type Window } from './slots'
import {
  HOST_MEASURES,
  type HostRates,
  type HostUsage,
  MACHINE_MEASURES,
  type MachineRates,
  type MachineUsage,
} from './use'

export interface Kept<Usage, Rates> {
  readonly usage: Usage
  readonly rates: Rates
  /** Slots that are not over yet. */
  readonly slots: Readonly<Record<Window, Slot | null>>
}
export type KeptHost = Kept<Omit<HostUsage, 'machines'>, HostRates>
export type KeptMachine = Kept<MachineUsage, MachineRates>

/** One host's, as of its last answer. */
export interface HostWindow {
  /** When it answered last, ms since 1970. */
  readonly at: number
  /** null: its driver does not tell. */
  readonly host: KeptHost | null
  /** By name. */
  readonly machines: Readonly<Record<string, KeptMachine>>
}

/** Whose points: a host's by its id, a machine's by its name `i-…`. */
export type Subject =
  | { readonly kind: 'host'; readonly id: HostId }
  | { readonly kind: 'machine'; readonly name: string }

export interface Reached {
  readonly subject: Subject
  readonly window: Window
  readonly point: Point
}

const NOTHING: Kept<unknown, unknown>['slots'] = { hour: null, day: null }
/** After a longer silence rates begin anew: the mean over all of it would be told of one slot. */
const LONGEST_MS = WINDOWS.day.slotMs

/** The next state and the points that are complete by it. The same moment again changes nothing; an earlier one begins anew. */
export function advance(
  host: HostId,
  former: HostWindow | null,
  usage: HostUsage | null,
  at: number,
): { readonly window: HostWindow; readonly points: readonly Reached[] } {
  if (former?.at === at) return { window: former, points: [] }
  const ms = at - (former?.at ?? at)
  const before = former !== null && ms > 0 && ms <= LONGEST_MS ? former : null
  const points: Reached[] = []
  const step = (subject: Subject, slots: Kept<unknown, unknown>['slots'], values: Values) => {
    const next = (window: Window): Slot | null => {
      // Nothing is known of a time before the first look.
      if (before === null) return null
      const filled = fill(slots[window], { at, values, ms, slotMs: WINDOWS[window].slotMs })
      if (filled.closed) points.push({ subject, window, point: filled.closed })
      return filled.slot
    }
    return { hour: next('hour'), day: next('day') }
  }
  const machines = (usage?.machines ?? []).map((told): [string, KeptMachine] => {
    const machine = lasting(former?.machines[told.name]?.usage, told)
    const kept = before?.machines[machine.name]
    const rates = machineRates(kept?.usage ?? null, machine, ms)
    const values = MACHINE_MEASURES.map((measure) => rates[measure])
    const slots = step({ kind: 'machine', name: machine.name }, kept?.slots ?? NOTHING, values)
    return [machine.name, { usage: machine, rates, slots }]
  })
  const window = { at, host: stepHost(), machines: Object.fromEntries(machines) }
  return { window, points: [...points, ...endings(host, former, before === null ? null : window)] }

  function stepHost(): KeptHost | null {
    if (usage === null) return null
    const { machines: _all, ...own } = usage
    const kept = before?.host
    const rates = hostRates(kept?.usage ?? null, usage, ms)
    const values = HOST_MEASURES.map((measure) => rates[measure])
    return { usage: own, rates, slots: step({ kind: 'host', id: host }, kept?.slots ?? NOTHING, values) }
  }
}

/** What was begun of machines that have no domain there any more; of all where it begins anew (`window` null). */
function endings(host: HostId, former: HostWindow | null, window: HostWindow | null): readonly Reached[] {
  if (former === null) return []
  const ended = Object.entries(former.machines)
    .filter(([name]) => window === null || !Object.hasOwn(window.machines, name))
    .flatMap(([name, { slots }]) => closed({ kind: 'machine', name }, slots))
  return window === null && former.host ? [...closed({ kind: 'host', id: host }, former.host.slots), ...ended] : ended
}

const closed = (subject: Subject, slots: Kept<unknown, unknown>['slots']): readonly Reached[] =>
  (['hour', 'day'] as const).flatMap((window) => {
    const slot = slots[window]
    const point = slot && mean(slot)
    return point ? [{ subject, window, point }] : []
  })
