/** An image on its way to an ElasticHosts zone, whose wire breaks: what arrives is the file, once, and registered. */
import { fault } from '../../../src/faults'
import { lifecycle } from '../../../src/model/lifecycle'
import type { ImageRecord } from '../../../src/model/records'
import { openImageExports } from '../../../src/operations/image-exports'
import type { Trouble } from '../../clouds/elastichosts/troubles'
import { qcow2 } from '../../support/disks'
import { type ElasticSite, openElasticSite } from '../../support/elastic-site'
import { OPERATOR } from '../../support/gateways'
import { BIG, contentsOf, type Exporting, openExporting, PROVIDER } from '../../support/image-exports'
import { startRedis, type TestRedis } from '../../support/redis'
import { IMAGE } from '../../support/site'

let redis: TestRedis
let stage: ElasticSite
let exporting: Exporting
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  stage = await openElasticSite(redis, () => undefined)
  exporting = await openExporting(stage)
})
afterEach(async () => {
  await exporting.close()
  await stage.close()
})

const order = ({ wish }: Pick<ImageRecord, 'wish'>) => ({ image: wish.ami, provider: PROVIDER })
const send = (image: Pick<ImageRecord, 'wish'>) => exporting.operations.sendImage(OPERATOR, order(image))
const view = (image: Pick<ImageRecord, 'wish'>) => exporting.operations.imageAtProvider(OPERATOR, order(image))
const until = (image: ImageRecord, state: string) =>
  stage.pump.until(async () => (await view(image)).record?.seen.state === state, state)
const troubles = (on: RegExp, trouble: Trouble, times = 1) => stage.zone.troubles.add({ on, trouble, times })

/** One drive, with the file and nothing else, known here by its id. */
async function isThere(image: ImageRecord): Promise<void> {
  const [drive, ...more] = exporting.drives()
  if (!drive) throw new Error('no drive')
  expect(more).toEqual([])
  expect(contentsOf(drive).equals(BIG)).toBe(true)
  expect(await exporting.registered(image.id)).toBe(drive.id)
}

test('it is sent, registered, and machines of it run there; asked again it is there', async () => {
  const image = await exporting.bring()
  expect((await view(image)).registered).toBeNull()
  await send(image)
  await until(image, 'completed')
  await isThere(image)
  const there = await exporting.registered(image.id)
  expect(await send(image)).toMatchObject({ registered: there })
  const [id = ''] = await stage.site.order(1, { image: image.id })
  await stage.pump.until(async () => lifecycle(await stage.site.compute(id)) === 'running', 'a machine of it')
  expect((await stage.site.compute(id)).place.hostName).toBe(PROVIDER)
})

test('two who order it at once order one; while it is on its way nothing more is ordered', async () => {
  const image = await exporting.bring()
  const [one, other] = await Promise.all([send(image), send(image)])
  expect(other.record?.id).toBe(one.record?.id)
  expect((await send(image)).record?.wish.tries).toBe(1)
  await until(image, 'completed')
  await isThere(image)
})

test.each<[string, RegExp, Trouble]>([
  ['the drive is made and nobody is told', /^POST \/drives\/create/, { what: 'cut after' }],
  ['the order for the drive arrives late', /^POST \/drives\/create/, { what: 'cut, done late' }],
  ['a piece is written and nobody is told', /\/write/, { what: 'cut after' }],
  ['a piece is lost', /\/write/, { what: 'cut before' }],
  ['the zone is busy', /\/write/, { what: 'answers', status: 409, code: 'busy' }],
  ['the zone fails', /\/write/, { what: 'answers', status: 500, code: 'failed' }],
  ['the zone does not know us for a moment', /\/drives\/info/, { what: 'answers', status: 401, code: 'auth' }],
  ['the mark is lost', /\/set/, { what: 'cut after' }],
])('%s: it is there once for all that', async (_what, on, trouble) => {
  const image = await exporting.bring()
  troubles(on, trouble)
  await send(image)
  await until(image, 'completed')
  stage.zone.arrive()
  await stage.onward()
  await stage.onward()
  await isThere(image)
  expect(stage.zone.troubles.unused()).toBe(0)
})

