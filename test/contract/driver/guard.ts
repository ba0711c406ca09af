import { formatEpoch } from '../../../src/model/epoch'
import { type Bench, endMachine, faultOf, machineOn, rootOf, through } from './bench'

/** One epoch per resource, looks guarded too; results kept under their key; answers that are lost. */
export function guardCases(bench: Bench): void {
  bench.test(
    'an effect of an older claim is stale, names the epoch held and does nothing',
    async ({ driver, here }) => {
      const { name } = await machineOn(bench, 'off')
      const [older, newer] = [bench.claim(name), bench.claim(name)]
      await driver.find(here, newer.look)
      const { detail } = await faultOf(driver.power(here, older.effect(), { to: 'on' }), 'stale')
      expect(detail.held).toBe(formatEpoch(newer.epoch))
      expect((await driver.find(here, newer.look)).domain).toBe('off')
      await endMachine(bench, name)
    },
  )

  bench.test('a look of an older claim is stale after an effect, and after a look', async ({ driver, here }) => {
    const name = bench.fresh()
    const [first, second, third] = [bench.claim(name), bench.claim(name), bench.claim(name)]
    await driver.find(here, second.look)
    await faultOf(driver.find(here, first.look), 'stale')
    const ticket = third.effect()
    await through(() => driver.undefine(here, ticket))
    const { detail } = await faultOf(driver.find(here, second.look), 'stale')
    expect(detail.held).toBe(formatEpoch(third.epoch))
  })

  bench.test('a newer era is newer whatever its number', async ({ driver, here }) => {
    const name = bench.fresh()
    const before = bench.claim(name)
    await driver.find(here, before.look)
    await driver.find(here, { resource: name, epoch: { era: before.epoch.era + 1, number: 1 } })
    await faultOf(driver.find(here, bench.claim(name).look), 'stale')
  })

  bench.test('epochs are of one resource: another one is not touched', async ({ driver, here }) => {
    const [one, other] = [bench.fresh(), bench.fresh()]
    const older = bench.claim(one)
    await driver.find(here, bench.claim(other).look)
    expect((await driver.find(here, older.look)).domain).toBe('absent')
  })

  bench.test('an older claim stays refused when all of the resource is gone', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'off')
    const older = bench.claim(name)
    await endMachine(bench, name)
    const order = { name: rootOf(name), sizeGiB: 1, source: { from: 'blank' } } as const
    await faultOf(driver.disk.ensure(here, older.effect(), order), 'stale')
    expect((await driver.find(here, bench.claim(name).look)).disks).toEqual([])
  })

  bench.test('the same key again is answered from what was kept, by a newer claim too', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'off')
    const on = bench.claim(name).effect()
    await through(() => driver.power(here, on, { to: 'on' }))
    await driver.power(here, bench.claim(name).effect(), { to: 'off', how: 'hard' })
    const repeated = await through(() => driver.power(here, bench.claim(name).effect(on.key), { to: 'on' }))
    expect(repeated).toEqual({ state: 'done', value: null })
    // Done once, not again; and a look is never a kept answer.
    expect((await driver.find(here, bench.claim(name).look)).domain).toBe('off')
    await endMachine(bench, name)
  })

  bench.test('a refusal is a result: the same key is refused again, another one is tried', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'on')
    const refused = bench.claim(name).effect()
    const first = await faultOf(driver.undefine(here, refused), 'refused')
    await driver.power(here, bench.claim(name).effect(), { to: 'off', how: 'hard' })
    const again = await faultOf(driver.undefine(here, bench.claim(name).effect(refused.key)), 'refused')
    expect(again.message).toBe(first.message)
    expect((await driver.undefine(here, bench.claim(name).effect())).state).toBe('done')
    await endMachine(bench, name)
  })

  bench.testOf('lost answers', 'a start whose answer is lost is repeated under its key, once', async (stage) => {
    const { driver, here } = stage
    const { name } = await machineOn(bench, 'off')
    const ticket = bench.claim(name).effect()
    await stage.loseNextAnswer?.(name, 'answer')
    await faultOf(driver.power(here, ticket, { to: 'on' }), 'unreachable')
    const seen = await driver.find(here, bench.claim(name).look)
    expect(seen.domain).toBe('running')
    const repeated = bench.claim(name).effect(ticket.key)
    expect((await through(() => driver.power(here, repeated, { to: 'on' }))).state).toBe('done')
    expect(await driver.find(here, bench.claim(name).look)).toEqual(seen)
    await endMachine(bench, name)
  })

  bench.testOf('lost answers', 'an effect whose result was never kept either is found done', async (stage) => {
    const { driver, here } = stage
    const definition = await machineOn(bench, 'off')
    const { name } = definition
    const steps = [
      { order: (key: string) => driver.power(here, bench.claim(name).effect(key), { to: 'on' }) },
      { order: (key: string) => driver.power(here, bench.claim(name).effect(key), { to: 'off', how: 'hard' }) },
      { order: (key: string) => driver.undefine(here, bench.claim(name).effect(key)) },
      { order: (key: string) => driver.define(here, bench.claim(name).effect(key), definition) },
    ]
    for (const [index, { order }] of steps.entries()) {
      await stage.loseNextAnswer?.(name, 'answer and result')
      await faultOf(order(`${name}/lost/${index}`), 'unreachable')
      const seen = await driver.find(here, bench.claim(name).look)
      await through(() => order(`${name}/lost/${index}`))
      expect(await driver.find(here, bench.claim(name).look)).toEqual(seen)
    }
    await endMachine(bench, name)
  })

  bench.test('many calls at once on many resources are answered each its own', async ({ driver, here }) => {
    const names = Array.from({ length: 50 }, () => bench.fresh())
    const seen = await Promise.all(names.map((name) => driver.find(here, bench.claim(name).look)))
    expect(seen.map((one) => one.name)).toEqual(names)
  })
}
