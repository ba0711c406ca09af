import type { ImageFile } from '../../../src/model/images'
import { type Bench, endMachine, faultOf, machineOn, rootOf, through, twice } from './bench'

const blank = (name: string, sizeGiB: number) => ({ name, sizeGiB, source: { from: 'blank' } }) as const

/** ensure, remove, attach, detach, grow, snapshot: each once and again. */
export function diskCases(bench: Bench): void {
  /** A volume of its own on the host. */
  const volume = async (sizeGiB = 1): Promise<string> => {
    const { driver, here } = bench.stage()
    const name = bench.fresh().replace('i-', 'vol-')
    const ticket = bench.claim(name).effect()
    await through(() => driver.disk.ensure(here, ticket, blank(name, sizeGiB)))
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

  bench.test(
    'ensure makes a disk; under another key it is there already; remove twice',
    async ({ driver, here, image }) => {
      const name = bench.fresh()
      const order = { name: rootOf(name), sizeGiB: image.sizeGiB, source: { from: 'image', ...image } } as const
      for (const ticket of twice(bench, name)) {
        await through(() => driver.disk.ensure(here, ticket, order))
        expect(await disksOf(name)).toEqual([{ name: rootOf(name), sizeGiB: image.sizeGiB, attached: false }])
      }
      expect((await driver.find(here, bench.claim(name).look)).domain).toBe('off')
      for (const ticket of twice(bench, name)) {
        await through(() => driver.disk.remove(here, ticket, rootOf(name)))
        expect(await disksOf(name)).toEqual([])
      }
    },
  )

  bench.test('remove of what never was is done', async ({ driver, here }) => {
    const name = bench.fresh()
    const ticket = bench.claim(name).effect()
    expect(await through(() => driver.disk.remove(here, ticket, rootOf(name)))).toEqual({ state: 'done', value: null })
  })

  bench.testOf('capacity', 'a disk larger than the host is refused and leaves nothing', async ({ driver, here }) => {
    const name = bench.fresh()
    const { capacity } = await driver.capacity(here)
    const order = blank(rootOf(name), capacity.diskGiB + 1)
    await faultOf(driver.disk.ensure(here, bench.claim(name).effect(), order), 'refused')
    expect(await disksOf(name)).toEqual([])
  })

  bench.test('remove of an attached disk is refused', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'off')
    await faultOf(driver.disk.remove(here, bench.claim(name).effect(), rootOf(name)), 'refused')
    expect(await disksOf(name)).toHaveLength(1)
    await endMachine(bench, name)
  })

  bench.testOf('attach-disk', 'attach and detach a volume, each twice, while it runs', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'on')
    const disk = await volume()
    for (const ticket of twice(bench, name)) {
      await through(() => driver.disk.attach(here, ticket, { name: disk, device: '/dev/sdf' }))
      expect(await disksOf(name)).toContainEqual({ name: disk, sizeGiB: 1, attached: true })
    }
    for (const ticket of twice(bench, name)) {
      await through(() => driver.disk.detach(here, ticket, disk))
      expect((await disksOf(name)).map((one) => one.name)).toEqual([rootOf(name)])
    }
    await endMachine(bench, name)
    await remove(disk)
  })

  bench.testOf('attach-disk', 'one volume has one holder', async ({ driver, here }) => {
    const [one, other] = [await machineOn(bench, 'off'), await machineOn(bench, 'off')]
    const disk = await volume()
    const ticket = bench.claim(one.name).effect()
    await through(() => driver.disk.attach(here, ticket, { name: disk, device: '/dev/sdf' }))
    const second = driver.disk.attach(here, bench.claim(other.name).effect(), { name: disk, device: '/dev/sdf' })
    await faultOf(second, 'refused')
    await endMachine(bench, one.name)
    await endMachine(bench, other.name)
    await remove(disk)
  })

  bench.testOf('attach-disk', 'attach of a disk that is not there is refused', async ({ driver, here }) => {
    const { name } = await machineOn(bench, 'off')
    const order = { name: 'vol-none', device: '/dev/sdf' }
    await faultOf(driver.disk.attach(here, bench.claim(name).effect(), order), 'refused')
    await endMachine(bench, name)
  })

  bench.testOf(
    'grow-disk',
    'grow makes larger, the same size is done, smaller is refused',
    async ({ driver, here }) => {
      const name = await volume(1)
      for (const ticket of twice(bench, name)) {
        await through(() => driver.disk.grow(here, ticket, name, 2))
        expect(await disksOf(name)).toEqual([{ name, sizeGiB: 2, attached: false }])
      }
      await faultOf(driver.disk.grow(here, bench.claim(name).effect(), name, 1), 'refused')
      await remove(name)
    },
  )

  bench.testOf('snapshot-disk', 'a snapshot, twice, gives a new disk its contents', async ({ driver, here }) => {
    const name = await volume(1)
    const copy = bench.fresh().replace('i-', 'vol-')
    const snapshot = copy.replace('vol-', 'snap-')
    let file: ImageFile | null = null
    for (const ticket of twice(bench, name)) {
      const made = await through(() => driver.disk.snapshot(here, ticket, name, snapshot))
      if (made.state === 'done') file = made.value
    }
    const ticket = bench.claim(copy).effect()
    const order = { name: copy, sizeGiB: 1, source: { from: 'snapshot', snapshot, ...(file ? { file } : {}) } } as const
    await through(() => driver.disk.ensure(here, ticket, order))
    expect(await disksOf(copy)).toEqual([{ name: copy, sizeGiB: 1, attached: false }])
    await remove(copy)
    const dropped = bench.claim(name).effect()
    await through(() => driver.disk.remove(here, dropped, snapshot))
    await remove(name)
  })
}
