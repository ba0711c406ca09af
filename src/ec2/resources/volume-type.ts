import { fault } from '../../faults'
import { VOLUME_TYPES, type VolumeType } from '../../model/storage'
import { shorten } from '../codec'

/** What EC2 gives a volume of a type where nothing is said: whoever says so asks for no more. */
const BASELINES: { readonly [T in VolumeType]?: Performance } = { gp3: { Iops: 3_000, Throughput: 125 } }

interface Performance {
  readonly Iops: number
  readonly Throughput: number
}

/** As EC2 shows it; empty of types that it shows none of here. */
export const performanceOf = (type: VolumeType): Partial<Performance> => BASELINES[type] ?? {}

/** Refuses more than a volume of the type does anyway ('unsupported'); 0 asks for nothing. `within` is the parameter that they are in. */
export function checkPerformance(
  asked: { readonly [P in keyof Performance]?: number | undefined },
  type: VolumeType,
  within?: string,
): void {
  for (const name of ['Iops', 'Throughput'] as const) {
    const baseline = performanceOf(type)[name]
    if (!asked[name] || asked[name] === baseline) continue
    const parameter = within === undefined ? name : `${within}.${name}`
    const only = baseline === undefined ? '0' : `0 or ${baseline}`
    throw fault('unsupported', `The parameter ${parameter} is supported for ${type} only as: ${only}`, {
      field: within ?? name,
    })
  }
}

/** EC2's default is gp2. Hosts have one sort of disk: a type that promises more is refused ('invalid'). */
export function volumeType(asked: string | undefined): VolumeType {
  if (asked === undefined) return 'gp2'
  const known = VOLUME_TYPES.find((type) => type === asked)
  if (known) return known
  throw fault('invalid', `The volume type '${shorten(asked)}' is not offered here; ${VOLUME_TYPES.join(', ')} are`, {
    field: 'VolumeType',
    allowed: VOLUME_TYPES,
  })
}
