import type { MachineDefinition } from '../../../workers/drivers/driver'
import { type Bench, endMachine, faultOf, type MadeForeign, rootOf, type Stage, through, twice } from './bench'

let made = 0

/** Foreign domains: what is told of one, and taking it over. */
export function adoptionCases(bench: Bench): void {
  const of = (name: string, run: (stage: Stage, foreign: MadeForeign & { readonly called: string }) => Promise<void>) =>
    bench.testOf('foreign domains', name, async (stage) => {
      made += 1
      const called = `web-${made}`
      const foreign = await stage.makeForeign?.(called)
      if (!foreign) throw new Error('this stage makes no foreign domains')
      await run(stage, { ...foreign, called })
    })

  of('one is listed as foreign, and tells what it is', async ({ driver, here, network }, { called, ...foreign }) => {
    const { foreign: listed, machines } = await driver.list(here)
    expect(listed.filter((one) => one.name === called)).toHaveLength(1)
    expect(machines.filter((one) => one.id === foreign.uuid)).toEqual([])
    expect(await driver.foreign?.(here, called)).toMatchObject({
      name: called,
      uuid: foreign.uuid,
      domain: 'running',
      size: { cores: 2, memoryMiB: foreign.memoryMiB, diskGiB: foreign.diskGiB },
      disks: [{ device: 'xvda', sizeGiB: foreign.diskGiB }],
      interfaces: [{ mac: foreign.mac, bridge: network.bridge }],
      obstacles: [],
    })
  })

  bench.testOf('foreign domains', 'what is not there is refused', async ({ driver, here }) => {
    await faultOf(driver.foreign?.(here, 'nobody') ?? Promise.resolve(), 'refused')
  })

  of('adopted, and again: one machine of ours that goes on running', async (stage, foreign) => {
    const { driver, here } = stage
    const name = bench.fresh()
    const definition = await definitionFor(stage, foreign.called, name)
    for (const ticket of twice(bench, name)) {
      await through(() => adopt(stage)(here, ticket, definition))
      expect(await driver.find(here, bench.claim(name).look)).toMatchObject({
        name,
        id: foreign.uuid,
        domain: 'running',
        disks: [{ name: rootOf(name), sizeGiB: foreign.diskGiB, attached: true }],
        interfaces: [foreign.mac],
      })
    }
    const { foreign: listed, machines } = await driver.list(here)
    expect(listed.map((one) => one.name)).not.toContain(foreign.called)
    expect(machines.filter((one) => one.id === foreign.uuid)).toHaveLength(1)
    await endMachine(bench, name)
    expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ id: null, domain: 'absent', disks: [] })
    expect((await driver.list(here)).foreign.map((one) => one.name)).not.toContain(foreign.called)
    expect(foreign.isKept()).toBe(true)
  })

  of('it is stopped and started like any other', async (stage, foreign) => {
    const { driver, here } = stage
    const name = bench.fresh()
    const definition = await definitionFor(stage, foreign.called, name)
    const [taken, off, on] = [bench.claim(name), bench.claim(name), bench.claim(name)].map((claim) => claim.effect())
    if (!taken || !off || !on) throw new Error('no tickets')
    await through(() => adopt(stage)(here, taken, definition))
    await through(() => driver.power(here, off, { to: 'off', how: 'graceful' }))
    expect((await driver.find(here, bench.claim(name).look)).domain).toBe('off')
    const again = bench.claim(name).effect()
    await through(() => driver.define(here, again, { ...definition, size: { ...definition.size, cores: 1 } }))
    const start = bench.claim(name).effect()
    await through(() => driver.power(here, start, { to: 'on' }))
    expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ domain: 'running', id: foreign.uuid })
    await endMachine(bench, name)
    expect(foreign.isKept()).toBe(true)
  })

  of('one that is another machine already is refused', async (stage, foreign) => {
    const { driver, here } = stage
    const [name, other] = [bench.fresh(), bench.fresh()]
    const definition = await definitionFor(stage, foreign.called, name)
    const ticket = bench.claim(name).effect()
    await through(() => adopt(stage)(here, ticket, definition))
    const late = { ...definition, name: other, disks: [], interfaces: [] }
    await faultOf(adopt(stage)(here, bench.claim(other).effect(), late), 'refused')
    expect(await driver.find(here, bench.claim(other).look)).toMatchObject({ id: null, domain: 'absent', disks: [] })
    expect((await driver.find(here, bench.claim(name).look)).domain).toBe('running')
    await endMachine(bench, name)
  })

  of('one that went away is refused, and leaves nothing', async (stage, foreign) => {
    const { driver, here } = stage
    const name = bench.fresh()
    const definition = await definitionFor(stage, foreign.called, name)
    const gone = { ...definition, id: '00000000-0000-4000-8000-00000000dead', disks: [], interfaces: [] }
    await faultOf(adopt(stage)(here, bench.claim(name).effect(), gone), 'refused')
    expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ id: null, domain: 'absent', disks: [] })
    expect((await driver.list(here)).foreign.map((one) => one.name)).toContain(foreign.called)
  })

  of('a claim that is not the newest takes nothing over', async (stage, foreign) => {
    const { driver, here } = stage
    const name = bench.fresh()
    const definition = await definitionFor(stage, foreign.called, name)
    const older = bench.claim(name).effect()
    await driver.find(here, bench.claim(name).look)
    await faultOf(adopt(stage)(here, older, definition), 'stale')
    expect((await driver.list(here)).foreign.map((one) => one.name)).toContain(foreign.called)
  })

  of('an answer and its result are lost: the same again, and it is one machine', async (stage, foreign) => {
    const { driver, here } = stage
    if (!stage.loseNextAnswer) return
    const name = bench.fresh()
    const definition = await definitionFor(stage, foreign.called, name)
    await stage.loseNextAnswer(name, 'answer and result')
    const ticket = bench.claim(name).effect()
    await faultOf(adopt(stage)(here, ticket, definition), 'unreachable')
    await through(() => adopt(stage)(here, ticket, definition))
    expect((await driver.list(here)).machines.filter((one) => one.id === foreign.uuid)).toHaveLength(1)
    await endMachine(bench, name)
  })
}

const adopt = ({ driver }: Stage): NonNullable<Stage['driver']['adopt']> => {
  if (!driver.adopt) throw new Error('this driver takes nothing over')
  return driver.adopt.bind(driver)
}

/** As the worker makes it of what was told of the domain. */
async function definitionFor(stage: Stage, called: string, name: string): Promise<MachineDefinition> {
  const { driver, here, site, network } = stage
  const told = await driver.foreign?.(here, called)
  if (!told) throw new Error('nothing was told of it')
  return {
    name,
    id: told.uuid,
    site,
    size: told.size,
    disks: told.disks.map(({ device }) => ({ name: rootOf(name), device })),
    interfaces: told.interfaces.map(({ mac, address }) => ({ mac, address, network })),
    takenOver: {
      boot: told.boot,
      disks: told.disks.map(({ device, format, path }) => ({ name: rootOf(name), device, format, path })),
    },
    seed: null,
  }
}
