/** Public addresses as they stand. Another project's address does not exist. */
import { fault } from '../../faults'
import type { AddressId } from '../../model/ids'
import { ipOf, isLeased } from '../../model/provider-addresses'
import { addressState } from '../../model/public-addresses'
import { type AddressRecord, type ComputeRecord, isAddressUp } from '../../model/records'
import type { Mirror } from '../../store/store'
import type { Caller, Context } from '../context'
import { freshEverywhere } from '../watch-computes'
import type { AddressView } from './operations'

type Reads = Pick<Mirror, 'get'>

export function viewOf(mirror: Reads, record: AddressRecord): AddressView {
  const { holder, pool } = record.wish
  const machine = holder === null ? undefined : mirror.get('compute', holder.compute)
  const state = addressState(record, (id) => mirror.get('compute', id))
  const message = ofProvider(record) ?? (isAddressUp(record.wish) ? messageOf(state, machine) : levelOf(state))
  const provider = record.wish.atProvider ? mirror.get('host', pool) : undefined
  return { record, state, message, pool: mirror.get('network', pool), ...(provider ? { provider } : {}) }
}

/** Why it is not had or not given back yet; null: nothing stands in the way there. */
function ofProvider({ journal, wish, seen }: AddressRecord): string | null {
  if (journal?.stuck) return journal.stuck.message
  if (journal?.trouble) return `${journal.trouble.message}; it is tried again`
  if (wish.atProvider && seen === null && wish.releasedAt === undefined) return 'its provider is asked for it'
  return null
}

const levelOf = (state: AddressView['state']): string =>
  state === 'associated' ? 'it is being taken down' : 'it was taken down: it leads nowhere until it is up again'

function messageOf(state: AddressView['state'], machine: ComputeRecord | undefined): string | null {
  if (state === 'disassociating') return 'its last machine has not let go of it yet'
  if (state !== 'associating' || machine === undefined) return null
  const { trouble } = machine.journal
  if (trouble?.step === 'publish') return `${trouble.message}; it is tried again`
  return machine.place.host === null ? 'its machine waits for a place' : 'it is on its way to its machine'
}

/** 'not-found' for what is not there. */
export const noAddress = (id: string) =>
  fault('not-found', `there is no address ${id}`, { subject: { kind: 'address', id } })

/** Whosever it is, by UUID, EC2 name or the address itself. From the mirror as it is. Faults: 'not-found'. */
export function addressWith(mirror: Pick<Mirror, 'all'>, word: string): AddressRecord {
  const found = mirror.all('address').find((record) => [record.id, record.wish.name, ipOf(record)].includes(word))
  if (found === undefined) throw noAddress(word)
  return found
}

/** From the mirror as it is. Faults: 'not-found'. */
export function ownAddress(mirror: Reads, { project }: Pick<Caller, 'project'>, id: AddressId): AddressRecord {
  const record = mirror.get('address', id)
  if (record?.project !== project || !isLeased(record)) throw noAddress(id)
  return record
}

/** In order of creation. */
export async function listAddresses({ mirror }: Context, { project }: Caller): Promise<readonly AddressView[]> {
  await mirror.fresh(project)
  return mirror
    .list('address', project)
    .filter(isLeased)
    .map((record) => viewOf(mirror, record))
}

/** Faults: 'not-found'. */
export async function getAddress({ mirror }: Context, caller: Caller, id: AddressId): Promise<AddressView> {
  await mirror.fresh(caller.project)
  return viewOf(mirror, ownAddress(mirror, caller, id))
}

/** Whosever it is. Faults: 'not-found'. */
export async function findAddress(context: Context, word: string): Promise<AddressView> {
  await freshEverywhere(context)
  return viewOf(context.mirror, addressWith(context.mirror, word))
}

/** All projects', in order of creation; those too that their provider has not taken back yet. */
export async function listAllAddresses(context: Context): Promise<readonly AddressView[]> {
  await freshEverywhere(context)
  return context.mirror.all('address').map((record) => viewOf(context.mirror, record))
}
