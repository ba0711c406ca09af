import { type Bench, endMachine, faultOf, machineOn, rootOf, through } from './bench'

/** Afterwards the other host has all of it, this one nothing. */
export function moveCases(bench: Bench): void {
  const move = async (name: string, how: 'live' | 'cold') => {
    const { driver, here, there } = bench.stage()
    const ticket = bench.claim(name).effect()
    await through(() => driver.move(here, ticket, { to: there, how }))
  }

  const cases = [
    { how: 'live', power: 'on', after: 'running' },
    { how: 'cold', power: 'on', after: 'running' },
    { how: 'cold', power: 'off', after: 'off' },
  ] as const
  for (const { how, power, after } of cases)
    bench.testOf(`move-${how}`, `${how} of a machine that is ${power}, twice`, async ({ driver, here, there }) => {
      const { name, id } = await machineOn(bench, power)
      for (const _ of [1, 2]) {
        await move(name, how)
        expect(await driver.find(there, bench.claim(name).look)).toMatchObject({ id, domain: after, work: null })
        expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ id: null, domain: 'absent', disks: [] })
      }
      expect((await driver.list(there)).machines.find((one) => one.name === name)?.disks).toMatchObject([
        { name: rootOf(name), attached: true },
      ])
      await endMachine(bench, name, there)
    })

  bench.testOf('move-live', 'a machine that is off does not move live', async ({ driver, here, there }) => {
    const { name } = await machineOn(bench, 'off')
    await faultOf(driver.move(here, bench.claim(name).effect(), { to: there, how: 'live' }), 'refused')
    expect((await driver.find(here, bench.claim(name).look)).domain).toBe('off')
    expect((await driver.find(there, bench.claim(name).look)).domain).toBe('absent')
    await endMachine(bench, name)
  })

  bench.testOf('move-cold', 'after a move the other host refuses older claims', async ({ driver, there }) => {
    const { name } = await machineOn(bench, 'on')
    const older = bench.claim(name)
    await move(name, 'cold')
    await faultOf(driver.find(there, older.look), 'stale')
    await faultOf(driver.power(there, older.effect(), { to: 'off', how: 'hard' }), 'stale')
    await endMachine(bench, name, there)
  })
}
