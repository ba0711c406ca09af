/** One domain of `xl list -l` as far as taking it over needs it: libxl's own names of things (libxl_types.idl). */
import { z } from 'zod'

const texts = z.record(z.string(), z.unknown())

const disk = z.looseObject({
  pdev_path: z.string().optional(),
  vdev: z.string().default(''),
  format: z.string().optional(),
  script: z.string().optional(),
  readwrite: z.number().optional(),
  is_cdrom: z.number().optional(),
  backend_domname: z.string().optional(),
  backend_domid: z.number().optional(),
})
export type LongDisk = z.infer<typeof disk>

const nic = z.looseObject({
  mac: z.string(),
  bridge: z.string().optional(),
  ip: z.string().optional(),
  model: z.string().optional(),
  script: z.string().optional(),
  backend_domname: z.string().optional(),
  backend_domid: z.number().optional(),
  rate_bytes_per_interval: z.number().optional(),
})
export type LongNic = z.infer<typeof nic>

const long = z.looseObject({
  c_info: z.looseObject({ type: z.string(), name: z.string().optional(), uuid: z.string() }),
  b_info: z.looseObject({
    max_vcpus: z.number().optional(),
    avail_vcpus: z.array(z.number()).optional(),
    max_memkb: z.number(),
    kernel: z.string().optional(),
    ramdisk: z.string().optional(),
    cmdline: z.string().optional(),
  }),
  disks: z.array(disk).default([]),
  nics: z.array(nic).default([]),
})
export type LongConfig = z.infer<typeof long>

const all = z.array(z.object({ domid: z.number(), config: texts }))

/** By the domain's number; what cannot be read of one is left out. undefined: it is no list of domains at all. */
export function parseLong(text: string): ReadonlyMap<number, LongConfig> | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  const parsed = all.safeParse(json)
  if (!parsed.success) return undefined
  return new Map(
    parsed.data.flatMap(({ domid, config }) => {
      const one = long.safeParse(config)
      return one.success ? [[domid, one.data] as const] : []
    }),
  )
}

const NOTHING: readonly unknown[] = [undefined, null, '', 0, 'False', '<default>', 'Disabled', 'disabled', 'none']

/** Whether a value of libxl's says no more than that nothing was said. */
export const saysNothing = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length === 0
  if (typeof value === 'object' && value !== null) return Object.values(value).every(saysNothing)
  return NOTHING.includes(value)
}
