/**
 * Making a machine: a drive, the image on it, a drive with what the guest is told (NoCloud), an address of its own, then the server, which
 * starts at once. Each call looks first and goes on from what is there, so that it may be repeated by anybody at any time; where it has to
 * wait for the copy it says so and comes back. The server comes last: its drives are whole when it starts.
 *
 * A zone has no idempotency: a call whose answer was lost may have made something that the next look does not show yet. Such a second
 * object bears our mark, and is discarded at the next poll (account.ts); a second server on the same drive is refused by the zone itself.
 */
import { createHash } from 'node:crypto'
import { asFault, type Fault, fault } from '../../../../src/faults'
import type { Epoch } from '../../../../src/model/epoch'
import type { Effect, MachineDefinition } from '../../driver'
import type { Machine } from './account'
import type { Client } from './api/client'
import type { Configuration } from './api/format'
import type { Drive } from './api/objects'
import { nextOfCopy, orderedMark, type Pace } from './copy'
import { marksOf, nameOf } from './marks'
import { serverConfiguration } from './server'
import { imageOf, type Settings } from './settings'

export interface Making {
  readonly client: Client
  readonly settings: Settings
  readonly definition: MachineDefinition
  readonly epoch: Epoch
  readonly now: number
  readonly pace: Pace
}

const DONE: Effect = { state: 'done', value: null }

/** Goes on from what is there. Faults: 'refused' with reason `elsewhere` for what this zone will not do, and those of the calls. */
export async function make(making: Making, machine: Machine): Promise<Effect> {
  try {
    return await goOn(making, machine)
  } catch (thrown) {
    throw notHere(asFault(thrown))
  }
}

/** What is refused here may be taken elsewhere. */
const notHere = (thrown: Fault): Fault =>
  thrown.kind === 'refused' ? fault('refused', thrown.message, { ...thrown.detail, reason: 'elsewhere' }) : thrown

async function goOn(making: Making, machine: Machine): Promise<Effect> {
  const { client, definition } = making
  if (machine.server !== null) {
    // Somebody took the mark off by which the record is known.
    if (machine.server.mark.record !== definition.id)
      await client.setServer(machine.server.id, { 'user:record': definition.id })
    return DONE
  }
  if (definition.order === undefined)
    throw fault('refused', `nothing says what ${definition.name} is to be at its provider`)
  const { image } = definition.order
  // Nothing is made for an image that is not there.
  const source = machine.root === null ? await sourceOf(client, image) : null
  const drive = machine.root ?? (await client.createDrive(rootConfiguration(making)))
  const copied = await copy(making, drive, async () => source ?? (await sourceOf(client, image)))
  if (copied !== 'whole') return copied
  const seed = definition.seed === null ? null : await seedDrive(making, machine, definition.seed)
  const address = await addressFor(making, machine)
  const vlan = await vlanFor(making)
  await client.createServer(serverConfiguration({ ...making, root: drive.id, seed, address, vlan }))
  return DONE
}

const GIB = 1024 ** 3

function rootConfiguration({ definition, epoch }: Making): Configuration {
  const { name, site, size, order } = definition
  const tier = order?.section?.tier
  return {
    name: `${nameOf(site, name)}-root`,
    size: String(Math.max(1, size.diskGiB) * GIB),
    ...marksOf(site, name, epoch),
    'user:role': 'root',
    ...(tier === undefined ? {} : { tier }),
  }
}

interface Source {
  readonly drive: string
  readonly how: 'plain' | 'gunzip'
}

/** Where an image is copied from, and how: standard images are gzip files, drives of our own are not unless it is said. */
async function sourceOf(client: Client, image: string): Promise<Source> {
  const { drive, how } = imageOf(image)
  if (how === undefined && (await client.standardImages()).includes(drive)) return { drive, how: 'gunzip' }
  await client.drive(drive)
  return { drive, how: how ?? 'plain' }
}

/** One step of the copy. */
async function copy(
  { client, now, pace }: Making,
  drive: Drive,
  source: () => Promise<Source>,
): Promise<Effect | 'whole'> {
  const step = nextOfCopy(drive, now, pace)
  const running = (percent: number): Effect => ({ state: 'running', percent, lookAgainMs: pace.lookAgainMs })
  switch (step.kind) {
    case 'whole':
      return 'whole'
    case 'wait':
      return running(step.percent)
    case 'mark':
      await client.setDrive(drive.id, { 'user:copy': step.mark })
      return running(step.percent)
    case 'order': {
      const { drive: from, how } = await source()
      await client.copyImage({ onto: drive.id, from, how })
      await client.setDrive(drive.id, { 'user:copy': orderedMark(drive) })
      return running(0)
    }
  }
}

/**
 * The drive that tells the guest who it is, written whole; its id. The mark names what was written: it is written again where that may
 * not be all of it, or where its owner changed it since.
 */
async function seedDrive({ client, definition, epoch }: Making, { seed }: Machine, base64: string): Promise<string> {
  const { name, site } = definition
  const bytes = Buffer.from(base64, 'base64')
  const written = `written ${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}`
  if (seed?.marks.get('copy') === written) return seed.id
  const size = String(bytes.length)
  const { id } =
    seed ??
    (await client.createDrive({
      name: `${nameOf(site, name)}-seed`,
      size,
      ...marksOf(site, name, epoch),
      'user:role': 'seed',
    }))
  if (seed !== null && seed.size < bytes.length) await client.setDrive(id, { size })
  await client.writeDrive(id, bytes)
  await client.setDrive(id, { 'user:copy': written })
  return id
}

/** The machine's own address; null: any. */
async function addressFor({ client, settings, definition }: Making, { address }: Machine): Promise<string | null> {
  if (settings.address === 'auto') return null
  return (address ?? (await client.createResource('ip', nameOf(definition.site, definition.name)))).id
}

async function vlanFor({ client, settings: { vlan } }: Making): Promise<string | null> {
  if (vlan === null) return null
  const found = await vlanNamed(client, vlan)
  if (found === undefined) throw fault('refused', `there is no VLAN ${vlan} at the provider`)
  return found
}

/** The id of a VLAN by its id or name; of several of one name always the same one. */
export const vlanNamed = async (client: Client, named: string): Promise<string | undefined> =>
  (await client.resources('vlan'))
    .filter(({ id, name }) => id === named || name === named)
    .map(({ id }) => id)
    .toSorted()[0]
