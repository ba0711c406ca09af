import { type Bench, endMachine, faultOf, machineOn, rootOf, type Stage, through } from './bench'

/** Afterwards the other host has all of it, this one nothing. */
export function moveCases(bench: Bench): void {
  const move = async (name: string, how: 'live' | 'cold') => {
    const { driver, here, there } = bench.stage()
    const ticket = bench.claim(name).effect()
    await through(() => driver.move(here, ticket, { to: there, how }))
  }

  bench.testOf('disk contents', 'what is on a disk can be told, so moves are to bring it', async (stage) => {
    const { name } = await machineOn(bench, 'off')
    const [empty, full] = [await stage.contentsOf?.(stage.here, rootOf(name)), await written(stage, name)]
    expect(empty).toEqual(expect.any(String))
    expect(full).toEqual(expect.any(String))
    expect(full).not.toBe(empty)
    await endMachine(bench, name)
  })

  const cases = [
    { how: 'live', power: 'on', after: 'running' },
    { how: 'cold', power: 'on', after: 'running' },
    { how: 'cold', power: 'off', after: 'off' },
  ] as const
  for (const { how, power, after } of cases)
    bench.testOf(`move-${how}`, `${how} of a machine that is ${power}, twice`, async (stage) => {
      const { driver, here, there } = stage
      const { name, id } = await machineOn(bench, power)
      const contents = await written(stage, name)
      for (const _ of [1, 2]) {
        await move(name, how)
        expect(await driver.find(there, bench.claim(name).look)).toMatchObject({ id, domain: after, work: null })
        expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ id: null, domain: 'absent', disks: [] })
        expect(await stage.contentsOf?.(there, rootOf(name))).toBe(contents)
      }
      expect((await driver.list(there)).machines.find((one) => one.name === name)?.disks).toMatchObject([
        { name: rootOf(name), attached: true },
      ])
      await endMachine(bench, name, there)
    })

  bench.testOf('move-cold', 'cold of a machine that is suspended, twice: it sleeps on', async (stage) => {
    const { driver, here, there } = stage
    const { name, id } = await machineOn(bench, 'on')
    const saved = bench.claim(name).effect()
    await through(() => driver.save(here, saved))
    const contents = await written(stage, name)
    for (const _ of [1, 2]) {
      await move(name, 'cold')
      expect(await driver.find(there, bench.claim(name).look)).toMatchObject({ id, domain: 'saved', startedAt: null })
      expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ id: null, domain: 'absent', disks: [] })
      expect(await stage.contentsOf?.(there, rootOf(name))).toBe(contents)
    }
    const on = bench.claim(name).effect()
    await through(() => driver.power(there, on, { to: 'on' }))
    expect((await driver.find(there, bench.claim(name).look)).domain).toBe('running')
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

/** A machine's disk here, with something on it: what it is then. Nothing where contents cannot be told. */
async function written(stage: Stage, name: string): Promise<string | undefined> {
  await stage.writeInto?.(stage.here, rootOf(name), `what ${name} has`)
  return stage.contentsOf?.(stage.here, rootOf(name))
}
