/** What is asked of our driver, in turn: each a test. What it gives is what is told of it. */
import { asFault, fault } from '../../../src/faults'
import type { DomainState, MachineSighting } from '../../../src/model/machine'
import type { Effect } from '../../../workers/drivers/driver'
import { clean } from './clean'
import { disksGiB, priceTrouble } from './image-price'
import { type Stage, ticketFor } from './stage'
import { through } from './through'

export interface Step {
  readonly name: string
  readonly run: (stage: Stage, signal: AbortSignal) => Promise<string>
}

/** ms for one step: stopping a guest may take minutes, and so may the first lines of its console. */
const PATIENCE_MS = 300_000
const LOOK_AGAIN_MS = 1000

const checkAccount: Step['run'] = async ({ driver, host }) => {
  const { findings = [] } = (await driver.check?.(host, 'looks')) ?? {}
  const bad = findings.filter(({ verdict }) => verdict !== 'ok')
  if (findings.length === 0 || bad.length > 0)
    throw fault('refused', bad.map(({ what, detail }) => `${what}: ${detail}`).join('; ') || 'nothing was found')
  return findings.map(({ what, detail }) => `${what} ${detail}`).join(', ')
}

const checkImage: Step['run'] = async ({ call, image }) => {
  const { Images: [found] = [] } = await call((sdk, client, abortSignal) =>
    client.send(new sdk.DescribeImagesCommand({ ImageIds: [image] }), { abortSignal }),
  )
  const trouble = priceTrouble(found)
  if (found === undefined || trouble !== undefined) throw fault('refused', `not with ${image}: ${trouble}`)
  return `${found.PlatformDetails}, ${disksGiB(found)} GiB`
}

const make: Step['run'] = async (stage, signal) => {
  const { driver, host, definition } = stage
  stage.state = 'making'
  try {
    await through(() => driver.define(host, ticketFor(definition.name, 'make'), definition), limits(signal))
  } catch (thrown) {
    // It said no: there is nothing that a later look could show.
    if (asFault(thrown).kind === 'refused') stage.state = 'none'
    throw thrown
  }
  stage.state = 'made'
  return definition.name
}

const look: Step['run'] = async (stage, signal) => {
  const { definition, driver, host } = stage
  const { given, id } = await seen(stage, 'running', signal)
  const { machines, surplus = [] } = await driver.list(host)
  const names = machines.map(({ name }) => name)
  if (id !== definition.id || given?.type !== definition.size.type)
    throw fault('refused', `${given?.object} is a ${given?.type} with the mark of ${id}`)
  if (names.join() !== definition.name || surplus.length > 0)
    throw fault('refused', `there are ${names.join(', ') || 'none'}, and ${surplus.length} too many`)
  return `${given.object}, ${given.addresses.map(({ ip }) => ip).join(', ') || 'without an address'}`
}

const stop: Step['run'] = async (stage, signal) => {
  const { driver, host, definition } = stage
  const off = { to: 'off', how: 'graceful' } as const
  await through(() => driver.power(host, ticketFor(definition.name, 'stop'), off), limits(signal))
  await seen(stage, 'off', signal)
  return 'off'
}

const start: Step['run'] = async (stage, signal) => {
  const { driver, host, definition } = stage
  await through(() => driver.power(host, ticketFor(definition.name, 'start'), { to: 'on' }), limits(signal))
  await seen(stage, 'running', signal)
  return 'running'
}

const readConsole: Step['run'] = async ({ driver, host, definition }, signal) => {
  const read = async (): Promise<Effect<string>> => {
    const { text } = await driver.console(host, ticketFor(definition.name, 'console'))
    return text === '' ? soon() : { state: 'done', value: text }
  }
  const text = await through(read, limits(signal))
  return `${Buffer.byteLength(text)} bytes`
}

const terminate: Step['run'] = async (stage, signal) => {
  const { driver, host, definition } = stage
  await through(() => driver.undefine(host, ticketFor(definition.name, 'end')), limits(signal))
  await seen(stage, 'absent', signal)
  return 'gone'
}

/** Looks until it is in that state: what was done is shown a little later. */
const seen = (
  { driver, host, definition }: Stage,
  domain: DomainState,
  signal: AbortSignal,
): Promise<MachineSighting> =>
  through(async (): Promise<Effect<MachineSighting>> => {
    const sighting = await driver.find(host, ticketFor(definition.name, 'look'))
    return sighting.domain === domain ? { state: 'done', value: sighting } : soon()
  }, limits(signal))

const soon = (): Effect<never> => ({ state: 'running', percent: 0, lookAgainMs: LOOK_AGAIN_MS })
const limits = (signal: AbortSignal) => ({ patienceMs: PATIENCE_MS, signal })

/** All that bears the mark ends. */
export async function cleaning(stage: Stage): Promise<string> {
  const ended = await clean(stage)
  return ended.length === 0 ? 'nothing was left' : `ended ${ended.join(', ')}`
}

export const STEPS: readonly Step[] = [
  { name: 'check the account, the image and the type', run: checkAccount },
  { name: 'check that the image costs nothing beside', run: checkImage },
  { name: 'end what an earlier run left', run: cleaning },
  { name: 'make the machine', run: make },
  { name: 'look at it', run: look },
  { name: 'stop it', run: stop },
  { name: 'start it', run: start },
  { name: 'read its console', run: readConsole },
  { name: 'terminate it', run: terminate },
]
