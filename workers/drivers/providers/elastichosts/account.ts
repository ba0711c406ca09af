/** What of an account is this site's: each machine with its server, drives and address, and what is there once too often. Pure. */
import type { DomainState, MachineSighting } from '../../../../src/model/machine'
import type { Surplus } from '../../../../src/model/providers/target'
import { byClaim } from '../by-claim'
import type { Drive, Resource, Server, ServerStatus } from './api/objects'
import { type Mark, machineIn, markIn } from './marks'

/** What a zone tells of an account in one look. */
export interface Told {
  readonly servers: readonly Server[]
  readonly drives: readonly Drive[]
  readonly addresses: readonly Resource[]
}

type OurServer = Server & { readonly mark: Mark }
type OurDrive = Drive & { readonly mark: Mark }

/** One machine as it is there. */
export interface Machine {
  readonly name: string
  readonly server: OurServer | null
  readonly root: OurDrive | null
  readonly seed: OurDrive | null
  readonly address: Resource | null
  /** Objects of its mark that are none of these. */
  readonly surplus: readonly Spare[]
}

export interface Spare {
  readonly kind: 'servers' | 'drives' | 'addresses'
  readonly id: string
}

const nothing = (name: string): Machine => ({ name, server: null, root: null, seed: null, address: null, surplus: [] })

interface Group {
  readonly servers: OurServer[]
  readonly drives: OurDrive[]
  readonly addresses: Resource[]
}

/** All machines of the site, by name. */
export function machinesIn({ servers, drives, addresses }: Told, site: string): ReadonlyMap<string, Machine> {
  const groups = new Map<string, Group>()
  const groupOf = (name: string): Group => {
    const known = groups.get(name) ?? { servers: [], drives: [], addresses: [] }
    groups.set(name, known)
    return known
  }
  for (const server of servers) {
    const mark = markIn(server.marks, site)
    if (mark) groupOf(mark.machine).servers.push({ ...server, mark })
  }
  for (const drive of drives) {
    const mark = markIn(drive.marks, site)
    if (mark) groupOf(mark.machine).drives.push({ ...drive, mark })
  }
  for (const address of addresses) {
    const name = machineIn(address.name, site)
    if (name !== undefined) groupOf(name).addresses.push(address)
  }
  return new Map([...groups].map(([name, group]) => [name, machineOf(name, group)]))
}

/** The machine of that name; one of nothing where there is none. */
export const machineNamed = (machines: ReadonlyMap<string, Machine>, name: string): Machine =>
  machines.get(name) ?? nothing(name)

function machineOf(name: string, { servers, drives, addresses }: Group): Machine {
  const [server = null, ...otherServers] = servers.toSorted(byClaim)
  const held = new Set(server?.drives)
  const ofRole = (role: string): readonly OurDrive[] =>
    drives
      .filter((drive) => roleOf(drive) === role)
      // What the machine's server has is the machine's, whoever made it.
      .toSorted((a, b) => Number(held.has(b.id)) - Number(held.has(a.id)) || byClaim(a, b))
  const [root = null, ...otherRoots] = ofRole('root')
  const [seed = null, ...otherSeeds] = ofRole('seed')
  const used = (address: Resource): boolean => server?.fixedAddress === address.id
  const [address = null, ...otherAddresses] = addresses.toSorted(
    (a, b) => Number(used(b)) - Number(used(a)) || (a.id < b.id ? -1 : 1),
  )
  return {
    ...{ name, server, root, seed, address },
    surplus: [
      ...otherServers.map(({ id }) => ({ kind: 'servers', id }) as const),
      ...[...otherRoots, ...otherSeeds].map(({ id }) => ({ kind: 'drives', id }) as const),
      ...otherAddresses.map(({ id }) => ({ kind: 'addresses', id }) as const),
    ],
  }
}

const roleOf = ({ marks }: Drive): 'root' | 'seed' => (marks.get('role') === 'seed' ? 'seed' : 'root')

/** Whether anything of it is there. */
export const isThere = ({ server, root, seed, address }: Machine): boolean =>
  server !== null || root !== null || seed !== null || address !== null

/** Of a status that this driver does not know nothing is done by itself, as of a paused one. */
const DOMAINS = {
  active: 'running',
  stopped: 'off',
  paused: 'paused',
  dumped: 'crashed',
  dead: 'crashed',
  other: 'paused',
} satisfies Record<ServerStatus, DomainState>

/** A machine of which only drives are there is off and without id: still to be made, or to be cleared away. */
export function sightingOf(machine: Machine): MachineSighting {
  const { name, server } = machine
  const bare = { name, id: null, disks: [], interfaces: [], work: null, startedAt: null, whole: true } as const
  if (server === null) return { ...bare, domain: isThere(machine) ? 'off' : 'absent' }
  const { id, status, startedAt, addresses, mark, marks } = server
  const type = marks.get('type')
  return {
    ...bare,
    id: mark.record,
    domain: DOMAINS[status],
    startedAt,
    given: { object: id, ...(type ? { type } : {}), addresses: addresses.map((ip) => ({ ip, scope: 'public' })) },
  }
}

/** `servers/<uuid>`: what a list tells of an object that is too many. */
export const surplusIn = (machines: Iterable<Machine>): readonly Surplus[] =>
  [...machines].flatMap(({ name, surplus }) =>
    surplus.map(({ kind, id }) => ({ machine: name, object: `${kind}/${id}` })),
  )
