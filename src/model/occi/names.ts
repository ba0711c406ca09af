/**
 * Type identifiers of the standard (GFD.224 §3) and of the extensions that clients use (rOCCI-core 5.0, `lib/occi/infrastructure_ext`,
 * and OpenStack's occi-os): known to who serves OCCI and to who asks others by it.
 */
const OCCI = 'http://schemas.ogf.org/occi/'
const INFRASTRUCTURE = `${OCCI}infrastructure#`

export const ENTITY = `${OCCI}core#entity`
export const RESOURCE = `${OCCI}core#resource`
export const LINK = `${OCCI}core#link`
export const COMPUTE = `${INFRASTRUCTURE}compute`
export const NETWORK = `${INFRASTRUCTURE}network`
export const NETWORKINTERFACE = `${INFRASTRUCTURE}networkinterface`
export const STORAGE = `${INFRASTRUCTURE}storage`
export const STORAGELINK = `${INFRASTRUCTURE}storagelink`

/** Bases that templates depend on. */
export const OS_TPL = `${INFRASTRUCTURE}os_tpl`
export const RESOURCE_TPL = `${INFRASTRUCTURE}resource_tpl`
export const AVAILABILITY_ZONE = `${INFRASTRUCTURE}availability_zone`

/** The same thing twice: of OCCI 1.2, and of OpenStack as rOCCI sends it. */
export const SSH_KEY = `${OCCI}infrastructure/credentials#ssh_key`
export const OPENSTACK_PUBLIC_KEY = 'http://schemas.openstack.org/instance/credentials#public_key'
export const USER_DATA = `${OCCI}infrastructure/compute#user_data`
export const OPENSTACK_USER_DATA = 'http://schemas.openstack.org/compute/instance#user_data'

export const COMPUTE_ACTIONS = `${OCCI}infrastructure/compute/action#`

/** Between gateways of our kind: where an order comes from, and what a partner is offered. Names, not addresses. */
const FEDERATION = 'http://occi-gateway.org/occi/federation'
export const FEDERATION_ORDER = `${FEDERATION}#order`
export const FEDERATION_OFFER = `${FEDERATION}#offer`
/** The term is the instance type's, with `_` for `.`. */
export const FEDERATION_OFFER_SCHEME = `${FEDERATION}/offer#`
/** Attributes of an order, in the mixin above. */
export const ORIGIN = {
  order: 'org.occi-gateway.federation.order',
  path: 'org.occi-gateway.federation.path',
  project: 'org.occi-gateway.federation.project',
  signature: 'org.occi-gateway.federation.signature',
} as const
/** Told back of a machine that has not run yet: whether it will. */
export const ORIGIN_START = 'org.occi-gateway.federation.start'

/** A name as a term that every known client takes: lower case, digits, `-` and `_` (rOCCI fails on a dot). */
export const toTerm = (name: string): string => name.toLowerCase().replace(/[^a-z0-9_-]/g, '_')
