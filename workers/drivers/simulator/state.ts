/**
 * What a simulated host is made of, as it lies in the folder: one file per host, one per resource. A resource's file holds the
 * guard's memory *and* the thing itself, so an effect and its kept result are one rename: no kill can part them.
 */
import { z } from 'zod'
import type { WatchState } from '../../../src/model/fencing'
import type { Held } from '../guard/decide'
import {
  capacitySchema,
  definitionSchema,
  effectSchema,
  epochSchema,
  foreignSchema,
  lackSchema,
  nameSchema,
  networkOrderSchema,
  publicOrderSchema,
  ruleSchema,
} from './wire'

const count = z.number().int().nonnegative()

const diskSchema = z.object({ name: nameSchema, sizeGiB: count, from: z.string(), createdAt: z.number() })

const machineSchema = z.object({
  definition: definitionSchema,
  domain: z.enum(['off', 'running', 'paused', 'saved', 'crashed']),
  startedAt: z.number().nullable(),
  /** Its guest does not hear an orderly shutdown. */
  deaf: z.boolean(),
  rules: z.record(z.string(), z.array(ruleSchema)),
  /** By MAC. */
  publics: z.record(z.string(), z.array(publicOrderSchema)).exactOptional(),
  console: z.string(),
  /** Ended by the host's watch when that has run out. */
  restartable: z.boolean().exactOptional(),
  endedByWatch: z.boolean().exactOptional(),
})
const watchStateSchema: z.ZodType<WatchState> = z.object({
  epoch: epochSchema,
  boot: z.string(),
  uptimeMs: z.number(),
  lastsMs: z.number(),
})

const resultSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('done') }),
  z.object({ state: z.literal('refused'), message: z.string() }),
])
const heldSchema: z.ZodType<Held> = z.object({
  epoch: epochSchema,
  results: z.array(z.object({ key: z.string(), era: count, result: resultSchema })),
  work: z.string().nullable(),
})

/** Detached work: what was ordered, and from when to when by the simulator's clock; null: it never ends by itself. */
const workSchema = z.object({
  key: z.string(),
  order: effectSchema,
  startedAt: z.number(),
  endsAt: z.number().nullable(),
  /** A cold move puts a running machine to sleep first and wakes it afterwards, or when it is cancelled. */
  resumes: z.boolean(),
})

export const resourceSchema = z.object({
  name: nameSchema,
  guard: heldSchema,
  machine: machineSchema.nullable(),
  disks: z.array(diskSchema),
  snapshots: z.array(diskSchema),
  work: workSchema.nullable(),
  /** Since when nothing of it is here: only the guard's line is left. */
  departedAt: z.number().nullable(),
  /** How often each effect really changed something here; stays when it departs, for the tests' "once". */
  effects: z.record(z.string(), count),
})

export const hostSchema = z.object({
  name: nameSchema,
  capacity: capacitySchema,
  /** Another one after every restart. */
  boot: z.string(),
  boots: count,
  /** When it was started last, by the simulator's clock. */
  bootedAt: z.number().exactOptional(),
  watch: watchStateSchema.nullable().exactOptional(),
  /** gone: no route to it; silent: takes everything and answers nothing; frozen: does it all when it thaws. */
  contact: z.enum(['ok', 'gone', 'silent', 'frozen']),
  floor: epochSchema,
  foreign: z.array(foreignSchema),
  networks: z.array(networkOrderSchema),
  lacks: z.array(lackSchema),
})

export type Disk = Readonly<z.infer<typeof diskSchema>>
export type Machine = Readonly<z.infer<typeof machineSchema>>
export type Work = Readonly<z.infer<typeof workSchema>>
export type Resource = Readonly<z.infer<typeof resourceSchema>>
export type HostState = Readonly<z.infer<typeof hostSchema>>

/** Whether a host has anything of it, the guard's memory aside. */
export const isPresent = (resource: Resource, host: HostState): boolean =>
  resource.machine !== null ||
  resource.disks.length > 0 ||
  resource.snapshots.length > 0 ||
  resource.work !== null ||
  host.networks.some((network) => network.name === resource.name)
