import { type Bench, definitionOf, endMachine, faultOf, machineOn, through } from './bench'

/** Machines at a provider: define makes and starts one, undefine ends all of it. */
export function wholeCases(bench: Bench): void {
  bench.test('what is made runs, bears its record, and says what its provider gave it', async ({ driver, here }) => {
    const { name, id } = await machineOn(bench, 'on')
    const seen = await driver.find(here, bench.claim(name).look)
    expect(seen).toMatchObject({ name, id, domain: 'running', work: null, whole: true, disks: [], interfaces: [] })
    expect(seen.startedAt).toBeGreaterThan(0)
    expect(seen.given?.object).toMatch(/./)
    await endMachine(bench, name)
  })

  bench.test('made again, under the same key and under another one, it is one machine', async (stage) => {
    const { driver, here } = stage
    const definition = definitionOf(stage, bench.fresh())
    const { name } = definition
    const first = bench.claim(name).effect()
    await through(() => driver.define(here, first, definition))
    const { given } = await driver.find(here, bench.claim(name).look)
    for (const ticket of [bench.claim(name).effect(first.key), bench.claim(name).effect()])
      await through(() => driver.define(here, ticket, definition))
    const listing = await driver.list(here)
    expect(listing.machines.filter((one) => one.name === name)).toMatchObject([{ given }])
    expect((listing.surplus ?? []).filter(({ machine }) => machine === name)).toEqual([])
    await endMachine(bench, name)
  })

  bench.test('what runs is ended by one call, and twice is once; nothing of it is left', async ({ driver, here }) => {
    for (const power of ['on', 'off'] as const) {
      const { name } = await machineOn(bench, power)
      for (const ticket of [bench.claim(name).effect(), bench.claim(name).effect()])
        await through(() => driver.undefine(here, ticket))
      expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ id: null, domain: 'absent', disks: [] })
      expect((await driver.list(here)).machines.map((one) => one.name)).not.toContain(name)
    }
  })

  bench.test('a machine of which nothing says what it is to be is refused', async (stage) => {
    const { order: _none, ...definition } = definitionOf(stage, bench.fresh())
    const ticket = bench.claim(definition.name).effect()
    await faultOf(stage.driver.define(stage.here, ticket, definition), 'refused')
    expect((await stage.driver.find(stage.here, bench.claim(definition.name).look)).domain).toBe('absent')
  })

  bench.test('its image unknown there, it is to be tried elsewhere', async (stage) => {
    const definition = definitionOf(stage, bench.fresh())
    const order = stage.order && { ...stage.order, image: '00000000-dead-4000-8000-000000000000' }
    const ticket = bench.claim(definition.name).effect()
    const refusal = await faultOf(
      through(() => stage.driver.define(stage.here, ticket, order ? { ...definition, order } : definition)),
      'refused',
    )
    expect(refusal.detail.reason).toBe('elsewhere')
    expect((await stage.driver.find(stage.here, bench.claim(definition.name).look)).domain).toBe('absent')
  })

  bench.test('effects of a machine on a host of nobody are unsupported', async ({ driver, here }) => {
    const { provider: _none, ...host } = here
    await faultOf(driver.list(host), 'unsupported')
  })
}
