/** The bench that a driver is tested on: fresh machines, claims with ever newer epochs, effects repeated until they are through. */
import { Fault, type FaultKind } from '../../../src/faults'
import type { Epoch } from '../../../src/model/epoch'
import type { Size, Verb } from '../../../src/model/machine'
import type { ProviderOrder } from '../../../src/model/providers/target'
import type {
  BootOrder,
  Driver,
  Effect,
  EffectTicket,
  HostTarget,
  MachineDefinition,
  NetworkOrder,
  Ticket,
} from '../../../workers/drivers/driver'
import { through as repeated } from '../../support/through'

/** Means of the test that a driver's host may not offer, and `pause`, which no front knows. */
export type Means =
  | 'lost answers'
  | 'slow copies'
  | 'capacity'
  | 'pause'
  | 'foreign domains'
  | 'own disks'
  | 'disk contents'
/** Verbs that a driver may lack: then they are to be refused by name before anything happens. */
export type LackedVerb = Extract<
  Verb,
  | 'suspend'
  | 'reboot'
  | 'reset'
  | 'attach-disk'
  | 'detach-disk'
  | 'grow-disk'
  | 'snapshot-disk'
  | 'attach-network'
  | 'detach-network'
  | 'rules'
  | 'addresses'
  | 'resize'
  | 'console'
  | 'move-live'
  | 'move-cold'
  | 'adopt'
>
export type What = Means | LackedVerb
export interface Lack {
  readonly what: What
  readonly because: string
}

export interface MadeForeign {
  readonly uuid: string
  readonly mac: string
  readonly diskGiB: number
  readonly memoryMiB: number
  /** Whether what its disk lies on is still there as it was made. */
  isKept(): boolean
}

export interface Stage {
  readonly driver: Driver
  readonly here: HostTarget
  readonly there: HostTarget
  readonly site: string
  readonly image: { readonly image: string; readonly sizeGiB: number }
  readonly network: NetworkOrder
  /** How machines are started; left out where a disk boots by itself. */
  readonly boot?: BootOrder
  /** At a provider: what is ordered there. A machine is made and ended by one call each then. */
  readonly order?: ProviderOrder
  /** The smallest machine that runs the image. */
  readonly size: Size
  /** ms, where an effect may take longer than a minute. */
  readonly patienceMs?: number
  /** Makes a domain that runs, by other hands than ours: with two cores, a disk `xvda` and one interface. */
  makeForeign?(name: string): Promise<MadeForeign>
  /** Writes a text into a disk where it lies: at its beginning and in its midst. Left out where 'disk contents' are lacked. */
  writeInto?(host: HostTarget, disk: string, text: string): Promise<void>
  /** Alike for two disks of which every byte is alike. Left out where 'disk contents' are lacked. */
  contentsOf?(host: HostTarget, disk: string): Promise<string>
  /** The next answer to an effect on this resource is lost; with `forgets` its kept result too. Left out where it is lacked. */
  loseNextAnswer?(resource: string, what: 'answer' | 'answer and result'): Promise<void>
  /** From now on copies take their time, until `finishCopies`. */
  slowCopies?(): Promise<void>
  finishCopies?(): Promise<void>
  close(): Promise<void>
}

/** One claim on a resource: its looks and effects name its epoch. */
export interface Claim {
  readonly resource: string
  readonly epoch: Epoch
  readonly look: Ticket
  /** A ticket under a fresh key, or under a given one. */
  effect(key?: string): EffectTicket
}

export interface Bench {
  readonly stage: () => Stage
  /** A test; where `what` is lacked it says so and why instead. */
  test(name: string, run: (stage: Stage) => Promise<void>): void
  testOf(what: What, name: string, run: (stage: Stage) => Promise<void>): void
  /** A name that no machine bore before. */
  fresh(): string
  /** A newer claim than all before. */
  claim(resource: string): Claim
}

/** How long an effect may take here, ms; a stage may say otherwise. */
const PATIENCE_MS = 60_000
let patienceMs = PATIENCE_MS
const ERA = 1_700_000_000_000

