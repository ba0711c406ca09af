import { type Bench, endMachine, faultOf, machineOn, rootOf, type Stage, through } from './bench'

/** Work that runs on under its key: shown, adopted, alone on its resource, ended by its key only. */
export function detachedCases(bench: Bench): void {
  const copyOf = ({ image }: Stage, name: string) =>
    ({ name: rootOf(name), sizeGiB: image.sizeGiB, source: { from: 'image', ...image } }) as const

  /** A copy that is under way, and its key. */
  const copying = async (stage: Stage): Promise<{ name: string; key: string }> => {
    const name = bench.fresh()
    const ticket = bench.claim(name).effect()
    await stage.slowCopies?.()
    const begun = await stage.driver.disk.ensure(stage.here, ticket, copyOf(stage, name))
    expect(begun).toEqual({ state: 'running', percent: expect.any(Number), lookAgainMs: expect.any(Number) })
    return { name, key: ticket.key }
  }

  bench.testOf('slow copies', 'runs on, is shown by looks and lists, and is no disk yet', async (stage) => {
    const { driver, here } = stage
    const { name, key } = await copying(stage)
    const seen = await driver.find(here, bench.claim(name).look)
    expect(seen).toMatchObject({ disks: [], work: { key, what: 'disk.ensure' } })
    expect((await driver.list(here)).machines.find((one) => one.name === name)?.work?.key).toBe(key)
    await stage.finishCopies?.()
    await through(() => driver.disk.ensure(here, bench.claim(name).effect(key), copyOf(stage, name)))
    expect(await driver.find(here, bench.claim(name).look)).toMatchObject({
      work: null,
      disks: [{ name: rootOf(name) }],
    })
    await endMachine(bench, name)
  })

  bench.testOf('slow copies', 'a newer claim adopts it by its key; the older one is stale', async (stage) => {
    const { driver, here } = stage
    const { name, key } = await copying(stage)
    const older = bench.claim(name)
    const adopted = await driver.disk.ensure(here, bench.claim(name).effect(key), copyOf(stage, name))
    expect(adopted.state).toBe('running')
    await faultOf(driver.disk.ensure(here, older.effect(key), copyOf(stage, name)), 'stale')
    await faultOf(driver.cancel(here, older.effect(key)), 'stale')
    await stage.finishCopies?.()
    expect(
      (await through(() => driver.disk.ensure(here, bench.claim(name).effect(key), copyOf(stage, name)))).state,
    ).toBe('done')
    await endMachine(bench, name)
  })

  bench.testOf('slow copies', 'another key is busy, whatever it orders', async (stage) => {
    const { driver, here } = stage
    const { name, key } = await copying(stage)
    await faultOf(driver.disk.ensure(here, bench.claim(name).effect(), copyOf(stage, name)), 'busy')
    await faultOf(driver.undefine(here, bench.claim(name).effect()), 'busy')
    await faultOf(driver.disk.remove(here, bench.claim(name).effect(), rootOf(name)), 'busy')
    expect((await driver.find(here, bench.claim(name).look)).work?.key).toBe(key)
    await stage.finishCopies?.()
    await through(() => driver.disk.ensure(here, bench.claim(name).effect(key), copyOf(stage, name)))
    await endMachine(bench, name)
  })

  bench.testOf('slow copies', 'cancel of its key ends it, twice; that key does not start again', async (stage) => {
    const { driver, here } = stage
    const { name, key } = await copying(stage)
    for (const _ of [1, 2]) {
      expect(await driver.cancel(here, bench.claim(name).effect(key))).toEqual({ state: 'done', value: null })
      expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ work: null, disks: [], domain: 'absent' })
    }
    await stage.finishCopies?.()
    await faultOf(driver.disk.ensure(here, bench.claim(name).effect(key), copyOf(stage, name)), 'refused')
    expect((await driver.find(here, bench.claim(name).look)).disks).toEqual([])
    const another = bench.claim(name).effect()
    await through(() => driver.disk.ensure(here, another, copyOf(stage, name)))
    await endMachine(bench, name)
  })

  bench.testOf('slow copies', 'cancel of another key ends nothing', async (stage) => {
    const { driver, here } = stage
    const { name, key } = await copying(stage)
    expect((await driver.cancel(here, bench.claim(name).effect())).state).toBe('done')
    expect((await driver.find(here, bench.claim(name).look)).work?.key).toBe(key)
    await stage.finishCopies?.()
    await through(() => driver.disk.ensure(here, bench.claim(name).effect(key), copyOf(stage, name)))
    await endMachine(bench, name)
  })

  bench.test('cancel where nothing is under way is done, and what came first stays', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'on')
    expect((await driver.cancel(here, bench.claim(name).effect())).state).toBe('done')
    expect((await driver.find(here, bench.claim(name).look)).domain).toBe('running')
    await endMachine(bench, name)
  })

  bench.test('an order that comes after its own cancel does nothing', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'off')
    const late = bench.claim(name).effect()
    await driver.cancel(here, bench.claim(name).effect(late.key))
    await faultOf(driver.power(here, bench.claim(name).effect(late.key), { to: 'on' }), 'refused')
    expect((await driver.find(here, bench.claim(name).look)).domain).toBe('off')
    await endMachine(bench, name)
  })
}
