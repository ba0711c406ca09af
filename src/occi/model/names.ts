/** Type identifiers and schemes that code refers to by name; everything else about them is data in occi-schemas/. */
const OCCI = 'http://schemas.ogf.org/occi/'
const INFRASTRUCTURE = `${OCCI}infrastructure#`
/** Fixed for all sites, so that a client's scripts work at each of them; a name, not an address. */
const OURS = 'http://occi-gateway.org/occi/infrastructure/'

export const ENTITY = `${OCCI}core#entity`
export const RESOURCE = `${OCCI}core#resource`
export const LINK = `${OCCI}core#link`
export const COMPUTE = `${INFRASTRUCTURE}compute`
export const NETWORK = `${INFRASTRUCTURE}network`
export const NETWORKINTERFACE = `${INFRASTRUCTURE}networkinterface`
export const STORAGE = `${INFRASTRUCTURE}storage`
export const STORAGELINK = `${INFRASTRUCTURE}storagelink`
/** Extensions of EGI and OpenStack that clients use (occi reference §4). */
export const SECURITYGROUP = `${INFRASTRUCTURE}securitygroup`
export const IPRESERVATION = `${INFRASTRUCTURE}ipreservation`
export const FLOATINGIPPOOL = 'http://schemas.openstack.org/network#floatingippool'
/** The term is the pool's name. */
export const FLOATINGIPPOOL_SCHEME = 'http://schemas.openstack.org/network/floatingippool#'
export const SECURITYGROUPLINK = `${INFRASTRUCTURE}securitygrouplink`
export const IPNETWORK = `${OCCI}infrastructure/network#ipnetwork`
export const IPNETWORKINTERFACE = `${OCCI}infrastructure/networkinterface#ipnetworkinterface`

/** Bases that templates depend on. */
export const OS_TPL = `${INFRASTRUCTURE}os_tpl`
export const RESOURCE_TPL = `${INFRASTRUCTURE}resource_tpl`
export const AVAILABILITY_ZONE = `${INFRASTRUCTURE}availability_zone`

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
export const INSTANCE = `${OURS}compute#instance`

/** The same thing twice: of OCCI 1.2, and of OpenStack as rOCCI sends it. */
export const SSH_KEY = `${OCCI}infrastructure/credentials#ssh_key`
export const OPENSTACK_PUBLIC_KEY = 'http://schemas.openstack.org/instance/credentials#public_key'
export const USER_DATA = `${OCCI}infrastructure/compute#user_data`
export const OPENSTACK_USER_DATA = 'http://schemas.openstack.org/compute/instance#user_data'

export const COMPUTE_ACTIONS = `${OCCI}infrastructure/compute/action#`
export const NETWORK_ACTIONS = `${OCCI}infrastructure/network/action#`
export const STORAGE_ACTIONS = `${OCCI}infrastructure/storage/action#`

/** A name as a term that every known client takes: lower case, digits, `-` and `_` (rOCCI fails on a dot). */
export const toTerm = (name: string): string => name.toLowerCase().replace(/[^a-z0-9_-]/g, '_')

/** A title that no known client trips over: pOCCI splits at `;`, rOCCI at `,`, both without regard to quotes. */
export const toTitle = (text: string): string => text.replace(/[;,"\\\s\p{Cc}]+/gu, ' ').trim()
