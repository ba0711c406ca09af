import { type Bench, definitionOf, endMachine, faultOf, machineOn, rootOf, through, twice } from './bench'

/** define and undefine. */
export function machineCases(bench: Bench): void {
  bench.test('define twice is one machine, off, with its record and disk', async ({ driver, here }) => {
    const definition = await machineOn(bench, 'off')
    const { name, id } = definition
    const ticket = bench.claim(name).effect()
    await through(() => driver.define(here, ticket, definition))
    expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ name, id, domain: 'off', startedAt: null })
    expect((await driver.list(here)).machines.filter((one) => one.name === name)).toHaveLength(1)
    await endMachine(bench, name)
  })

  bench.test('another definition replaces it while it is off, and is refused while it runs', async (stage) => {
    const { driver, here } = stage
    const definition = await machineOn(bench, 'off')
    const { name } = definition
    const otherwise = { ...definition, interfaces: definitionOf(stage, name).interfaces }
    const ticket = bench.claim(name).effect()
    await through(() => driver.define(here, ticket, otherwise))
    const macs = otherwise.interfaces.map((one) => one.mac)
    expect((await driver.find(here, bench.claim(name).look)).interfaces).toEqual(macs)
    const on = bench.claim(name).effect()
    await through(() => driver.power(here, on, { to: 'on' }))
    await faultOf(driver.define(here, bench.claim(name).effect(), definition), 'refused')
    expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ domain: 'running', interfaces: macs })
    await endMachine(bench, name)
  })

  bench.test('undefine twice; the disk stays', async ({ driver, here, image }) => {
    const { name } = await machineOn(bench, 'off')
    for (const ticket of twice(bench, name)) {
      await through(() => driver.undefine(here, ticket))
      expect(await driver.find(here, bench.claim(name).look)).toMatchObject({
        id: null,
        disks: [{ name: rootOf(name), sizeGiB: image.sizeGiB, attached: false }],
      })
    }
    await endMachine(bench, name)
  })

  bench.test('undefine of a running machine is refused', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'on')
    await faultOf(driver.undefine(here, bench.claim(name).effect()), 'refused')
    expect((await driver.find(here, bench.claim(name).look)).domain).toBe('running')
    await endMachine(bench, name)
  })

  bench.testOf('capacity', 'a machine larger than the host is refused and leaves nothing', async (stage) => {
    const { driver, here } = stage
    const { capacity } = await driver.capacity(here)
    for (const more of [{ cpuHundredths: capacity.cpuHundredths + 100 }, { memoryMiB: capacity.memoryMiB + 1 }]) {
      const name = bench.fresh()
      const definition = { ...definitionOf(stage, name), disks: [], size: { ...stage.size, ...more } }
      await faultOf(driver.define(here, bench.claim(name).effect(), definition), 'refused')
      expect((await driver.find(here, bench.claim(name).look)).domain).toBe('absent')
    }
  })

  bench.test('the end of a machine leaves nothing, and twice is once', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'on')
    await endMachine(bench, name)
    expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ id: null, domain: 'absent', disks: [] })
    await endMachine(bench, name)
    expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ id: null, domain: 'absent', disks: [] })
  })
}
