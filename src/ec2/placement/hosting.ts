/**
 * What a launch says of the host itself. EC2's tenancies: dedicated is a host with no other project's machines; host is that of the host that
 * is named, which is meant where HostId alone is given. Ours beside: HostId with Tenancy=default, on that host and shared.
 */
import type { Placement } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { type Hosting, hostName } from '../../model/hosting'
import type { ComputeRecord } from '../../model/records'
import type { RunOrder } from '../../operations/operations'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { checkShortNames } from '../resources/short-names'

const TENANCIES = ['default', 'dedicated', 'host'] as const
export type Tenancy = (typeof TENANCIES)[number]
const AFFINITIES = ['default', 'host'] as const
type Affinity = (typeof AFFINITIES)[number]

const PREFIX = 'Placement.'

/** Faults: 'invalid', 'combination', 'missing', 'malformed', 'unsupported' (the site lets nobody name hosts), 'not-found', each naming the parameter. */
export function hostingAsked(
  { HostId, ...asked }: Pick<Placement, 'HostId' | 'Tenancy' | 'Affinity'>,
  { operations }: Pick<Ec2Context, 'operations'>,
): Pick<RunOrder, 'hosting'> {
  const affinity = wordOf(AFFINITIES, asked.Affinity, 'Affinity') ?? 'default'
  const tenancy = wordOf(TENANCIES, asked.Tenancy, 'Tenancy') ?? (HostId ? 'host' : 'default')
  if (!HostId) {
    if (tenancy === 'host')
      throw fault('missing', 'Tenancy=host needs HostId: which host', { field: `${PREFIX}HostId` })
    if (affinity === 'host')
      throw fault('combination', 'Affinity=host goes with HostId only', { field: `${PREFIX}Affinity` })
    return tenancy === 'dedicated' ? { hosting: { alone: true } } : {}
  }
  if (tenancy === 'dedicated')
    throw fault('combination', 'HostId goes with Tenancy=host, or default, not with dedicated', {
      field: `${PREFIX}HostId`,
    })
  checkShortNames('host', [HostId], `${PREFIX}HostId`)
  return {
    hosting: {
      host: operations.hostNamed(HostId),
      ...(tenancy === 'host' ? { alone: true } : {}),
      ...(affinity === 'host' ? { stays: true } : {}),
    },
  }
}

function wordOf<T extends string>(words: readonly T[], given: string | undefined, name: string): T | undefined {
  if (!given) return undefined
  const found = words.find((word) => word === given)
  if (found !== undefined) return found
  throw fault(
    'invalid',
    `Value (${shorten(given)}) for parameter ${PREFIX}${name} is invalid. Expected: ${words.join(', ')}`,
    { field: `${PREFIX}${name}`, allowed: [...words] },
  )
}

export const tenancyOf = ({ alone, host }: Hosting = {}): Tenancy =>
  alone !== true ? 'default' : host === undefined ? 'dedicated' : 'host'

/** Of one that named its host; undefined: it did not. */
export const affinityOf = ({ host, stays }: Hosting = {}): Affinity | undefined =>
  host === undefined ? undefined : stays ? 'host' : 'default'

/** Where one that named its host is, or is to be: whoever names none is told none. */
export const hostIdOf = ({ wish: { hosting }, place }: ComputeRecord): string | undefined =>
  hosting?.host === undefined ? undefined : hostName(place.host ?? hosting.host)

/** Whether it is what the machine has already; it is said at its launch and stays. Faults: 'unsupported', naming what would change. */
export function refuseOtherHosting(
  asked: {
    readonly HostId?: string | undefined
    readonly Tenancy?: string | undefined
    readonly Affinity?: string | undefined
  },
  record: ComputeRecord,
): void {
  const { hosting } = record.wish
  const is = { HostId: hostIdOf(record) ?? '', Tenancy: tenancyOf(hosting), Affinity: affinityOf(hosting) ?? 'default' }
  for (const name of ['HostId', 'Tenancy', 'Affinity'] as const)
    if (asked[name] !== undefined && asked[name] !== is[name])
      throw fault('unsupported', `The parameter ${name} is said when an instance is launched, and stays`, {
        field: name,
      })
}
