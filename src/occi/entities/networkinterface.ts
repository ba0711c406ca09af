/** The interfaces of a compute as links to their networks (GFD.224 §3.4). They have no records: they live in the compute's. */
import { addressOf, isConnected } from '../../model/given-addresses'
import type { ComputeRecord, InterfaceWish } from '../../model/records'
import { COMPUTE, IPNETWORKINTERFACE, NETWORK, NETWORKINTERFACE } from '../model/names'
import { derivedId } from './derived-id'
import type { Attribute, LinkEntity } from './entity'
import { Member } from './member'
import { keptWhile, ownMixins, ownMixinsWithin, type Tagging } from './own-mixins'

const members = keptWhile<ComputeRecord, readonly Member[]>()

/** Its interfaces as members of `/networkinterface/`, in their order; kept as long as the record. */
export const interfaceMembers = (site: Tagging, record: ComputeRecord): readonly Member[] =>
  members(record, ownMixinsWithin(site, record), () =>
    interfacesOf(site, record).map((link) => new Member(link.path, 'links', () => link)),
  )

export const interfacesOf = (site: Tagging, record: ComputeRecord): readonly LinkEntity[] =>
  record.wish.interfaces.map((wish) => linkOf(site, record, wish))

function linkOf(site: Tagging, record: ComputeRecord, wish: InterfaceWish): LinkEntity {
  const id = interfaceId(wish.name)
  const connected = record.seen.contact === 'ok' && isConnected(record, wish)
  const ip = addressOf(record, wish)
  // At a provider the network is the provider's.
  const gateway = record.place.offer === undefined ? site.operations.network(wish.network)?.wish.gateway : undefined
  const address: readonly Attribute[] =
    ip === null
      ? []
      : [
          { name: 'occi.networkinterface.address', value: ip },
          ...(gateway ? [{ name: 'occi.networkinterface.gateway', value: gateway }] : []),
          { name: 'occi.networkinterface.allocation', value: wish.allocation ?? 'dynamic' },
        ]
  const trouble = connected ? undefined : troubleOf(record, wish)
  return {
    kind: NETWORKINTERFACE,
    id,
    path: `/networkinterface/${id}`,
    title: null,
    summary: null,
    mixins: [...(ip === null ? [] : [IPNETWORKINTERFACE]), ...ownMixins(site, wish)],
    attributes: [
      { name: 'occi.networkinterface.interface', value: wish.device },
      { name: 'occi.networkinterface.mac', value: wish.mac },
      ...address,
      { name: 'occi.networkinterface.state', value: connected ? 'active' : 'inactive' },
      ...(trouble === undefined ? [] : [{ name: 'occi.networkinterface.state.message', value: trouble }]),
    ],
    actions: [],
    links: [],
    source: { path: `/compute/${record.id}`, kind: COMPUTE },
    target: { path: `/network/${wish.network}`, kind: NETWORK },
  }
}

/** What its host said when it was to be connected. */
const troubleOf = ({ journal }: ComputeRecord, { mac }: InterfaceWish): string | undefined =>
  journal.trouble?.step === 'connect' && journal.intent?.item === mac ? journal.trouble.message : undefined

/** Its EC2 name `eni-…` is drawn once per interface. */
export const interfaceId = (name: string): string => derivedId(`networkinterface ${name}`)
