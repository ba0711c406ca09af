/** The words on the simulator's socket, one JSON value per line: requests, answers, and the one parser of each. */
import { z } from 'zod'
import { fault } from '../../../src/faults'
import type { ForeignMachine, TakenOver } from '../../../src/model/adoption'
import { formatEpoch, parseEpoch } from '../../../src/model/epoch'
import type { WatchOrder, WatchSighting } from '../../../src/model/fencing'
import { BOOT_MODES } from '../../../src/model/images'
import type { MachineSighting, Verb } from '../../../src/model/machine'
import type { EffectTicket, HostListing, HostProbe, HostUsage, MachineUsage, Ticket } from '../driver'

const amount = z.number().int().nonnegative()
/** Also the name of a file, so nothing that leads elsewhere. */
export const nameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/)

export const epochSchema = z.object({ era: amount, number: amount })
const epochText = z.string().transform((text, context) => {
  const epoch = parseEpoch(text)
  if (epoch) return epoch
  context.addIssue({ code: 'custom', message: 'not an epoch' })
  return z.NEVER
})

export const sizeSchema = z.object({
  type: z.string(),
  cores: amount,
  cpuHundredths: amount,
  memoryMiB: amount,
  diskGiB: amount,
})
const amountsSchema = z.object({ cores: amount, memoryMiB: amount })
export const capacitySchema = z.object({ cpuHundredths: amount, memoryMiB: amount, diskGiB: amount })

const source = z.discriminatedUnion('from', [
  z.object({ from: z.literal('image'), image: z.string(), sizeGiB: amount }),
  z.object({ from: z.literal('snapshot'), snapshot: nameSchema }),
  z.object({ from: z.literal('blank') }),
])
export const diskOrderSchema = z.object({ name: nameSchema, sizeGiB: amount, source })
export const networkOrderSchema = z.object({
  name: nameSchema,
  bridge: z.string(),
  vlan: amount.nullable(),
  cidr: z.string(),
  gateway: z.string(),
})
export const interfaceOrderSchema = z.object({
  mac: z.string(),
  address: z.string().nullable(),
  network: networkOrderSchema,
})
export const ruleSchema = z.object({
  direction: z.enum(['in', 'out']),
  protocol: z.enum(['tcp', 'udp', 'icmp', 'all']),
  ports: z.object({ from: amount, to: amount }).nullable(),
  peer: z.string(),
})
export const publicOrderSchema = z.object({
  ip: z.string(),
  privateAddress: z.string(),
  network: networkOrderSchema,
})
const attachment = z.object({ name: nameSchema, device: z.string() })
const foreignDisk = z.object({ device: z.string(), format: z.enum(['raw', 'qcow2']), path: z.string() })
const foreignBoot = z.object({
  mode: z.enum(BOOT_MODES),
  cmdline: z.string().nullable(),
  kernel: z.string().nullable(),
  initramfs: z.string().nullable(),
  settings: z.record(z.string(), z.union([z.string(), z.number()])),
})
const takenOver: z.ZodType<TakenOver> = z.object({
  boot: foreignBoot,
  disks: z.array(foreignDisk.extend({ name: nameSchema })),
})
export const definitionSchema = z.object({
  name: nameSchema,
  id: z.string(),
  site: z.string(),
  size: sizeSchema,
  most: amountsSchema.exactOptional(),
  disks: z.array(attachment),
  interfaces: z.array(interfaceOrderSchema),
  takenOver: takenOver.exactOptional(),
  seed: z.string().nullable(),
})
const powerSchema = z.union([
  z.object({ to: z.enum(['on', 'paused', 'unpaused']) }),
  z.object({ to: z.literal('off'), how: z.enum(['graceful', 'hard']) }),
  z.object({ again: z.enum(['reboot', 'reset']) }),
])

const named = z.object({ name: nameSchema })
const verb = <V extends string, A extends z.ZodType>(word: V, args: A) => z.object({ verb: z.literal(word), args })

/** Everything that is done to one resource under an intent's key. */
export const effectSchema = z.discriminatedUnion('verb', [
  verb('disk.ensure', diskOrderSchema),
  verb('disk.remove', named),
  verb('disk.attach', attachment),
  verb('disk.detach', named),
  verb('disk.grow', z.object({ name: nameSchema, sizeGiB: amount })),
  verb('disk.snapshot', z.object({ name: nameSchema, snapshot: nameSchema })),
  verb('network.ensure', networkOrderSchema),
  verb('network.remove', named),
  verb('network.attach', interfaceOrderSchema),
  verb('network.detach', z.object({ mac: z.string() })),
  verb('network.rules', z.object({ mac: z.string(), rules: z.array(ruleSchema) })),
  verb('network.publish', z.object({ mac: z.string(), publics: z.array(publicOrderSchema) })),
  verb('define', definitionSchema),
  verb('undefine', z.object({})),
  verb('adopt', definitionSchema),
  verb('power', powerSchema),
  verb('save', z.object({})),
  verb('resize', sizeSchema),
  verb('mark', z.object({ as: z.enum(['restartable', 'plain']) })),
  verb('move', z.object({ to: nameSchema, how: z.enum(['live', 'cold']) })),
])
export type EffectOrder = z.infer<typeof effectSchema>
export type OrderOf<V extends EffectOrder['verb']> = Extract<EffectOrder, { verb: V }>['args']

