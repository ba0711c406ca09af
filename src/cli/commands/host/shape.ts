/** Hosts as the admin API tells them, for people: rows and details. */
import { z } from 'zod'
import { duration, fields, memory } from '../../output'

const amounts = { cpuHundredths: z.number(), memoryMiB: z.number(), diskGiB: z.number() }

const kept = z.object({ cpu: z.string().optional(), memory: z.string().optional() })

export const host = z.looseObject({
  name: z.string(),
  ec2: z.string().optional(),
  zone: z.string(),
  driver: z.string(),
  address: z.string(),
  hostKeys: z.array(z.string()),
  simulated: z.boolean(),
  enabled: z.boolean(),
  removing: z.boolean(),
  drain: z.object({ since: z.string().nullable(), by: z.string(), parallel: z.number() }).nullable(),
  labels: z.record(z.string(), z.string()),
  contact: z.string(),
  lostSince: z.string().nullable(),
  distrustedSince: z.string().nullable(),
  message: z.string().nullable(),
  seenAt: z.string().nullable(),
  version: z.string().nullable(),
  capacity: z.object(amounts).nullable(),
  keeps: kept.optional(),
  zoneKeeps: kept.optional(),
  most: z.object(amounts).nullish(),
  used: z.object({ machines: z.number(), ...amounts }).optional(),
  load: z.number().nullish(),
  uptimeSeconds: z.number().nullish(),
  cpuCores: z.number().nullish(),
  freeMemoryMiB: z.number().nullish(),
  storage: z.array(z.object({ name: z.string(), pool: z.string().nullable(), away: z.boolean() })).optional(),
  lacks: z.array(z.object({ verb: z.string(), because: z.string() })),
  foreign: z.array(z.string()),
  domains: z.array(z.object({ name: z.string(), cores: z.number(), memoryMiB: z.number(), runsHost: z.boolean() })),
  orphans: z.array(z.string()),
  fencing: z.object({
    command: z.array(z.string()).nullable(),
    selfMs: z.number().nullable(),
    grantedAt: z.string().nullable(),
    ordered: z.string().nullable(),
    run: z.object({ at: z.string().nullable(), outcome: z.string(), output: z.string() }).nullable(),
  }),
  fenced: z.object({ how: z.string(), at: z.string().nullable() }).nullable(),
})
export type Host = z.infer<typeof host>
export const hosts = z.object({ hosts: z.array(host) })

const cores = (hundredths: number | undefined): string => (hundredths === undefined ? '-' : String(hundredths / 100))
const share = (used: string, all: string | undefined): string => (all === undefined ? used : `${used} of ${all}`)

/** In one word, worst first. */
export const state = (it: Host): string => {
  if (it.removing) return 'removing'
  if (it.distrustedSince !== null) return 'distrusted'
  if (it.fenced !== null) return 'fenced'
  if (it.drain !== null) return 'draining'
  return it.enabled ? 'enabled' : 'disabled'
}

export const HEAD = ['name', 'zone', 'state', 'contact', 'machines', 'cores', 'memory', 'disk']
export const row = (it: Host) => [
  it.simulated ? `${it.name} (simulated)` : it.name,
  it.zone,
  state(it),
  it.contact,
  it.used?.machines,
  share(cores(it.used?.cpuHundredths), it.capacity ? cores(it.capacity.cpuHundredths) : undefined),
  share(memory(it.used?.memoryMiB ?? 0), it.capacity ? memory(it.capacity.memoryMiB) : undefined),
  share(`${it.used?.diskGiB ?? 0} GiB`, it.capacity ? `${it.capacity.diskGiB} GiB` : undefined),
]

const HOW: Readonly<Record<string, string>> = {
  confirmed: 'an operator said that it is off',
  command: 'its fence command switched it off',
  self: 'it ended what is restartable by itself',
}

function fencing({ fencing: { command, selfMs, grantedAt, ordered, run } }: Host): Record<string, string | null> {
  return {
    'fence command': command === null ? null : command.join(' '),
    'fences itself':
      selfMs === null ? null : `${selfMs / 1000} s after it was heard of (last granted ${grantedAt ?? 'never'})`,
    'fence ordered': ordered,
    'fence run':
      run && `${run.at}: ${run.outcome}${run.output === '' ? '' : `: ${run.output.replaceAll('\n', ' / ')}`}`,
  }
}

/** As it was when it was last seen. */
const use = ({ load, uptimeSeconds, cpuCores, freeMemoryMiB, simulated }: Host): Record<string, string | null> => {
  const told = (text: string): string => (simulated ? `${text} (simulated)` : text)
  return {
    load: typeof load === 'number' ? told(load.toFixed(2)) : null,
    'cores in use': typeof cpuCores === 'number' ? told(cpuCores.toFixed(2)) : null,
    'free memory': typeof freeMemoryMiB === 'number' ? told(memory(freeMemoryMiB)) : null,
    uptime: typeof uptimeSeconds === 'number' ? told(duration(uptimeSeconds)) : null,
  }
}

/** What the host says, else its zone; amounts as `host reserve` is told them. */
function keptBack({ keeps = {}, zoneKeeps = {} }: Host): string {
  const one = (name: 'cpu' | 'memory', amount: (text: string) => string): string[] => {
    const text = keeps[name] ?? zoneKeeps[name]
    if (text === undefined) return []
    const said = text.endsWith('%') ? `${name === 'cpu' ? 'cores' : name} ${text}` : amount(text)
    return [`${said}${keeps[name] === undefined ? ' (its zone)' : ''}`]
  }
  return [
    ...one('cpu', (text) => `cores ${cores(Number(text))}`),
    ...one('memory', (text) => `memory ${text} MiB`),
  ].join(', ')
}

export const details = (it: Host): string =>
  fields({
    name: it.name,
    'EC2 id': it.ec2,
    simulated: it.simulated,
    zone: it.zone,
    state: state(it),
    draining: it.drain && `since ${it.drain.since}, ordered by ${it.drain.by} (host drain ${it.name} --show)`,
    fenced: it.fenced && `${it.fenced.at}: ${HOW[it.fenced.how] ?? it.fenced.how}`,
    driver: it.driver,
    address: it.address,
    'host keys': it.hostKeys.join(', '),
    contact: it.contact,
    'silent since': it.lostSince,
    message: it.message,
    'last seen': it.seenAt,
    version: it.version,
    ...use(it),
    machines: it.used?.machines,
    cores: share(cores(it.used?.cpuHundredths), it.capacity ? cores(it.capacity.cpuHundredths) : undefined),
    memory: share(memory(it.used?.memoryMiB ?? 0), it.capacity ? memory(it.capacity.memoryMiB) : undefined),
    'kept back': keptBack(it),
    'to give away': it.most && `${cores(it.most.cpuHundredths)} cores, ${memory(Math.floor(it.most.memoryMiB))}`,
    disk: share(`${it.used?.diskGiB ?? 0} GiB`, it.capacity ? `${it.capacity.diskGiB} GiB` : undefined),
    storage: (it.storage ?? []).map(({ name, away }) => (away ? `${name} (away)` : name)).join(', '),
    labels: Object.entries(it.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
    ...fencing(it),
    'runs the host': it.domains.flatMap(({ name, runsHost }) => (runsHost ? [name] : [])).join(', '),
    'foreign domains': it.foreign.length === 0 ? '' : `${it.foreign.join(', ')} (host adopt takes one over)`,
    orphans:
      it.orphans.length === 0
        ? ''
        : `${it.orphans.join(', ')} (our mark and no record of it here: docs/xen.md, Orphans)`,
  })
