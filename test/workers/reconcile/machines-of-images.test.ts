/** What a host is told of a machine's image, and machines that have no disk at all. */
import { lifecycle } from '../../../src/model/lifecycle'
import type { ImageRecord } from '../../../src/model/records'
import type { DiskOrder, Driver, MachineDefinition } from '../../../workers/drivers/driver'
import { sha256 } from '../../support/digest'
import { bzImage, initramfs, qcow2 } from '../../support/disks'
import { type Images, OPERATOR, openImages } from '../../support/images'
import { openPump, type Pump } from '../../support/pump'
import { type Site, startSite } from '../../support/site'

let site: Site
let images: Images
const told: { disks: DiskOrder[]; definitions: MachineDefinition[] } = { disks: [], definitions: [] }
beforeEach(async () => {
  told.disks.length = 0
  told.definitions.length = 0
  site = await startSite({ hosts: 1 })
  images = await openImages(site)
})
afterEach(async () => {
  await images.close()
  await site.close()
})

/** Writes down what the host is told. */
const listening = (driver: Driver): Driver => ({
  ...driver,
  disk: {
    ...driver.disk,
    ensure: (host, ticket, order) => {
      told.disks.push(order)
      return driver.disk.ensure(host, ticket, order)
    },
  },
  define: (host, ticket, definition) => {
    told.definitions.push(definition)
    return driver.define(host, ticket, definition)
  },
})

const upload = (bytes: Buffer) =>
  ({ from: 'upload', bytes: bytes.length, digest: { algorithm: 'sha256', hex: sha256(bytes) } }) as const

async function brought(pump: Pump, parts: Readonly<Record<string, Buffer>>, boot?: ImageRecord['wish']['boot']) {
  const orders = Object.fromEntries(Object.entries(parts).map(([part, bytes]) => [part, upload(bytes)]))
  const { image, imports } = await images.add(orders, boot ? { boot } : {})
  for (const one of imports) await images.send(one.id, parts[one.wish.part] ?? Buffer.alloc(0))
  await pump.until(async () => (await images.image(image.id))?.seen.state === 'available', 'the image')
  return image
}

test('a disk is made from its file, the machine boots by it', async () => {
  const pump = openPump(site, { between: listening })
  const disk = qcow2()
  const image = await brought(pump, { disk })
  const base = (await site.order(1))[0] ?? ''
  await site.wish(base, (wish) => ({
    image: image.id,
    disks: wish.disks.map((one) => ({ ...one, image: image.id, sizeGiB: 3 })),
  }))
  await pump.until(async () => lifecycle(await site.compute(base)) === 'running', 'the machine')
  expect(told.disks).toMatchObject([
    {
      sizeGiB: 3,
      source: { from: 'image', image: image.wish.ami, sizeGiB: 3, file: { sha256: sha256(disk), format: 'qcow2' } },
    },
  ])
  expect(told.definitions[0]?.boot).toBeUndefined()
})

test('a machine without a disk: booted by kernel and initramfs, started, ended; its image stays until then', async () => {
  const pump = openPump(site, { between: listening })
  const [kernel, ramdisk] = [bzImage(), initramfs()]
  const image = await brought(pump, { kernel, initramfs: ramdisk }, { mode: 'pvh', cmdline: 'console=hvc0' })
  const [id = ''] = await site.order(1, { image: image.id, disks: [] })
  await pump.until(async () => lifecycle(await site.compute(id)) === 'running', 'the machine')
  expect(told.disks).toEqual([])
  expect(told.definitions[0]).toMatchObject({
    disks: [],
    boot: {
      mode: 'pvh',
      cmdline: 'console=hvc0',
      kernel: { sha256: sha256(kernel), format: 'kernel' },
      initramfs: { sha256: sha256(ramdisk), format: 'initramfs' },
    },
  })
  await expect(images.operations.removeImage(OPERATOR, image.wish.ami, { force: false })).rejects.toMatchObject({
    kind: 'in-use',
  })
  await images.operations.removeImage(OPERATOR, image.wish.ami, { force: true })
  await pump.turn()
  expect((await images.image(image.id))?.wish.exists).toBe(false)
  const { wish } = await site.compute(id)
  await site.wish(id, () => ({ exists: false, deletedAt: 1 }))
  await pump.until(async () => (await site.store.read('compute', id))?.seen.goneAt !== null, 'its end')
  expect(await site.found(wish.name)).toEqual([])
  await pump.until(async () => (await images.image(image.id)) === undefined, 'the image to be forgotten')
})