export const ticketSchema = z.object({ resource: nameSchema, epoch: epochText, key: z.string().max(300).optional() })
export const requestSchema = z.object({
  id: z.number().int(),
  verb: z.string(),
  host: nameSchema.optional(),
  ticket: ticketSchema.optional(),
  args: z.unknown().optional(),
})
export type Request = z.infer<typeof requestSchema>

/** What a request brought, checked; 'refused' says what is wrong with it. */
export function parseArgs<T>(schema: z.ZodType<T>, args: unknown): T {
  const parsed = schema.safeParse(args)
  if (parsed.success) return parsed.data
  throw fault('refused', `malformed: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`)
}

/** A ticket as it goes over the wire. */
export const ticketOnWire = (ticket: Ticket | EffectTicket) => ({
  resource: ticket.resource,
  epoch: formatEpoch(ticket.epoch),
  ...('key' in ticket ? { key: ticket.key } : {}),
})

// ---------------------------------------------------------------- answers

export const faultSchema = z.object({
  kind: z.enum(['stale', 'busy', 'refused', 'unsupported', 'unreachable', 'timeout']),
  message: z.string(),
  held: z.string().optional(),
})
export type FaultOnWire = z.infer<typeof faultSchema>
export const answerSchema = z.union([
  z.object({ id: z.number().int(), ok: z.unknown() }),
  z.object({ id: z.number().int(), fault: faultSchema }),
])

export const effectAnswer = z.union([
  z.object({ state: z.literal('done'), value: z.null() }),
  z.object({ state: z.literal('running'), percent: z.number(), lookAgainMs: z.number() }),
])

export const VERBS = [
  'create',
  'start',
  'stop',
  'reboot',
  'reset',
  'suspend',
  'save',
  'move-live',
  'move-cold',
  'attach-disk',
  'detach-disk',
  'grow-disk',
  'snapshot-disk',
  'attach-network',
  'detach-network',
  'rules',
  'resize',
  'addresses',
  'console',
  'adopt',
] as const satisfies readonly Verb[]
export const lackSchema = z.object({ verb: z.enum(VERBS), because: z.string() })
const foreignDomain = z.object({ name: nameSchema, size: sizeSchema, runsHost: z.boolean().exactOptional() })
/** A foreign domain of a simulated host; with `machine` as much of it as can be told to who wants to take it over. */
export const foreignSchema = foreignDomain.extend({
  machine: z
    .object({
      uuid: z.uuid(),
      domain: z.enum(['running', 'paused', 'off', 'crashed']),
      boot: foreignBoot,
      disks: z.array(foreignDisk.extend({ sizeGiB: amount })),
      interfaces: z.array(z.object({ mac: z.string(), bridge: z.string(), address: z.string().nullable() })),
      obstacles: z.array(z.string()),
    })
    .exactOptional(),
})
export const foreignMachineSchema: z.ZodType<ForeignMachine> = foreignSchema.shape.machine
  .unwrap()
  .extend({ name: z.string(), size: sizeSchema })

export const sightingSchema: z.ZodType<MachineSighting> = z.object({
  name: z.string(),
  id: z.string().nullable(),
  domain: z.enum(['absent', 'off', 'running', 'paused', 'saved', 'crashed']),
  disks: z.array(z.object({ name: z.string(), sizeGiB: amount, attached: z.boolean() })),
  interfaces: z.array(z.string()),
  publics: z.array(z.object({ ip: z.string(), mac: z.string() })).exactOptional(),
  work: z.object({ key: z.string(), what: z.string(), percent: z.number() }).nullable(),
  startedAt: z.number().nullable(),
  running: amountsSchema.exactOptional(),
  restartable: z.boolean().exactOptional(),
  endedByWatch: z.boolean().exactOptional(),
})
const probe = z.object({
  capacity: capacitySchema,
  capabilities: z.object({ lacks: z.array(lackSchema) }),
  boot: z.string(),
  version: z.string(),
})
const watchSchema: z.ZodType<WatchSighting> = z.object({
  uptimeMs: z.number(),
  isOn: z.boolean(),
  endsMs: z.number().nullable(),
  epoch: epochSchema.exactOptional(),
})
const measure = z.number().nonnegative()
const machineUsageSchema: z.ZodType<MachineUsage> = z.object({
  name: z.string(),
  cpuSeconds: measure,
  memoryMiB: measure,
  receivedBytes: measure,
  sentBytes: measure,
  readBytes: measure,
  writtenBytes: measure,
})
const usageSchema: z.ZodType<HostUsage> = z.object({
  load: measure,
  uptimeSeconds: measure,
  cpuSeconds: measure,
  freeMemoryMiB: measure,
  machines: z.array(machineUsageSchema),
})
export const probeSchema: z.ZodType<HostProbe> = probe
export const listingSchema: z.ZodType<HostListing> = probe.extend({
  machines: z.array(sightingSchema),
  volumes: z.array(z.string()).exactOptional(),
  foreign: z.array(foreignDomain),
  watch: watchSchema.exactOptional(),
  usage: usageSchema.exactOptional(),
})

const granted = z.object({ boot: z.string(), uptimeMs: z.number(), lastsMs: z.number() })
export const watchOrderSchema: z.ZodType<WatchOrder> = z.discriminatedUnion('state', [
  z.object({ state: z.literal('off'), epoch: epochSchema, floor: epochSchema.nullable() }),
  z.object({
    state: z.literal('on'),
    epoch: epochSchema,
    floor: epochSchema.nullable(),
    lastsMs: z.number(),
    granted: granted.nullable(),
  }),
])
export const consoleSchema = z.object({ text: z.string(), at: z.number() })
