import type { PowerOrder } from '../../../workers/drivers/driver'
import { type Bench, endMachine, faultOf, machineOn, through, twice } from './bench'

/** on, off, pause, again, save: levels are reached from wherever it is, and reaching them twice is once. */
export function powerCases(bench: Bench): void {
  const order = async (name: string, power: PowerOrder) => {
    const { driver, here } = bench.stage()
    const ticket = bench.claim(name).effect()
    return through(() => driver.power(here, ticket, power))
  }
  const see = (name: string) => {
    const { driver, here } = bench.stage()
    return driver.find(here, bench.claim(name).look)
  }

  bench.test('on twice is one start', async () => {
    const { name } = await machineOn(bench, 'on')
    const { startedAt } = await see(name)
    await order(name, { to: 'on' })
    expect(await see(name)).toMatchObject({ domain: 'running', startedAt })
    await endMachine(bench, name)
  })

  for (const how of ['graceful', 'hard'] as const)
    bench.test(`off, ${how}, twice; then on again`, async () => {
      const { name } = await machineOn(bench, 'on')
      for (const _ of [1, 2]) {
        await order(name, { to: 'off', how })
        expect(await see(name)).toMatchObject({ domain: 'off', startedAt: null })
      }
      await order(name, { to: 'on' })
      expect((await see(name)).domain).toBe('running')
      await endMachine(bench, name)
    })

  bench.test('off of what is not there is done; on of it is refused', async () => {
    const name = bench.fresh()
    expect((await order(name, { to: 'off', how: 'hard' })).state).toBe('done')
    await faultOf(order(name, { to: 'on' }), 'refused')
    expect((await see(name)).domain).toBe('absent')
  })

  bench.testOf('own disks', 'on without its disk is refused', async ({ driver, here }) => {
    const { name, ...rest } = await machineOn(bench, 'off')
    const ticket = bench.claim(name).effect()
    const disks = [...rest.disks, { name: 'vol-none', device: '/dev/sdz' }]
    await through(() => driver.define(here, ticket, { name, ...rest, disks }))
    // On real hosts it takes a while until its work has found out.
    await faultOf(order(name, { to: 'on' }), 'refused')
    expect((await see(name)).domain).toBe('off')
    await endMachine(bench, name)
  })

  bench.testOf('pause', 'pause and go on, each twice', async () => {
    const { name } = await machineOn(bench, 'on')
    for (const _ of [1, 2]) {
      await order(name, { to: 'paused' })
      expect((await see(name)).domain).toBe('paused')
    }
    for (const _ of [1, 2]) {
      await order(name, { to: 'unpaused' })
      expect((await see(name)).domain).toBe('running')
    }
    await endMachine(bench, name)
  })

  for (const again of ['reboot', 'reset'] as const)
    bench.testOf(again, `${again} of a running machine; refused when it is off`, async ({ driver, here }) => {
      const { name } = await machineOn(bench, 'on')
      expect((await order(name, { again })).state).toBe('done')
      expect((await see(name)).domain).toBe('running')
      await order(name, { to: 'off', how: 'hard' })
      await faultOf(driver.power(here, bench.claim(name).effect(), { again }), 'refused')
      expect((await see(name)).domain).toBe('off')
      await endMachine(bench, name)
    })

  bench.testOf('suspend', 'save twice, then on resumes it', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'on')
    for (const ticket of twice(bench, name)) {
      await through(() => driver.save(here, ticket))
      expect(await see(name)).toMatchObject({ domain: 'saved', startedAt: null })
    }
    await order(name, { to: 'on' })
    expect((await see(name)).domain).toBe('running')
    await order(name, { to: 'off', how: 'hard' })
    await faultOf(driver.save(here, bench.claim(name).effect()), 'refused')
    await endMachine(bench, name)
  })

  bench.testOf('suspend', 'off drops what was saved', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'on')
    const ticket = bench.claim(name).effect()
    await through(() => driver.save(here, ticket))
    await order(name, { to: 'off', how: 'hard' })
    expect((await see(name)).domain).toBe('off')
    await endMachine(bench, name)
  })
}
