/** `xl list -l`: JSON of how each domain was made; it carries no state (that is `xl list`'s). */
import { z } from 'zod'
import { notAnAnswer } from './answer'

const LONG = z.array(
  z.object({
    domid: z.number(),
    config: z.object({
      c_info: z.object({ type: z.string().optional(), name: z.string().optional(), uuid: z.string().optional() }),
      b_info: z.object({
        max_vcpus: z.number().optional(),
        max_memkb: z.number().optional(),
        sched_params: z.object({ weight: z.number().optional() }).optional(),
      }),
      disks: z
        .array(z.object({ pdev_path: z.string().optional(), vdev: z.string(), format: z.string().optional() }))
        .optional(),
      nics: z.array(z.object({ mac: z.string(), bridge: z.string().optional() })).optional(),
    }),
  }),
)

export interface LongDomain {
  readonly domid: number
  readonly type: string
  readonly name: string
  readonly uuid: string | null
  readonly vcpus: number | null
  readonly maxKiB: number | null
  readonly weight: number | null
  readonly disks: readonly { readonly path: string; readonly vdev: string; readonly format: string | null }[]
  readonly nics: readonly { readonly mac: string; readonly bridge: string | null }[]
}

export function parseListLong(text: string): readonly LongDomain[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw notAnAnswer('xl list -l', text)
  }
  const parsed = LONG.safeParse(json)
  if (!parsed.success) throw notAnAnswer('xl list -l', parsed.error.message)
  return parsed.data.map(({ domid, config: { c_info, b_info, disks = [], nics = [] } }) => ({
    domid,
    type: c_info.type ?? '',
    name: c_info.name ?? '',
    uuid: c_info.uuid ?? null,
    vcpus: b_info.max_vcpus ?? null,
    maxKiB: b_info.max_memkb ?? null,
    weight: b_info.sched_params?.weight ?? null,
    disks: disks.map(({ pdev_path, vdev, format }) => ({ path: pdev_path ?? '', vdev, format: format ?? null })),
    nics: nics.map(({ mac, bridge }) => ({ mac, bridge: bridge ?? null })),
  }))
}
