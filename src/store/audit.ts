/**
 * The audit trail: events, appended to one file a day, then the stream is trimmed.
 *
 * The files are on disk (fsync) before anything is dropped from the stream, and the caller records the position after that.
 * After a crash in between the same events are read again; those that the file has already are left out, and a line that
 * was only half written is written anew.
 */
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../faults'
import { formatRef } from '../model/ids'
import type { SiteEvent, Store } from './store'

export interface Audit {
  readonly store: Pick<Store, 'eventsAfter' | 'trimEvents'>
  /** `<data>/audit` */
  readonly folder: string
  /** Stream id of the last event that was written; '0' at first. */
  readonly after: string
  /** How many events the stream keeps at least. */
  readonly keep?: number
}

const KEEP = 100_000
const BATCH = 1_000
/** Longer than any line: where the last one begins is looked for in here. */
const TAIL_BYTES = 4 * 1024 * 1024

/** Writes all events after a position and trims the stream. Returns the new position. 'unavailable' when the disk refuses. */
export async function writeAudit({ store, folder, after, keep = KEEP }: Audit): Promise<string> {
  let position = after
  for (;;) {
    const events = await store.eventsAfter(position, BATCH)
    const last = events.at(-1)
    if (last) {
      for (const [day, ofDay] of byDay(events)) await append(folder, `${day}.jsonl`, ofDay)
      position = last.streamId
    }
    if (events.length < BATCH) break
  }
  if (position !== after) await store.trimEvents(position, keep)
  return position
}

function byDay(events: readonly SiteEvent[]): ReadonlyMap<string, readonly SiteEvent[]> {
  const days = new Map<string, SiteEvent[]>()
  for (const event of events) {
    const day = new Date(event.at).toISOString().slice(0, 10)
    days.set(day, [...(days.get(day) ?? []), event])
  }
  return days
}

async function append(folder: string, name: string, events: readonly SiteEvent[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const file = await open(join(folder, name), 'a+', 0o600)
    try {
      const { size } = await file.stat()
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES))
      await file.read(tail, 0, tail.length, size - tail.length)
      const { whole, last } = lastLine(tail.toString('utf8'))
      if (!whole) await file.truncate(size - (tail.length - (tail.lastIndexOf('\n') + 1)))
      const news = events.filter(({ streamId }) => last === undefined || later(streamId, last))
      await file.appendFile(news.map((event) => `${JSON.stringify(lineOf(event))}\n`).join(''))
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    throw fault('unavailable', `the audit trail cannot be written: ${name}`, { cause: error })
  }
}

/** Whether the text ends with a whole line, and the stream id of the last whole one. */
function lastLine(text: string): { whole: boolean; last: string | undefined } {
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  return { whole: rest === '', last: /"streamId":"(\d+-\d+)"/.exec(lines.at(-1) ?? '')?.[1] }
}

/** Of two stream ids (`ms-sequence`). */
function later(a: string, b: string): boolean {
  const [aMs = 0, aSequence = 0] = a.split('-').map(Number)
  const [bMs = 0, bSequence = 0] = b.split('-').map(Number)
  return aMs > bMs || (aMs === bMs && aSequence > bSequence)
}

const lineOf = ({ streamId, number, at, what, actor, refs }: SiteEvent) => ({
  streamId,
  number,
  at: new Date(at).toISOString(),
  what,
  ...actor,
  refs: refs.map((ref) => `${formatRef(ref)}@${ref.rev}${ref.gone ? ' gone' : ''}`),
})
