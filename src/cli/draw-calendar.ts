/** A calendar as text: hosts and what is promised there below each other, time across. Pure. */

import { inUtc } from '../model/local-time'
import type { Calendar } from './calendar-shape'
import { table } from './output'

const MINUTE_MS = 60_000
/** A column is one of these long: the first with which all of it has at most so many columns. */
const STEPS_MIN = [5, 10, 15, 30, 60, 120, 360, 720, 1440, 2880, 10_080]
const MOST_COLUMNS = 60
const LABEL_EVERY = 6

type Host = Calendar['hosts'][number]

export function draw({ from, to, hosts, waiting }: Calendar): string {
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  const minutes = STEPS_MIN.find((step) => (end - begin) / (step * MINUTE_MS) <= MOST_COLUMNS) ?? 10_080
  const step = minutes * MINUTE_MS
  const times = Array.from({ length: Math.ceil((end - begin) / step) }, (_, at) => begin + at * step)
  const rows = hosts.flatMap((host) => [
    { title: `${host.host} (${host.zone})`, bar: times.map((at) => level(host, at, at + step)).join('') },
    ...host.entries.map((entry) => ({
      title: `  ${entry.name}${entry.places === 1 ? '' : ` x${entry.places}`} ${entry.kind}`,
      bar: times.map((at) => (overlaps(entry, at, at + step) ? (SIGNS[entry.kind] ?? '=') : ' ')).join(''),
    })),
  ])
  const width = Math.max(12, ...rows.map(({ title }) => title.length))
  const line = (title: string, bar: string): string => `${title.padEnd(width)} |${bar.padEnd(times.length)}|\n`
  return [
    `${inUtc(begin)} to ${inUtc(end)}, a column is ${lasting(minutes)}\n`,
    `hosts: tenths that are promised, . nothing, # all; below: = a lease, - one that is planned, r a reservation, ~ gives way\n\n`,
    ...(rows.length === 0
      ? ['no hosts\n']
      : [axis(times, width, minutes), ...rows.map(({ title, bar }) => line(title, bar))]),
    ...(waiting.length === 0 ? [] : ['\n', queue(waiting)]),
  ].join('')
}

const SIGNS: Readonly<Record<string, string>> = { lease: '=', planned: '-', reservation: 'r', 'gives way': '~' }

const lasting = (minutes: number): string =>
  minutes % 1440 === 0 ? `${minutes / 1440} d` : minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`

/** Where a column's clock, or its day, is written. */
function axis(times: readonly number[], width: number, minutes: number): string {
  const labels = times.map((at, index) => {
    if (index % LABEL_EVERY > 0) return ''
    const iso = new Date(at).toISOString()
    return (minutes >= 1440 ? iso.slice(5, 10) : iso.slice(11, 16)).padEnd(LABEL_EVERY)
  })
  return `${' '.repeat(width)} |${labels.join('').slice(0, times.length).padEnd(times.length)}|\n`
}

const overlaps = ({ from, until }: Host['entries'][number], begin: number, end: number): boolean =>
  Date.parse(from) < end && (until === null || Date.parse(until) > begin)

/** The most that is promised in a column, of the amount of which least is left. */
function level({ usable, free }: Host, begin: number, end: number): string {
  const times = free.map((one) => Date.parse(one.from))
  const within = free.filter((_, at) => (times[at] ?? 0) < end && (times[at + 1] ?? Number.POSITIVE_INFINITY) > begin)
  const shares = within.flatMap((one) =>
    (['cpuHundredths', 'memoryMiB'] as const).map((amount) =>
      usable[amount] > 0 ? 1 - one[amount] / usable[amount] : 1,
    ),
  )
  const share = Math.max(0, ...shares)
  if (share <= 0) return '.'
  return share >= 0.995 ? '#' : String(Math.max(1, Math.min(9, Math.floor(share * 10))))
}

const queue = (waiting: Calendar['waiting']): string =>
  table(
    ['waits', 'begins', 'before it', 'because'],
    waiting.map((one) => [one.name, one.at === null ? null : inUtc(Date.parse(one.at)), one.ahead, one.says]),
    '',
  )
