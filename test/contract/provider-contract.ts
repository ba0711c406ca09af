/**
 * What every provider's driver has to do when its wire breaks: nothing is lost; nothing is there twice where the provider is
 * idempotent, and elsewhere the second is found by a list and removed by the poll that shows it.
 */
import type { ProviderWire, WireFault, WireRequest } from '../support/provider-wire'
import { until } from '../support/until'
import { definitionOf, endMachine, faultOf, machineOn, openBench, type Stage, through } from './driver/bench'

export interface WiredStage extends Stage {
  readonly wire: ProviderWire
}

export interface ProviderContract {
  readonly name: string
  readonly open: () => Promise<WiredStage>
  /** Which requests make a machine, end one, stop one, list all. */
  readonly is: Readonly<Record<'create' | 'end' | 'stop' | 'list', (request: WireRequest) => boolean>>
  /** What the provider answers when it asks to wait. */
  readonly throttle: WireFault
  /** The provider makes one machine however often the same order comes. */
  readonly idempotent: 'yes' | 'no'
}

const BROKEN: WireFault = { kind: 'answer', status: 500, body: 'broken' }

export function providerContract({ name, open, is, throttle, idempotent }: ProviderContract): void {
  describe(`provider contract: ${name}`, () => {
    const bench = openBench(open, [])
    const wired = () => bench.stage() as WiredStage
    afterEach(() => wired().wire.calm())

    /** Repeats it under its key through every fault whose outcome is unknown, as the agenda does. */
    const persist = async (order: () => ReturnType<Stage['driver']['define']>): Promise<void> => {
      await until(
        async () => {
          const effect = await order()
          return effect.state === 'done'
        },
        { timeoutMs: 20_000, everyMs: 50, what: 'an effect to be through' },
      )
    }

    /** How many objects bear its mark. */
    const objectsOf = async (machine: string): Promise<number> => {
      const { machines, surplus = [] } = await wired().driver.list(wired().here)
      return (
        machines.filter((one) => one.name === machine).length + surplus.filter((one) => one.machine === machine).length
      )
    }

    const oneAfterPoll = async (machine: string): Promise<void> => {
      const { driver, here } = wired()
      if (idempotent === 'yes') expect(await objectsOf(machine)).toBe(1)
      const { surplus = [] } = await driver.list(here)
      for (const one of surplus) await driver.discard?.(here, one)
      await until(async () => (await objectsOf(machine)) === 1, { what: 'one object' })
      expect(await driver.find(here, bench.claim(machine).look)).toMatchObject({ domain: 'running' })
    }

    const faults: readonly (readonly [string, WireFault])[] = [
      ['the connection is cut before it was done', { kind: 'cut-before' }],
      ['the connection is cut after it was done', { kind: 'cut-after' }],
      ['it answers 500', BROKEN],
      ['it answers 503 after it was done', { kind: 'answer-after', status: 503, body: 'gone' }],
      ['nothing is answered in time', { kind: 'hang' }],
    ]
    test.each(faults)('a machine is made once although %s', async (_what, broken) => {
      const definition = definitionOf(bench.stage(), bench.fresh())
      const { driver, here, wire } = wired()
      const { key } = bench.claim(definition.name).effect()
      wire.next(broken, is.create)
      const first = await driver
        .define(here, bench.claim(definition.name).effect(key), definition)
        .catch((thrown: { kind: string }) => thrown)
      expect(['unreachable', 'timeout', 'running', 'done']).toContain('kind' in first ? first.kind : first.state)
      await persist(() => driver.define(here, bench.claim(definition.name).effect(key), definition))
      await oneAfterPoll(definition.name)
      await endMachine(bench, definition.name)
    })

    test.each(faults)('a machine is ended although %s', async (_what, broken) => {
      const { name: machine } = await machineOn(bench, 'on')
      const { driver, here, wire } = wired()
      const { key } = bench.claim(machine).effect()
      wire.next(broken, is.end)
      await driver.undefine(here, bench.claim(machine).effect(key)).catch(() => undefined)
      await persist(() => driver.undefine(here, bench.claim(machine).effect(key)))
      expect(await objectsOf(machine)).toBe(0)
    })

    test.each(faults)('a machine is stopped although %s', async (_what, broken) => {
      const { name: machine } = await machineOn(bench, 'on')
      const { driver, here, wire } = wired()
      wire.next(broken, is.stop)
      const off = { to: 'off', how: 'hard' } as const
      const { key } = bench.claim(machine).effect()
      await driver.power(here, bench.claim(machine).effect(key), off).catch(() => undefined)
      await persist(() => driver.power(here, bench.claim(machine).effect(key), off))
      expect((await driver.find(here, bench.claim(machine).look)).domain).toBe('off')
      await endMachine(bench, machine)
    })

    test('a list that is broken is a fault, and never an empty list', async () => {
      const { driver, here, wire } = wired()
      for (const broken of [BROKEN, { kind: 'cut-before' }, { kind: 'hang' }] as const) {
        wire.next(broken, is.list)
        await faultOf(driver.list(here), broken.kind === 'hang' ? 'timeout' : 'unreachable')
      }
    })

    test('asked to wait, it is busy: nothing was done, and the same again does it', async () => {
      const definition = definitionOf(bench.stage(), bench.fresh())
      const { driver, here, wire } = wired()
      wire.next(throttle, is.create)
      const ticket = bench.claim(definition.name).effect()
      await faultOf(driver.define(here, ticket, definition), 'busy')
      expect((await driver.find(here, bench.claim(definition.name).look)).domain).toBe('absent')
      await through(() => driver.define(here, ticket, definition))
      await endMachine(bench, definition.name)
    })

    test('what is asked for nobody reads: the secret is in no request', async () => {
      const { wire, here } = wired()
      const { secret } = here.provider?.credentials() ?? { secret: 'none' }
      expect(wire.requests.length).toBeGreaterThan(10)
      for (const { path, body } of wire.requests) {
        expect(path).not.toContain(secret)
        expect(body).not.toContain(secret)
      }
    })
  })
}
