import { fault } from '../../../src/faults'
import {
  type Bench,
  definitionOf,
  endMachine,
  faultOf,
  freshMac,
  type Lack,
  type LackedVerb,
  machineOn,
  rootOf,
  type Stage,
} from './bench'

const DISK = 'vol-none'

/** How each verb is asked for. */
const ASK: Record<LackedVerb, (stage: Stage, bench: Bench, name: string) => Promise<unknown>> = {
  suspend: ({ driver, here }, bench, name) => driver.save(here, bench.claim(name).effect()),
  reboot: ({ driver, here }, bench, name) => driver.power(here, bench.claim(name).effect(), { again: 'reboot' }),
  reset: ({ driver, here }, bench, name) => driver.power(here, bench.claim(name).effect(), { again: 'reset' }),
  'attach-disk': ({ driver, here }, bench, name) =>
    driver.disk.attach(here, bench.claim(name).effect(), { name: DISK, device: '/dev/sdf' }),
  'detach-disk': ({ driver, here }, bench, name) => driver.disk.detach(here, bench.claim(name).effect(), DISK),
  'grow-disk': ({ driver, here }, bench, name) => driver.disk.grow(here, bench.claim(name).effect(), rootOf(name), 9),
  'snapshot-disk': ({ driver, here }, bench, name) =>
    driver.disk.snapshot(here, bench.claim(name).effect(), rootOf(name), 'snap-1'),
  'attach-network': ({ driver, here, network }, bench, name) =>
    driver.network.attach(here, bench.claim(name).effect(), { mac: freshMac(), address: null, network }),
  'detach-network': ({ driver, here }, bench, name) =>
    driver.network.detach(here, bench.claim(name).effect(), freshMac()),
  resize: async ({ driver, here, size }, bench, name) =>
    driver.resize?.(here, bench.claim(name).effect(), { ...size, cores: size.cores + 1 }) ?? faultless(),
  rules: ({ driver, here }, bench, name) => driver.network.rules(here, bench.claim(name).effect(), freshMac(), []),
  addresses: ({ driver, here, network }, bench, name) =>
    driver.network.publish(here, bench.claim(name).effect(), freshMac(), [
      { ip: '198.51.100.9', privateAddress: '10.0.0.9', network },
    ]),
  console: ({ driver, here }, bench, name) => driver.console(here, bench.claim(name).look),
  adopt: ({ driver, here }, bench, name) =>
    driver.adopt?.(here, bench.claim(name).effect(), definitionOf(bench.stage(), name)) ?? faultless(),
  'move-live': ({ driver, here, there }, bench, name) =>
    driver.move(here, bench.claim(name).effect(), { to: there, how: 'live' }),
  'move-cold': ({ driver, here, there }, bench, name) =>
    driver.move(here, bench.claim(name).effect(), { to: there, how: 'cold' }),
}

/** A driver without the verb at all: its hosts say so, and nobody can ask. */
const faultless = () => Promise.reject(fault('unsupported', 'the driver does not know the verb'))

/** What is lacked is declared by the host with its reason, and refused as 'unsupported' before anything happens. */
export function lackCases(bench: Bench, lacks: readonly Lack[]): void {
  const verbs = lacks.flatMap(({ what }) => (what in ASK ? [what as LackedVerb] : []))

  bench.test('the host declares exactly the verbs that are lacked, each with its reason', async ({ driver, here }) => {
    const { lacks: declared } = (await driver.capacity(here)).capabilities
    expect(declared.map((one) => one.verb).sort()).toEqual([...verbs].sort())
    for (const { because } of declared) expect(because).not.toBe('')
  })

  for (const verb of verbs)
    bench.test(`${verb} is unsupported, and nothing has happened`, async (stage) => {
      const { name } = await machineOn(bench, 'on')
      const before = await stage.driver.find(stage.here, bench.claim(name).look)
      await faultOf(ASK[verb](stage, bench, name), 'unsupported')
      expect(await stage.driver.find(stage.here, bench.claim(name).look)).toEqual(before)
      await endMachine(bench, name)
    })
}
