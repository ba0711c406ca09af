/** `top`: what hosts and machines use now, those that use most CPU first. */
import { z } from 'zod'
import { addLeaf, type Family } from '../leaf'
import { amountIn, bytes, duration, memory, table } from '../output'

const amount = z.number().nullable()
const usage = z.object({
  at: z.string(),
  hosts: z.array(
    z.object({
      name: z.string(),
      simulated: z.boolean(),
      contact: z.string(),
      seenAt: z.string().nullable(),
      cores: amount,
      memoryMiB: amount,
      machines: z.number(),
      load: amount,
      uptimeSeconds: amount,
      cpuCores: amount,
      freeMemoryMiB: amount,
    }),
  ),
  machines: z.array(
    z.object({
      name: z.string(),
      project: z.string(),
      host: z.string().nullable(),
      simulated: z.boolean(),
      state: z.string(),
      cores: z.number(),
      cpuCores: amount,
      memoryMiB: amount,
      receivedBytes: amount,
      sentBytes: amount,
      readBytes: amount,
      writtenBytes: amount,
    }),
  ),
})
export type Usage = z.infer<typeof usage>

const SECONDS = 5
const MOST = 20
/** Home, then clear to the end: the screen of any terminal since the VT100. */
const CLEAR = '\u001b[H\u001b[2J'

const byCpu = (a: { cpuCores: number | null }, b: { cpuCores: number | null }): number =>
  (b.cpuCores ?? -1) - (a.cpuCores ?? -1)

const fixed = (value: number | null): string | null => (value === null ? null : value.toFixed(2))
const rate = (value: number | null): string | null => (value === null ? null : `${bytes(value)}/s`)
const mib = (value: number | null): string | null => (value === null ? null : memory(value))
const named = ({ name, simulated }: { name: string; simulated: boolean }): string =>
  simulated ? `${name} (simulated)` : name

/** Both tables. */
export function screen({ at, hosts, machines }: Usage, most: number): string {
  const seen = (time: string | null): string | null =>
    time === null ? null : `${duration((Date.parse(at) - Date.parse(time)) / 1000)} ago`
  const hostRows = hosts
    .toSorted(byCpu)
    .map((it) => [
      ...[named(it), it.contact, seen(it.seenAt), it.uptimeSeconds === null ? null : duration(it.uptimeSeconds)],
      ...[fixed(it.load), fixed(it.cpuCores), it.cores, mib(it.freeMemoryMiB), mib(it.memoryMiB), it.machines],
    ])
  const rows = machines
    .toSorted(byCpu)
    .slice(0, most)
    .map((it) => [
      ...[named(it), it.project, it.host, it.state, fixed(it.cpuCores), it.cores, mib(it.memoryMiB)],
      ...[rate(it.receivedBytes), rate(it.sentBytes), rate(it.readBytes), rate(it.writtenBytes)],
    ])
  const left = machines.length - rows.length
  const hostHead = ['host', 'contact', 'seen', 'uptime', 'load', 'cpu', 'of cores', 'free', 'of memory', 'machines']
  const head = ['machine', 'project', 'host', 'state', 'cpu', 'of cores', 'memory', 'in', 'out', 'read', 'written']
  return [
    table(hostHead, hostRows, 'no hosts'),
    table(head, rows, 'no machine runs on a host that tells what it uses'),
    ...(left > 0 ? [`${left} more machines; --most shows more\n`] : []),
  ].join('\n')
}

export const topCommand: Family = (root, cli) => {
  addLeaf(root, cli, {
    usage: 'top',
    description: 'what hosts and machines use now, again and again',
    options: [
      ['--once', 'show it once'],
      ['--seconds <seconds>', `how long until it is shown again (default ${SECONDS})`],
      ['--most <machines>', `how many machines are shown (default ${MOST})`],
    ],
    run: async (admin) => usage.parse(await admin.get('/usage')),
    before: ({ options }) => (options.once === undefined && process.stdout.isTTY ? CLEAR : ''),
    show: (found, { options }) => screen(found, amountIn('most', options.most) ?? MOST),
    again: ({ options }) => (options.once ? null : Math.max(1, amountIn('seconds', options.seconds) ?? SECONDS) * 1000),
  })
}
