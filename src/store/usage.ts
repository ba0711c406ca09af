/** What hosts and machines use: scripts/keep-usage.lua writes it; it lasts a day beyond the last look. */
import { z } from 'zod'
import type { Flow } from '../model/accounts'
import type { HostId } from '../model/ids'
import { jsonOf } from '../model/json'
import { monthOf } from '../model/providers/money'
import {
  type HostRates,
  type HostWindow,
  type KeptHost,
  type KeptMachine,
  type MachineRates,
  type Point,
  type Reached,
  type Slot,
  type Subject,
  WINDOWS,
  type Window,
} from '../model/usage'
import { checkedId } from './check'
import { integer, items, strings, texts } from './reply'
import { encode, listed, loadScript, runScript, type Site } from './script'

const script = loadScript('keep-usage')
const states = loadScript('usage')

/** So many hosts are asked about by one script: a few ms of Redis' time. */
const CHUNK = 2_000

const KEPT_MS = 24 * 3_600_000

/** False: another look was written since `former` was read; this one is left out. */
export async function keepUsage(
  site: Site,
  host: HostId,
  former: HostWindow | null,
  window: HostWindow,
  points: readonly Reached[],
  flows: readonly Flow[] = [],
): Promise<boolean> {
  const args = [
    ...[checkedId(host), former?.at ?? '', window.at, encode(window.host), encode(window.machines), KEPT_MS],
    ...listed(points, (reached) => {
      const { slotMs, points: most } = WINDOWS[reached.window]
      const { at, values } = reached.point
      return [reached.window, nameOf(reached.subject), encode([at, ...values]), most, slotMs * most]
    }),
    monthOf(window.at),
    ...listed(flows.flatMap(bytesOf), (one) => [one.field, one.bytes]),
  ]
  return integer(await runScript(site, script, args)) === 1
}

const bytesOf = ({ project, host, sentBytes, receivedBytes }: Flow) =>
  [
    { field: `${project} ${host} sent`, bytes: Math.round(sentBytes) },
    { field: `${project} ${host} received`, bytes: Math.round(receivedBytes) },
  ].filter(({ bytes }) => bytes > 0)

const nameOf = (subject: Subject): string =>
  subject.kind === 'host' ? `host:${checkedId(subject.id)}` : `machine:${checkedId(subject.name)}`

/** In the order asked; null for hosts that did not answer for a day. `hosts`: without their machines. */
export async function readUsage(
  site: Site,
  hosts: readonly HostId[],
  what: 'hosts' | 'machines',
): Promise<readonly (HostWindow | null)[]> {
  if (hosts.length === 0) return []
  const fields = ['at', 'host', ...(what === 'machines' ? ['machines'] : [])]
  const parts = Array.from({ length: Math.ceil(hosts.length / CHUNK) }, (_, at) => {
    const asked = hosts.slice(at * CHUNK, (at + 1) * CHUNK)
    return runScript(site, states, [
      ...listed(fields, (field) => [field]),
      ...listed(asked, (host) => [checkedId(host)]),
    ])
  })
  const replies = await Promise.all(parts)
  return replies.flatMap((reply) => items(reply).map((state) => (state === null ? null : windowIn(texts(state)))))
}

/** Oldest first, none older than the window is long. */
export async function readPoints(site: Site, subject: Subject, window: Window, now: number): Promise<readonly Point[]> {
  const { slotMs, points } = WINDOWS[window]
  const key = site.keys.points(window, nameOf(subject))
  const found = strings(await site.link.run((redis) => redis.lrange(key, 0, points - 1)))
  return found
    .flatMap((text) => {
      const parsed = point.safeParse(jsonOf(text))
      const [at, ...values] = parsed.success ? parsed.data : [0]
      return at > now - slotMs * points ? [{ at, values }] : []
    })
    .toReversed()
}

const amount = z.number()
const rate = amount.nullable()
const point = z.tuple([amount], rate)
const slot: z.ZodType<Slot> = z.object({ at: amount, sums: z.array(amount), ms: z.array(amount) })
const slots = z.object({ hour: slot.nullable(), day: slot.nullable() })
const hostRates: z.ZodType<HostRates> = z.object({ cpuCores: rate, load: rate, freeMemoryMiB: rate })
const flows = { receivedBytes: rate, sentBytes: rate, readBytes: rate, writtenBytes: rate }
const machineRates: z.ZodType<MachineRates> = z.object({ cpuCores: rate, memoryMiB: rate, ...flows })
const host: z.ZodType<KeptHost> = z.object({
  usage: z.object({ load: amount, uptimeSeconds: amount, cpuSeconds: amount, freeMemoryMiB: amount }),
  rates: hostRates,
  slots,
})
const counter = amount.nullable()
const counters = { receivedBytes: counter, sentBytes: counter, readBytes: counter, writtenBytes: counter }
const machine: z.ZodType<KeptMachine> = z.object({
  usage: z.object({ name: z.string(), cpuSeconds: amount, memoryMiB: amount, ...counters }),
  rates: machineRates,
  slots,
})
const machines = z.record(z.string(), machine)

/** What another release wrote in another form counts as nothing: it is measured again. */
function windowIn([at, own, all]: readonly (string | null)[]): HostWindow | null {
  if (!at) return null
  const read = { host: host.safeParse(jsonOf(own ?? 'null')), machines: machines.safeParse(jsonOf(all ?? 'null')) }
  return {
    at: Number(at),
    host: read.host.success ? read.host.data : null,
    machines: read.machines.success ? read.machines.data : {},
  }
}