test('the drive is removed meanwhile: it is made anew, from the beginning', async () => {
  const image = await exporting.bring()
  troubles(/\/write\/[1-9]/, { what: 'cut before' })
  await send(image)
  await stage.pump.until(async () => (await view(image)).record?.seen.failures === 1, 'the cut')
  const [drive] = exporting.drives()
  stage.zone.world.drives.delete(drive?.id ?? '')
  await until(image, 'completed')
  await isThere(image)
  expect(exporting.drives()[0]?.id).not.toBe(drive?.id)
})

test('what is refused has failed and says why; ordered again it goes on where it was', async () => {
  const image = await exporting.bring()
  troubles(/\/write\/[1-9]/, { what: 'answers', status: 507, code: 'full' })
  await send(image)
  await until(image, 'failed')
  const { record } = await view(image)
  expect(record?.seen.message).toBe('its provider refuses drives/write: there is no room left')
  const [drive] = exporting.drives()
  await stage.onward()
  await stage.onward()
  expect((await send(image)).record?.wish.tries).toBe(2)
  await until(image, 'completed')
  await isThere(image)
  expect(exporting.drives()[0]?.id).toBe(drive?.id)
})

test('cancelled: what came there goes; ordered again it comes', async () => {
  const image = await exporting.bring()
  troubles(/\/write\/[1-9]/, { what: 'cut before' }, 3)
  await send(image)
  await stage.pump.until(async () => (await view(image)).record?.seen.failures === 1, 'the cut')
  await exporting.operations.cancelSending(OPERATOR, order(image))
  await until(image, 'cancelled')
  expect([exporting.drives(), await exporting.registered(image.id)]).toEqual([[], undefined])
  await send(image)
  await until(image, 'completed')
  await isThere(image)
  await expect(exporting.operations.cancelSending(OPERATOR, order(image))).rejects.toMatchObject({ kind: 'state' })
})

/** An operator says so by hand. */
async function register(image: ImageRecord, theirs: string): Promise<void> {
  const { provider } = (await stage.site.host(PROVIDER)).wish
  if (!provider) throw new Error('no provider')
  await stage.site.setHost(PROVIDER, {
    provider: { ...provider, images: { ...provider.images, [image.id]: theirs } },
  })
}

/** A drive is there, and not all of the file yet. */
async function halfway(image: ImageRecord): Promise<string> {
  troubles(/\/write\/[1-9]/, { what: 'cut before' }, 3)
  await send(image)
  await stage.pump.until(async () => (await view(image)).record?.seen.failures === 1, 'the cut')
  const [drive] = exporting.drives()
  if (!drive) throw new Error('no drive')
  return drive.id
}

/** It is all there, and an operator took its registration away. */
async function unregistered(): Promise<ImageRecord> {
  const image = await exporting.bring()
  await send(image)
  await until(image, 'completed')
  const { provider } = (await stage.site.host(PROVIDER)).wish
  if (!provider) throw new Error('no provider')
  await stage.site.setHost(PROVIDER, { provider: { ...provider, images: {} } })
  return image
}

test('completed, and registered no more: cancelled, what lies there goes', async () => {
  const image = await unregistered()
  expect(exporting.drives()).toHaveLength(1)
  await exporting.operations.cancelSending(OPERATOR, order(image))
  await until(image, 'cancelled')
  expect([exporting.drives(), await exporting.registered(image.id)]).toEqual([[], undefined])
})

test('ordered anew after what was completed was registered no more: it can be cancelled at once', async () => {
  const image = await unregistered()
  expect((await send(image)).record?.wish.tries).toBe(2)
  await exporting.operations.cancelSending(OPERATOR, order(image))
  await until(image, 'cancelled')
  expect([exporting.drives(), await exporting.registered(image.id)]).toEqual([[], undefined])
})

test('cancelled in the moment in which it is registered: that is refused, and it stays', async () => {
  const image = await exporting.bring()
  const drive = await halfway(image)
  const { context } = exporting.images
  let changes = 0
  const store: typeof context.store = {
    ...context.store,
    async change(asked, now) {
      changes += 1
      if (changes === 1) await register(image, drive)
      return context.store.change(asked, now)
    },
  }
  const { cancelSending } = openImageExports({ ...context, store })
  await expect(cancelSending(OPERATOR, order(image))).rejects.toMatchObject({ kind: 'state' })
  expect(changes).toBe(1)
  await until(image, 'completed')
  expect([exporting.drives().map(({ id }) => id), await exporting.registered(image.id)]).toEqual([[drive], drive])
})

