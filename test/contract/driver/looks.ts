import { type Bench, endMachine, machineOn, rootOf } from './bench'

/** capacity, list, find, console. */
export function lookCases(bench: Bench): void {
  bench.test('capacity says what the host has, which boot this is, and what it lacks', async ({ driver, here }) => {
    const probe = await driver.capacity(here)
    expect(probe.capacity.cpuHundredths).toBeGreaterThan(0)
    expect(probe.capacity.memoryMiB).toBeGreaterThan(0)
    expect(probe.capacity.diskGiB).toBeGreaterThan(0)
    expect(probe.boot).not.toBe('')
    expect((await driver.capacity(here)).boot).toBe(probe.boot)
    for (const lack of probe.capabilities.lacks) expect(lack.because).not.toBe('')
  })

  bench.test('find of what is not there says absent, and that again', async ({ driver, here, order }) => {
    const name = bench.fresh()
    const nothing = {
      name,
      id: null,
      domain: 'absent',
      disks: [],
      interfaces: [],
      work: null,
      startedAt: null,
      ...(order ? { whole: true } : {}),
    }
    expect(await driver.find(here, bench.claim(name).look)).toEqual(nothing)
    expect(await driver.find(here, bench.claim(name).look)).toEqual(nothing)
  })

  bench.test('list shows with one call what find shows of each machine', async ({ driver, here }) => {
    const off = await machineOn(bench, 'off')
    const on = await machineOn(bench, 'on')
    const { machines } = await driver.list(here)
    for (const { name } of [off, on])
      expect(machines.find((one) => one.name === name)).toEqual(await driver.find(here, bench.claim(name).look))
    await endMachine(bench, off.name)
    await endMachine(bench, on.name)
    const after = (await driver.list(here)).machines.map((one) => one.name)
    expect(after).not.toContain(off.name)
    expect(after).not.toContain(on.name)
  })

  bench.testOf(
    'own disks',
    'a running machine shows its record, disk, interface and since when',
    async ({ driver, here, image }) => {
      const { name, id, interfaces } = await machineOn(bench, 'on')
      const seen = await driver.find(here, bench.claim(name).look)
      expect(seen).toMatchObject({ name, id, domain: 'running', work: null })
      expect(seen.disks).toEqual([{ name: rootOf(name), sizeGiB: image.sizeGiB, attached: true }])
      expect(seen.interfaces).toEqual(interfaces.map((one) => one.mac))
      expect(seen.startedAt).toBeGreaterThan(0)
      await endMachine(bench, name)
    },
  )

  bench.testOf('console', 'console gives text of a machine that ran, at most 64 KiB', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'on')
    const { text, at } = await driver.console(here, bench.claim(name).look)
    expect(typeof text).toBe('string')
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536)
    expect(at).toBeGreaterThan(0)
    await endMachine(bench, name)
  })
}
