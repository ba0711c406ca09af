/** What is promised on the site's hosts, and to whom later: for operators, since it names hosts. */
import { fault } from '../../faults'
import { HOUR_MS } from '../../model/durations'
import { calendarOf } from '../../model/placement'
import type { Context } from '../context'
import { freshEverywhere } from '../watch-computes'
import { claimedHosts } from './hosts'
import type { Awaited, CalendarAsk, CalendarView } from './operations'

/** A year. */
const MOST_HOURS = 8784

/** Faults: 'invalid', 'unavailable'. */
export async function readCalendar(context: Context, { hours, zone }: CalendarAsk): Promise<CalendarView> {
  if (!Number.isInteger(hours) || hours < 1 || hours > MOST_HOURS)
    throw fault('invalid', `hours is a whole number from 1 to ${MOST_HOURS}`, { field: 'hours' })
  await freshEverywhere(context)
  const hosts = await claimedHosts(context)
  const zones = [...new Set(hosts.map(({ record }) => record.wish.zone))].sort()
  if (zone !== undefined && !zones.includes(zone))
    throw fault('invalid', `there is no availability zone ${zone.slice(0, 64)}`, { field: 'zone', allowed: zones })
  const from = context.clock.now()
  const to = from + hours * HOUR_MS
  const inside = hosts.filter(({ record }) => zone === undefined || record.wish.zone === zone)
  const named = (name: string): string => context.mirror.get('compute', name)?.wish.name ?? name
  return {
    ...{ from, to },
    rows: calendarOf(inside, { from, to }).map((row) => ({
      ...row,
      entries: row.entries.map((entry) => ({ ...entry, name: named(entry.name) })),
    })),
    waiting: waitingIn(context),
  }
}

const waitingIn = ({ mirror }: Context): readonly Awaited[] =>
  mirror
    .all('compute')
    .flatMap(({ wish, place: { waiting } }) =>
      wish.exists && waiting?.lease && waiting.gaveUp === undefined
        ? [{ name: wish.name, ...waiting.lease, ahead: waiting.ahead ?? 0 }]
        : [],
    )
    .toSorted(
      (a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY) || (a.name < b.name ? -1 : 1),
    )