test('registered by hand once it was cancelled: what is registered stays', async () => {
  const image = await exporting.bring()
  const drive = await halfway(image)
  await exporting.operations.cancelSending(OPERATOR, order(image))
  await register(image, drive)
  await until(image, 'cancelled')
  await stage.onward()
  await stage.onward()
  expect(exporting.drives().map(({ id }) => id)).toEqual([drive])
})

test('a provider that takes no images at all: it has failed, and can be cancelled', async () => {
  const image = await exporting.bring()
  troubles(/\/drives\/info/, { what: 'answers', status: 405, code: 'method' }, 1000)
  await send(image)
  await until(image, 'failed')
  await exporting.operations.cancelSending(OPERATOR, order(image))
  await until(image, 'cancelled')
  expect(exporting.drives()).toEqual([])
})

test('a drive that is there and takes nothing is given up in the end; what is left of it goes when that is forgotten', async () => {
  const image = await exporting.bring()
  troubles(/\/write/, { what: 'answers', status: 404, code: 'missing' }, 20)
  await send(image)
  await stage.pump.until(async () => {
    stage.pump.clock.advance(30_000)
    return (await view(image)).record?.seen.state === 'failed'
  }, 'its failure')
  expect((await view(image)).record?.seen).toMatchObject({ failures: 20, message: expect.stringMatching(/not there/) })
  expect(stage.zone.troubles.unused()).toBe(0)
  expect(exporting.drives()).toHaveLength(1)
  stage.pump.clock.advance(8 * 24 * 3_600_000)
  await stage.pump.until(async () => (await view(image)).record === null, 'it to be forgotten')
  expect(exporting.drives()).toEqual([])
})

test('the image is removed meanwhile: it has failed, and is registered nowhere', async () => {
  const image = await exporting.bring()
  troubles(/\/write\/[1-9]/, { what: 'cut before' })
  await send(image)
  await stage.pump.until(async () => (await view(image)).record?.seen.failures === 1, 'the cut')
  const { record } = await view(image)
  await exporting.images.operations.removeImage(OPERATOR, image.wish.ami, { force: true })
  const of = async () => (await stage.site.store.read('imageexport', record?.id ?? ''))?.seen.state
  await stage.pump.until(async () => (await of()) === 'failed', 'its failure')
  expect(await exporting.registered(image.id)).toBeUndefined()
  const isForgotten = async () => (await stage.site.store.read('image', image.id)) === undefined
  await stage.pump.until(isForgotten, "the image's record to be gone")
  await stage.onward()
  await stage.onward()
  expect(exporting.drives()).toHaveLength(0)
})

test('refused before anything changes, with what to do', async () => {
  const { operations } = exporting
  const simulated = { image: IMAGE, provider: PROVIDER }
  await expect(operations.sendImage(OPERATOR, { ...simulated, provider: 'sim-1' })).rejects.toMatchObject({
    kind: 'not-found',
  })
  await expect(operations.sendImage(OPERATOR, { ...simulated, image: 'ami-none' })).rejects.toMatchObject({
    kind: fault('not-found', '').kind,
  })
  const packed = await exporting.bring(qcow2())
  await expect(send(packed)).rejects.toMatchObject({
    kind: 'state',
    message: expect.stringContaining('its disk is qcow2; this provider takes a raw one'),
  })
  const image = await exporting.bring()
  const { wish } = await stage.site.host(PROVIDER)
  await stage.site.setHost(PROVIDER, { driver: 'ec2' })
  await expect(send(image)).rejects.toMatchObject({
    kind: 'unsupported',
    message: expect.stringMatching(/as a provider of kind occi\).*occi-gateway provider image sim-2 IMAGE THEIRS/),
  })
  await stage.site.setHost(PROVIDER, { driver: wish.driver })
  expect(await stage.site.store.readAll('imageexport')).toEqual([])
})

test('what has ended is forgotten after a week, and can be ordered again', async () => {
  const image = await exporting.bring()
  await send(image)
  await until(image, 'completed')
  stage.pump.clock.advance(8 * 24 * 3_600_000)
  await stage.pump.until(async () => (await view(image)).record === null, 'it to be forgotten')
  await isThere(image)
})
