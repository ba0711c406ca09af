import type { Size } from '../../../src/model/machine'
import type { MachineDefinition } from '../../../workers/drivers/driver'
import { type Bench, definitionOf, endMachine, faultOf, rootOf, through, twice } from './bench'

/** resize: another size while it runs, within the most that it was defined with. */
export function sizeCases(bench: Bench): void {
  /** A machine that runs and may have twice its cores and a quarter more memory. */
  const growing = async (): Promise<MachineDefinition> => {
    const stage = bench.stage()
    const { driver, here, image, size } = stage
    const name = bench.fresh()
    const { effect } = bench.claim(name)
    const [disk, defined, on] = [effect(), effect(), effect()]
    const most = { cores: 2 * size.cores, memoryMiB: (size.memoryMiB * 5) / 4 }
    const definition = { ...definitionOf(stage, name), most }
    const root = { name: rootOf(name), sizeGiB: image.sizeGiB, source: { from: 'image' as const, ...image } }
    await through(() => driver.disk.ensure(here, disk, root))
    await through(() => driver.define(here, defined, definition))
    await through(() => driver.power(here, on, { to: 'on' }))
    return definition
  }
  /** To the end: its guest may take a while. */
  const resize = (name: string, size: Size, ticket = bench.claim(name).effect()) => {
    const { driver, here } = bench.stage()
    return through(async () => {
      if (!driver.resize) throw new Error('it is said to resize, and cannot')
      return driver.resize(here, ticket, size)
    })
  }
  const see = (name: string) => {
    const { driver, here } = bench.stage()
    return driver.find(here, bench.claim(name).look)
  }

  bench.testOf(
    'resize',
    'more cores and memory while it runs, twice; it stays so when it is started again',
    async () => {
      const { driver, here, size } = bench.stage()
      const { name, most } = await growing()
      const { startedAt } = await see(name)
      const more = { ...size, ...most, cpuHundredths: 2 * size.cpuHundredths }
      for (const ticket of twice(bench, name))
        expect(await resize(name, more, ticket)).toEqual({ state: 'done', value: null })
      expect(await see(name)).toMatchObject({ domain: 'running', startedAt, running: most })
      for (const to of [{ to: 'off', how: 'hard' }, { to: 'on' }] as const) {
        const ticket = bench.claim(name).effect()
        await through(() => driver.power(here, ticket, to))
      }
      expect((await see(name)).running).toEqual(most)
      // Fewer cores are no matter of the guest's memory.
      await resize(name, { ...more, cores: size.cores })
      expect((await see(name)).running).toEqual({ ...most, cores: size.cores })
      await endMachine(bench, name)
    },
  )

  bench.testOf('resize', 'less memory, or more of anything than its most, is refused and changes nothing', async () => {
    const { size } = bench.stage()
    const { name, most } = await growing()
    const { running } = await see(name)
    for (const change of [
      { memoryMiB: size.memoryMiB - 1 },
      { memoryMiB: (most?.memoryMiB ?? 0) + 1 },
      { cores: (most?.cores ?? 0) + 1 },
    ])
      await faultOf(resize(name, { ...size, ...change }), 'refused')
    expect((await see(name)).running).toEqual(running)
    await endMachine(bench, name)
  })

  bench.testOf('resize', 'of what is off or not there it is refused', async () => {
    const { driver, here, size } = bench.stage()
    const { name } = await growing()
    const off = bench.claim(name).effect()
    await through(() => driver.power(here, off, { to: 'off', how: 'hard' }))
    for (const one of [name, bench.fresh()]) await faultOf(resize(one, size), 'refused')
    await endMachine(bench, name)
  })
}
