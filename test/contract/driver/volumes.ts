import { type Bench, endMachine, faultOf, machineOn, through, twice } from './bench'

/** Volumes at a provider that has them: each made beside its first machine, hung on and taken off, grown, removed; each once and again. */
export function volumeCases(bench: Bench): void {
  const orderOf = (name: string, beside: string | null, sizeGiB = 1) =>
    ({ name, sizeGiB, source: { from: 'blank' }, provider: { beside, type: 'gp2' } }) as const
  const fresh = (): string => bench.fresh().replace('i-', 'vol-')
  const made = async (beside: string): Promise<string> => {
    const { driver, here } = bench.stage()
    const name = fresh()
    const ticket = bench.claim(name).effect()
    await through(() => driver.disk.ensure(here, ticket, orderOf(name, beside)))
    return name
  }
  const remove = async (name: string): Promise<void> => {
    const { driver, here } = bench.stage()
    const ticket = bench.claim(name).effect()
    await through(() => driver.disk.remove(here, ticket, name))
  }
  const disksOf = async (name: string) => {
    const { driver, here } = bench.stage()
    return (await driver.find(here, bench.claim(name).look)).disks
  }
  const test = (name: string, run: Parameters<Bench['testOf']>[2]): void => bench.testOf('attach-disk', name, run)

  test('one is made once, whoever asks again, and is told by the list; removed twice', async ({ driver, here }) => {
    const { name: machine } = await machineOn(bench, 'on')
    const name = fresh()
    for (const ticket of twice(bench, name)) {
      await through(() => driver.disk.ensure(here, ticket, orderOf(name, machine)))
      expect(await disksOf(name)).toMatchObject([{ name, sizeGiB: 1, attached: false }])
    }
    expect((await driver.list(here)).volumes?.filter((one) => one === name)).toEqual([name])
    for (const ticket of twice(bench, name)) {
      await through(() => driver.disk.remove(here, ticket, name))
      expect(await disksOf(name)).toEqual([])
    }
    expect((await driver.list(here)).volumes).not.toContain(name)
    await endMachine(bench, machine)
  })

  test('it waits for its machine, and without one nobody knows where it is to be', async ({ driver, here }) => {
    const name = fresh()
    const ticket = bench.claim(name).effect()
    await faultOf(driver.disk.ensure(here, ticket, orderOf(name, bench.fresh())), 'busy')
    await faultOf(driver.disk.ensure(here, ticket, orderOf(name, null)), 'refused')
    expect(await disksOf(name)).toEqual([])
  })

  test('contents that lie in the image store are unsupported, and nothing is made', async ({ driver, here }) => {
    const { name: machine } = await machineOn(bench, 'on')
    const name = fresh()
    const order = { ...orderOf(name, machine), source: { from: 'snapshot', snapshot: 'snap-1' } } as const
    await faultOf(driver.disk.ensure(here, bench.claim(name).effect(), order), 'unsupported')
    expect(await disksOf(name)).toEqual([])
    await endMachine(bench, machine)
  })

  for (const power of ['on', 'off'] as const)
    test(`hung on and taken off a machine that is ${power}, each twice`, async ({ driver, here }) => {
      const { name: machine } = await machineOn(bench, power)
      const name = await made(machine)
      const hanging = { name, sizeGiB: 1, attached: true }
      for (const ticket of twice(bench, machine)) {
        await through(() => driver.disk.attach(here, ticket, { name, device: '/dev/sdf' }))
        expect(await disksOf(machine)).toMatchObject([hanging])
        expect(await disksOf(name)).toMatchObject([hanging])
      }
      const listed = (await driver.list(here)).machines.find((one) => one.name === machine)
      expect(listed?.disks).toEqual(await disksOf(machine))
      await faultOf(driver.disk.remove(here, bench.claim(name).effect(), name), 'refused')
      for (const ticket of twice(bench, machine)) {
        await through(() => driver.disk.detach(here, ticket, name))
        expect(await disksOf(machine)).toEqual([])
        expect(await disksOf(name)).toMatchObject([{ ...hanging, attached: false }])
      }
      await remove(name)
      await endMachine(bench, machine)
    })

  test('one volume has one holder, and what is not there hangs on nothing', async ({ driver, here }) => {
    const [one, other] = [await machineOn(bench, 'on'), await machineOn(bench, 'on')]
    const name = await made(one.name)
    const attach = (machine: string, disk = name) => {
      const ticket = bench.claim(machine).effect()
      return () => driver.disk.attach(here, ticket, { name: disk, device: '/dev/sdf' })
    }
    await through(attach(one.name))
    await faultOf(attach(other.name)(), 'refused')
    await faultOf(attach(one.name, fresh())(), 'refused')
    await faultOf(attach(bench.fresh())(), 'refused')
    // It is not on that machine: so it is off it, and stays where it is.
    expect(await driver.disk.detach(here, bench.claim(other.name).effect(), name)).toEqual({
      state: 'done',
      value: null,
    })
    expect(await disksOf(one.name)).toMatchObject([{ name, attached: true }])
    await endMachine(bench, one.name)
    await endMachine(bench, other.name)
    await remove(name)
  })

  test('what hangs on a machine is left when that is ended', async ({ driver, here }) => {
    const { name: machine } = await machineOn(bench, 'on')
    const name = await made(machine)
    const ticket = bench.claim(machine).effect()
    await through(() => driver.disk.attach(here, ticket, { name, device: '/dev/sdf' }))
    await endMachine(bench, machine)
    expect(await disksOf(machine)).toEqual([])
    expect(await disksOf(name)).toMatchObject([{ name, attached: false }])
    await remove(name)
  })

  test('grow makes larger, the same size is done, smaller is refused', async ({ driver, here }) => {
    const { name: machine } = await machineOn(bench, 'on')
    const name = await made(machine)
    for (const ticket of twice(bench, name)) {
      await through(() => driver.disk.grow(here, ticket, name, 2))
      expect(await disksOf(name)).toMatchObject([{ name, sizeGiB: 2 }])
    }
    await faultOf(driver.disk.grow(here, bench.claim(name).effect(), name, 1), 'refused')
    await faultOf(driver.disk.grow(here, bench.claim(name).effect(), fresh(), 4), 'refused')
    await faultOf(driver.disk.grow(here, bench.claim(machine).effect(), `${machine}-root`, 4), 'unsupported')
    await remove(name)
    await endMachine(bench, machine)
  })
}
