/** Every step on a real simulator: run twice, undone twice, and what it says a look would show is what a look shows. */
import type { AddressId, StorageId } from '../../../src/model/ids'
import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeRecord } from '../../../src/model/records'
import { LADDER, STEPS } from '../../../workers/reconcile/steps'
import type { Step } from '../../../workers/reconcile/steps/step'
import { openPump } from '../../support/pump'
import { NETWORK, type Site, startSite } from '../../support/site'

let site: Site
let record: ComputeRecord
let attempts = 0
beforeEach(async () => {
  site = await startSite({ hosts: 1 })
  // Placed, and nothing of it made yet.
  const pump = openPump(site)
  const [id = ''] = await site.order(1)
  await pump.until(async () => (await site.compute(id)).place.host !== null, 'a place')
  record = withAddress(await withVolume(await site.compute(id)))
})
afterEach(() => site.close())

const VOLUME = 'vol-00000000000000001'
/** Its host has a volume for it, as the volume's own job makes it. */
async function withVolume(compute: ComputeRecord): Promise<ComputeRecord> {
  const order = { name: VOLUME, sizeGiB: 2, source: { from: 'blank' } } as const
  await site.simulator.driver.disk.ensure(target(), { resource: VOLUME, epoch, key: 'test/volume' }, order)
  const wanted = { storage: VOLUME as StorageId, name: VOLUME, device: '/dev/sdf', sizeGiB: 2 }
  const volumes = [{ ...wanted, deleteOnTermination: false, since: 1 }]
  return { ...compute, wish: { ...compute.wish, volumes } }
}

/** A public address is to lead to it; its pool is the network that the site has anyway. */
function withAddress(compute: ComputeRecord): ComputeRecord {
  const [one] = compute.wish.interfaces
  const target = { interface: one?.name ?? '', mac: one?.mac ?? '', privateAddress: one?.address ?? '' }
  const leased = { address: compute.id as string as AddressId, name: 'eipalloc-1', ip: '203.0.113.9', pool: NETWORK }
  const publics = [{ ...target, ...leased, association: 'eipassoc-1', since: 1 }]
  return { ...compute, wish: { ...compute.wish, publics } }
}

const epoch = { era: 9e12, number: 1 }
const target = () => site.simulator.host(1)
const look = () => site.simulator.driver.find(target(), { resource: record.wish.name, epoch })
const effects = async () => {
  const { hosts } = await site.simulator.admin.snapshot()
  return hosts[0]?.resources[record.wish.name]?.effects ?? {}
}

/** One effect under a key of its own: no kept result answers for it. */
async function run(step: Step, direction: 'up' | 'down', item: string) {
  attempts += 1
  const ticket = { resource: record.wish.name, epoch, key: `test/${step.name}/${direction}/${attempts}` }
  return step[direction]({
    driver: site.simulator.driver,
    host: target(),
    ticket,
    record,
    site: site.name,
    item,
    image: (id) => site.store.read('image', id),
    network: (id) => site.store.read('network', id),
    unseal: () => '',
  })
}

const shape = ({ domain, disks, interfaces, id, publics = [] }: MachineSighting) => ({
  publics,
  domain,
  id,
  disks: disks.map((disk) => [disk.name, disk.sizeGiB, disk.attached]),
  interfaces,
})

/** Walks up to a step without it. */
async function upTo(step: Step) {
  for (const lower of LADDER.slice(0, LADDER.indexOf(step))) {
    const item = lower.lacks(record, await look())
    if (item !== undefined) await run(lower, 'up', item)
  }
}

describe.each(LADDER.filter((step) => step.name !== 'network').map((step) => [step.name, step] as const))(
  '%s',
  (_name, step) => {
    test('up twice is up once, and shows what it promised', async () => {
      await upTo(step)
      const before = await look()
      const item = step.lacks(record, before) ?? ''
      expect(item).not.toBe('')
      await run(step, 'up', item)
      const once = await look()
      expect(step.lacks(record, once)).toBeUndefined()
      expect(shape(once)).toEqual(shape(step.after(before, 'up', record, item)))
      const done = await effects()
      await run(step, 'up', item)
      expect(shape(await look())).toEqual(shape(once))
      expect(await effects()).toEqual(done)
    })

    test('down twice is down once, and shows what it promised', async () => {
      await upTo(step)
      await run(step, 'up', step.lacks(record, await look()) ?? '')
      const before = await look()
      const item = step.leaves(record, before) ?? ''
      expect(item).not.toBe('')
      await run(step, 'down', item)
      const once = await look()
      expect(step.leaves(record, once)).toBeUndefined()
      expect(shape(once)).toEqual(shape(step.after(before, 'down', record, item)))
      const done = await effects()
      await run(step, 'down', item)
      expect(shape(await look())).toEqual(shape(once))
      expect(await effects()).toEqual(done)
    })

    test('down of what never was is done', async () => {
      const item = step.name === 'disk' ? `${record.wish.name}-root` : step.name === 'attach' ? VOLUME : 'hard'
      await expect(run(step, 'down', item)).resolves.toMatchObject({ state: 'done' })
    })
  },
)

test('network: up twice makes it once; down disconnects an interface, twice as well', async () => {
  const { network } = STEPS
  await run(network, 'up', 'all')
  await run(network, 'up', 'all')
  expect((await effects())['network.ensure']).toBe(1)
  await run(STEPS.disk, 'up', `${record.wish.name}-root`)
  await run(STEPS.define, 'up', 'domain')
  const machine = await look()
  const item = network.leaves(record, machine) ?? ''
  await run(network, 'down', item)
  await run(network, 'down', item)
  expect(shape(await look())).toEqual(shape(network.after(machine, 'down', record, item)))
})

test('suspend twice keeps one image of the memory, from which a start goes on', async () => {
  await upTo(STEPS.power)
  await run(STEPS.power, 'up', 'on')
  await run(STEPS.suspend, 'up', 'memory')
  await run(STEPS.suspend, 'up', 'memory')
  expect((await look()).domain).toBe('saved')
  await run(STEPS.power, 'up', 'on')
  expect(await effects()).toMatchObject({ save: 1, 'power.resume': 1 })
})

test('suspensions and restarts are not undone as such', async () => {
  for (const step of [STEPS.suspend, STEPS.reboot, STEPS.reset]) {
    expect(step.leaves(record, await look())).toBeUndefined()
    await expect(run(step, 'down', 'x')).rejects.toMatchObject({ kind: 'internal' })
  }
})

test.each(['image', 'network'] as const)(
  'an %s that is not there any more is refused before anything is done',
  async (kind) => {
    const step = kind === 'image' ? STEPS.disk : STEPS.network
    const call = {
      driver: site.simulator.driver,
      host: target(),
      ticket: { resource: record.wish.name, epoch, key: 'k' },
      record,
      site: site.name,
      item: `${record.wish.name}-root`,
      image: async () => undefined,
      network: async () => undefined,
      unseal: () => '',
    }
    await expect(step.up(call)).rejects.toMatchObject({ kind: 'refused' })
    expect(await effects()).toEqual({})
  },
)
