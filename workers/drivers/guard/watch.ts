/** Words of an order to a host's watch, and what the watch says (guard/host/70-watch.sh; the rules: src/model/fencing.ts). */
import { fault } from '../../../src/faults'
import { formatEpoch, parseEpoch } from '../../../src/model/epoch'
import type { WatchOrder, WatchSighting } from '../../../src/model/fencing'

/** Arguments of `watch_take`; none for no order. */
export function watchWords(order: WatchOrder | undefined): readonly string[] {
  if (order === undefined) return []
  const { epoch, floor } = order
  const head = [String(epoch.era), String(epoch.number), floor === null ? '-' : formatEpoch(floor)]
  if (order.state === 'off') return [...head, 'off']
  const { granted, lastsMs } = order
  const time = granted === null ? [] : [granted.boot, String(granted.uptimeMs), String(granted.lastsMs)]
  return [...head, 'on', String(lastsMs), ...time]
}

const SAID = /^(\d+) (on|off) (\d+|-)(?: (\d+\.\d+))?$/

/** The line of `watch_say`. Fault: 'unreachable' for what is none. */
export function parseWatch(line: string): WatchSighting {
  const said = SAID.exec(line.trim())
  if (!said) throw fault('unreachable', `the watch answered ${JSON.stringify(line.slice(0, 80))}, which is no answer`)
  const [, uptime, state, ends, held = ''] = said
  const epoch = parseEpoch(held)
  const time = { uptimeMs: Number(uptime), isOn: state === 'on', endsMs: ends === '-' ? null : Number(ends) }
  return epoch === undefined ? time : { ...time, epoch }
}

export interface WatchMarks {
  readonly restartable: ReadonlySet<string>
  readonly ended: ReadonlySet<string>
}

/** The lines of `watch_marks`. */
export function parseMarks(text: string): WatchMarks {
  const words = text.split('\n').map((line) => line.split(' '))
  const named = (what: string) => new Set(words.flatMap(([name = '', is]) => (is === what ? [name] : [])))
  return { restartable: named('restartable'), ended: named('ended') }
}

/** What a sighting of a machine says of them. */
export const markedAs = (
  { restartable, ended }: WatchMarks,
  name: string,
): { readonly restartable: boolean; readonly endedByWatch?: true } => ({
  restartable: restartable.has(name),
  ...(ended.has(name) ? { endedByWatch: true as const } : {}),
})
