/** The hosts a simulator starts with: what `hosts.json` in its folder lists, written there on the first start. */
import { join } from 'node:path'
import { z } from 'zod'
import { readJson, writeJson } from './folder'
import { capacitySchema, nameSchema } from './wire'

export const hostOrderSchema = z.object({ name: nameSchema, capacity: capacitySchema })
export type HostOrder = Readonly<z.infer<typeof hostOrderSchema>>

/** 64 cores, 256 GiB, 4 TiB. */
export const USUAL_CAPACITY = { cpuHundredths: 6_400, memoryMiB: 262_144, diskGiB: 4_096 } as const

/** sim-1 to sim-8. */
export const DEFAULT_POOL: readonly HostOrder[] = Array.from({ length: 8 }, (_, index) => ({
  name: `sim-${index + 1}`,
  capacity: USUAL_CAPACITY,
}))

/** The list in the folder; the default pool, written down, where there is none. */
export function readPool(folder: string): readonly HostOrder[] {
  const path = join(folder, 'hosts.json')
  const listed = readJson(path, z.array(hostOrderSchema))
  if (!listed) writeJson(path, DEFAULT_POOL)
  return listed ?? DEFAULT_POOL
}
