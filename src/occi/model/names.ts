/** Type identifiers and schemes that code refers to by name; everything else about them is data in occi-schemas/. */
import { COMPUTE, NETWORK, NETWORKINTERFACE, STORAGE, STORAGELINK } from '../../model/occi/names'

export * from '../../model/occi/names'

const OCCI = 'http://schemas.ogf.org/occi/'
const INFRASTRUCTURE = `${OCCI}infrastructure#`
/** Fixed for all sites, so that a client's scripts work at each of them; a name, not an address. */
const OURS = 'http://occi-gateway.org/occi/infrastructure/'

/** Extensions of EGI and OpenStack that clients use (rOCCI-core 5.0, `lib/occi/infrastructure_ext`). */
export const SECURITYGROUP = `${INFRASTRUCTURE}securitygroup`
export const IPRESERVATION = `${INFRASTRUCTURE}ipreservation`
export const FLOATINGIPPOOL = 'http://schemas.openstack.org/network#floatingippool'
/** The term is the pool's name. */
export const FLOATINGIPPOOL_SCHEME = 'http://schemas.openstack.org/network/floatingippool#'
export const SECURITYGROUPLINK = `${INFRASTRUCTURE}securitygrouplink`
/** Kinds of ours. */
export const PLACEMENTGROUP = 'http://occi-gateway.org/occi/infrastructure#placementgroup'
export const RESERVATION = 'http://occi-gateway.org/occi/infrastructure#reservation'
/** Those that have entities, in order of announcement. */
export const ENTITY_KINDS: readonly string[] = [
  ...[COMPUTE, NETWORK, NETWORKINTERFACE, STORAGE, STORAGELINK],
  ...[SECURITYGROUP, SECURITYGROUPLINK, IPRESERVATION, PLACEMENTGROUP, RESERVATION],
]
export const IPNETWORK = `${OCCI}infrastructure/network#ipnetwork`
export const IPNETWORKINTERFACE = `${OCCI}infrastructure/networkinterface#ipnetworkinterface`

/** Schemes of our templates: the term is the AMI id, the type's name with `_` for `.`, the zone's name. */
export const OS_TPL_SCHEME = `${OURS}os_tpl#`
export const RESOURCE_TPL_SCHEME = `${OURS}resource_tpl#`
export const AVAILABILITY_ZONE_SCHEME = `${OURS}availability_zone#`
/** What we tell about a compute beyond the standard. */
export const VOLUME = `${OURS}storage#volume`
export const SUBNET = `${OURS}network#subnet`
/** On a compute that is to be started elsewhere when its host is given up. */
export const RESTARTABLE = `${OURS}compute#restartable`
/** Where a compute is to be. */
export const PLACEMENT = `${OURS}compute#placement`
/** What becomes of a compute at providers. */
export const BURST = `${OURS}compute#burst`
/** When a compute needs its place. */
export const LEASE = `${OURS}compute#lease`
/** On a compute that is in a placement group, in reserved capacity or to be in it. */
export const GROUPED = `${OURS}compute#grouped`
export const RESERVED = `${OURS}compute#reserved`
export const INSTANCE = `${OURS}compute#instance`

export const NETWORK_ACTIONS = `${OCCI}infrastructure/network/action#`
export const IPRESERVATION_ACTIONS = `${OCCI}infrastructure/ipreservation/action#`
export const STORAGE_ACTIONS = `${OCCI}infrastructure/storage/action#`

/** A title that no known client trips over: pOCCI splits at `;`, rOCCI at `,`, both without regard to quotes. */
export const toTitle = (text: string): string => text.replace(/[;,"\\\s\p{Cc}]+/gu, ' ').trim()
