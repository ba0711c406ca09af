/** What an operator may say of an account beside its key: the settings of kind `elastichosts` (src/model/providers/record.ts). */
import { fault } from '../../../../src/faults'
import { isUuid } from '../../../../src/model/ids'
import { MHZ_PER_CORE } from '../../../../src/model/providers/record'
import type { ProviderTarget } from '../../../../src/model/providers/target'
import type { Format } from './api/format'

export interface Settings {
  readonly format: Format
  /** Core-MHz that one of our cores is. */
  readonly mhzPerCore: number
  /** Each machine's public address: any, or one of its own that it keeps while it is stopped. */
  readonly address: 'auto' | 'static'
  readonly nic: 'virtio' | 'e1000' | 'rtl8139'
  readonly bus: 'ide' | 'virtio'
  /** The private network of all our machines there, by id or name; null: none. */
  readonly vlan: string | null
}

const USUAL_MHZ = 2000

/** `section`: what an order says instead. Fault: 'refused', naming the setting. */
export function settingsOf(
  { settings: usual }: Pick<ProviderTarget, 'settings'>,
  section: Readonly<Record<string, string>> = {},
): Settings {
  const settings = { ...usual, ...section }
  const word = <T extends string>(name: string, allowed: readonly [T, ...T[]]): T => {
    const said = settings[name]
    const found = said === undefined ? allowed[0] : allowed.find((one) => one === said)
    if (found === undefined) throw fault('refused', `setting ${name} is ${said}, and may be ${allowed.join(' or ')}`)
    return found
  }
  const { mhzPerCore: mhz = String(USUAL_MHZ), vlan } = settings
  const { least, most } = MHZ_PER_CORE
  if (!/^[1-9][0-9]{0,4}$/.test(mhz) || Number(mhz) < least || Number(mhz) > most)
    throw fault('refused', `setting mhzPerCore is ${mhz}, and may be ${least} to ${most}`)
  return {
    format: word('format', ['json', 'text']),
    mhzPerCore: Number(mhz),
    address: word('address', ['auto', 'static']),
    nic: word('nic', ['virtio', 'e1000', 'rtl8139']),
    bus: word('bus', ['ide', 'virtio']),
    vlan: vlan ?? null,
  }
}

export interface Image {
  /** Id of a drive that can be copied. */
  readonly drive: string
  /** Absent: it is found out, standard images being gzip files. */
  readonly how?: 'gunzip'
}

/** `<uuid>`, or `<uuid>/gunzip` for a drive that holds a gzip file. Fault: 'refused', for this provider only. */
export function imageOf(image: string): Image {
  const [drive = '', how, ...more] = image.toLowerCase().split('/')
  if (!isUuid(drive) || (how !== undefined && how !== 'gunzip') || more.length > 0)
    throw fault('refused', `image ${image} is no drive there: <uuid> or <uuid>/gunzip`, { reason: 'elsewhere' })
  return how === undefined ? { drive } : { drive, how }
}
