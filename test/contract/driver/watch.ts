import { asFault } from '../../../src/faults'
import type { WatchOrder } from '../../../src/model/fencing'
import type { Driver } from '../../../workers/drivers/driver'
import { until } from '../../support/until'
import { type Bench, endMachine, machineOn, through } from './bench'

/** Hosts that fence themselves (src/model/fencing.ts): marks, and a watch that ends what bears one when its time is over. */
export function watchCases(bench: Bench): void {
  const marking = (driver: Driver) => {
    if (!driver.mark) throw new Error('the driver knows no marks')
    return driver.mark
  }
  let number = 1_000_000
  const next = () => ({ era: 1_700_000_000_000, number: ++number })
  const on = (lastsMs: number, granted: Extract<WatchOrder, { state: 'on' }>['granted'] = null): WatchOrder => ({
    ...{ state: 'on', epoch: next(), floor: null, lastsMs, granted },
  })
  const off = (): WatchOrder => ({ state: 'off', epoch: next(), floor: null })

  bench.test('a mark is put on and taken off, each twice, and seen by every look', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'off')
    const mark = marking(driver)
    expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ restartable: false })
    for (const as of ['restartable', 'restartable', 'plain', 'plain'] as const) {
      await through(() => mark(here, bench.claim(name).effect(), as))
      const restartable = as === 'restartable'
      expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ restartable })
      const listed = (await driver.list(here)).machines.find((one) => one.name === name)
      expect(listed).toMatchObject({ restartable })
    }
    await endMachine(bench, name)
  })

  bench.test(
    'what is marked ends when the time is over, what is not runs on; it starts once more is granted',
    async (stage) => {
      const { driver, here } = stage
      const { name } = await machineOn(bench, 'on')
      const plain = (await machineOn(bench, 'on')).name
      await through(() => marking(driver)(here, bench.claim(name).effect(), 'restartable'))
      const { watch } = await driver.list(here, on(1500))
      expect(watch).toMatchObject({ isOn: true, endsMs: expect.any(Number) })
      expect(watch?.epoch).toEqual({ era: 1_700_000_000_000, number })
      // Of an older claim nothing is taken, and which one it goes by is said.
      const late = { ...on(60_000), epoch: { era: 1, number: 1 } }
      expect((await driver.list(here, late)).watch).toMatchObject({ epoch: watch?.epoch, endsMs: watch?.endsMs })
      const domainOf = async (of: string) => (await driver.find(here, bench.claim(of).look)).domain
      await until(async () => (await domainOf(name)) === 'off', { timeoutMs: 15_000, what: 'its end', everyMs: 100 })
      expect(await driver.find(here, bench.claim(name).look)).toMatchObject({ endedByWatch: true })
      expect(await domainOf(plain)).toBe('running')

      const ticket = bench.claim(name).effect()
      // It waits: either the outcome is not known, or it is under way and comes to nothing.
      const came = await driver.power(here, ticket, { to: 'on' }).then(
        (effect) => effect.state,
        (thrown) => asFault(thrown).kind,
      )
      expect(['timeout', 'running']).toContain(came)
      expect(await domainOf(name)).toBe('off')
      const listing = await driver.list(here)
      const granted = { boot: listing.boot, uptimeMs: listing.watch?.uptimeMs ?? 0, lastsMs: 60_000 }
      expect((await driver.list(here, on(60_000, granted))).watch?.endsMs).toBe(granted.uptimeMs + 60_000)
      // The same intent, by the newest claim: whether it waited or came to nothing, it goes on now.
      const again = bench.claim(name).effect(ticket.key)
      await through(() => driver.power(here, again, { to: 'on' }))
      expect(await domainOf(name)).toBe('running')
      expect((await driver.find(here, bench.claim(name).look)).endedByWatch ?? false).toBe(false)
      expect((await driver.list(here, off())).watch).toMatchObject({ isOn: false, endsMs: null })
      for (const one of [name, plain]) await endMachine(bench, one)
    },
  )
}