export function openBench(open: () => Promise<Stage>, lacks: readonly Lack[]): Bench {
  let opened: Stage | undefined
  let drawn = Math.floor(Math.random() * 0xffff_ffff)
  let number = 1
  beforeAll(async () => {
    opened = await open()
    patienceMs = opened.patienceMs ?? PATIENCE_MS
  })
  afterAll(() => opened?.close())
  const stage = (): Stage => {
    if (!opened) throw new Error('the stage is not open')
    return opened
  }
  const fresh = (): string => `i-${(++drawn).toString(16).padStart(17, '0')}`
  const claim = (resource: string): Claim => {
    const epoch = { era: ERA, number: ++number }
    const effect = (key = `${resource}/test/up/${++number}`): EffectTicket => ({ resource, epoch, key })
    return { resource, epoch, look: { resource, epoch }, effect }
  }
  return {
    stage,
    fresh,
    claim,
    test: (name, run) => test(name, () => run(stage())),
    testOf: (what, name, run) => {
      const lack = lacks.find((one) => one.what === what)
      // The driver declares that it cannot do this; its reason is in the name.
      if (lack) test.skip(`${name} (lacks ${what}: ${lack.because})`, () => undefined)
      else test(name, () => run(stage()))
    },
  }
}

/** Repeats an effect under its key until it is through. */
export const through = async <T = null>(order: () => Promise<Effect<T>>): Promise<Effect<T>> => ({
  state: 'done',
  value: await repeated(order, { patienceMs, mostMs: 500 }),
})

/** The fault that a call ends with; fails the test when it ends well or otherwise. */
export async function faultOf(call: Promise<unknown>, kind: FaultKind): Promise<Fault> {
  const thrown: unknown = await call.then(
    (value) => new Error(`expected '${kind}', got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (!(thrown instanceof Fault)) throw thrown
  expect({ kind: thrown.kind, message: thrown.message }).toEqual({ kind, message: expect.any(String) })
  return thrown
}

let macs = 0
export const freshMac = (): string => {
  const [high, low] = [Math.floor(++macs / 256), macs % 256]
  return `02:00:00:00:${high.toString(16).padStart(2, '0')}:${low.toString(16).padStart(2, '0')}`
}

export const rootOf = (name: string): string => `${name}-root`

/** A machine's definition with its root disk and one interface. */
export const definitionOf = ({ size, site, network, boot, order }: Stage, name: string): MachineDefinition => ({
  name,
  id: `00000000-0000-4000-8000-${name.slice(-12)}`,
  site,
  size,
  disks: [{ name: rootOf(name), device: '/dev/sda1' }],
  interfaces: [{ mac: freshMac(), address: null, network }],
  ...(boot ? { boot } : {}),
  ...(order ? { order } : {}),
  seed: null,
})

/** A machine with its disk, defined and off, or running. Returns its definition. */
export async function machineOn(bench: Bench, power: 'off' | 'on', name = bench.fresh()): Promise<MachineDefinition> {
  const stage = bench.stage()
  const { driver, here } = stage
  const claim = bench.claim(name)
  const definition = definitionOf(stage, name)
  const disk = { name: rootOf(name), sizeGiB: stage.image.sizeGiB, source: { from: 'image', ...stage.image } } as const
  if (stage.order) return wholeOn(bench, power, definition)
  const [diskTicket, defineTicket, powerTicket] = [claim.effect(), claim.effect(), claim.effect()]
  await through(() => driver.disk.ensure(here, diskTicket, disk))
  await through(() => driver.define(here, defineTicket, definition))
  if (power === 'on') await through(() => driver.power(here, powerTicket, { to: 'on' }))
  return definition
}

/** It runs as soon as it is there. */
async function wholeOn(bench: Bench, power: 'off' | 'on', definition: MachineDefinition): Promise<MachineDefinition> {
  const { driver, here } = bench.stage()
  const claim = bench.claim(definition.name)
  const [made, off] = [claim.effect(), claim.effect()]
  await through(() => driver.define(here, made, definition))
  if (power === 'off') await through(() => driver.power(here, off, { to: 'off', how: 'hard' }))
  return definition
}

/** Ends a machine wherever it is: off, undefined, disk removed. */
export async function endMachine(bench: Bench, name: string, host: HostTarget = bench.stage().here): Promise<void> {
  const { driver } = bench.stage()
  const claim = bench.claim(name)
  const [off, gone, disk] = [claim.effect(), claim.effect(), claim.effect()]
  await through(() => driver.power(host, off, { to: 'off', how: 'hard' }))
  await through(() => driver.undefine(host, gone))
  await through(() => driver.disk.remove(host, disk, rootOf(name)))
}

/** Tickets of two claims, the second drawn when the first is used up: an effect and the same again. */
export function* twice(bench: Bench, resource: string): Generator<EffectTicket> {
  yield bench.claim(resource).effect()
  yield bench.claim(resource).effect()
}
