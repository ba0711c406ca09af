/** Images to another gateway of ours, over a wire that breaks; and to an OCCI server that is none. */
import { randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asFault } from '../../../../../src/faults'
import type { HostTarget, ImageCarrier, Parcel } from '../../../../../workers/drivers/driver'
import { openOcciDriver } from '../../../../../workers/drivers/providers/occi'
import type { WiredStage } from '../../../../contract/provider-contract'
import { sha256 } from '../../../../support/digest'
import { openOcciStage } from '../../../../support/occi-stage'
import { type Partner, startPartner } from '../../../../support/partner'
import type { WireFault } from '../../../../support/provider-wire'
import { until } from '../../../../support/until'

let partner: Partner
let stage: WiredStage
let carrier: ImageCarrier
let made = 0
beforeAll(async () => {
  partner = await startPartner()
})
afterAll(() => partner.close())
beforeEach(async () => {
  stage = await openOcciStage(partner)
  carrier = carrierOf(stage.driver.images)
})
afterEach(() => stage.close())

const carrierOf = (images: ImageCarrier | undefined): ImageCarrier => {
  if (!images) throw new Error('the driver brings no images')
  return images
}

/** A file and what it is sent as; no two alike. */
function parcelOf(bytes = 5_000_123): { readonly file: Buffer; readonly parcel: Parcel } {
  const file = randomBytes(bytes)
  made += 1
  const image = `ami-${made.toString(16).padStart(17, '0')}`
  return { file, parcel: { image, bytes, sha256: sha256(file) } }
}

/** As a worker does it: what is not said for good is done again. */
async function through<T>(deed: () => Promise<T>): Promise<T> {
  let value: T | undefined
  await until(
    async () => {
      try {
        value = await deed()
        return true
      } catch (thrown) {
        const it = asFault(thrown)
        if (!it.retriable) throw Object.assign(it, { stops: true })
        return false
      }
    },
    { timeoutMs: 20_000, what: 'it to come through' },
  )
  return value as T
}

async function carry(file: Buffer, parcel: Parcel): Promise<string> {
  const { object, bytes } = await through(() => carrier.begin(stage.here, parcel))
  const size = carrier.pieceBytes(file.length)
  for (let at = bytes; at < file.length; at += size)
    await through(() => carrier.put(stage.here, object, at, file.subarray(at, at + size)))
  return through(() => carrier.finish(stage.here, object, parcel))
}

const there = async ({ image }: Parcel) =>
  ((await partner.admin.get('/images')) as { images: { ami: string; name: string; state: string }[] }).images.filter(
    ({ name }) => name.includes(image),
  )

test('an image of the project there, of the same bytes; begun again it is there', async () => {
  const { file, parcel } = parcelOf()
  const ami = await carry(file, parcel)
  expect(await there(parcel)).toEqual([expect.objectContaining({ ami, state: 'available' })])
  const again = await carrier.begin(stage.here, parcel)
  expect([again.bytes, await carrier.finish(stage.here, again.object, parcel)]).toEqual([parcel.bytes, ami])
  // The driver that machines are made by finds it at once.
  expect(await stage.driver.check?.({ ...stage.here, provider: providerWith(stage.here, ami) }, 'looks')).toMatchObject(
    {
      findings: expect.arrayContaining([expect.objectContaining({ what: `image ${ami}`, verdict: 'ok' })]),
    },
  )
})

const providerWith = ({ provider }: HostTarget, ami: string) => {
  if (!provider) throw new Error('no provider')
  return { ...provider, images: { ours: ami } }
}

const CUTS: readonly WireFault[] = [{ kind: 'cut-before' }, { kind: 'cut-after' }]
const CALLS = ['POST /images/v1/images', 'PUT /images/v1/uploads/', 'GET /images/v1/images'] as const

test.each(CALLS.flatMap((call) => CUTS.map((cut) => [call, cut] as const)))(
  '%s %j: it is there once',
  async (call, cut) => {
    const { file, parcel } = parcelOf()
    stage.wire.next(cut, ({ method, path }) => `${method} ${path}`.startsWith(call))
    const ami = await carry(file, parcel)
    expect(await there(parcel)).toEqual([expect.objectContaining({ ami, state: 'available' })])
  },
)

test('another worker goes on where the provider says that it is', async () => {
  const { file, parcel } = parcelOf()
  const { object } = await carrier.begin(stage.here, parcel)
  const piece = file.subarray(0, carrier.pieceBytes(file.length))
  await carrier.put(stage.here, object, 0, piece)
  expect(await carrier.begin(stage.here, parcel)).toEqual({ object, bytes: piece.length })
  // A worker that woke up late sends it once more.
  await carrier.put(stage.here, object, 0, piece)
  await carry(file, parcel)
  expect(await there(parcel)).toHaveLength(1)
})

test('a file of more than 19.5 GiB is sent in pieces that the gateway there takes', () => {
  const GIB = 1024 ** 3
  expect([1000, 19.5 * GIB].map((bytes) => carrier.pieceBytes(bytes))).toEqual([2 * 1024 ** 2, 2 * 1024 ** 2])
  expect(carrier.pieceBytes(20 * GIB)).toBe(2_147_484)
})

test('what is not wanted any more goes', async () => {
  const { file, parcel } = parcelOf()
  const { object } = await carrier.begin(stage.here, parcel)
  await carrier.tidy(stage.here, parcel.image, object)
  expect(await there(parcel)).toHaveLength(1)
  await carrier.tidy(stage.here, parcel.image, null)
  expect(await there(parcel)).toEqual([])
  await expect(carrier.put(stage.here, object, 0, file.subarray(0, 100))).rejects.toMatchObject({ kind: 'not-found' })
})

test.each([
  ['the one of two tries that was not removed', ['.2'], ''],
  ['the first and the third', ['', '.3'], '.2'],
])('its name is none that %s has', async (_what, failed, free) => {
  const { parcel } = parcelOf(1000)
  const name = `og-${stage.site}-${parcel.image}`
  const images = failed.map((suffix) => ({
    ...{ id: randomUUID(), ami: parcel.image, name: name + suffix, state: 'failed', message: 'no' },
  }))
  const body = JSON.stringify({ images })
  stage.wire.next({ kind: 'answer', status: 200, type: 'application/json', body }, ({ method, path }) =>
    `${method} ${path}`.startsWith('GET /images/v1/images'),
  )
  await carrier.begin(stage.here, parcel)
  expect(await there(parcel)).toEqual([expect.objectContaining({ name: name + free })])
})

test('what is registered stays, by whichever of its names', async () => {
  const { file, parcel } = parcelOf(1000)
  const ami = await carry(file, parcel)
  const template = `http://schemas.occi-gateway.org/occi/infrastructure/os_tpl#${ami}`
  const { object } = await carrier.begin(stage.here, parcel)
  for (const keep of [ami, object, object.toUpperCase(), template]) {
    await carrier.tidy(stage.here, parcel.image, keep)
    expect(await there(parcel)).toHaveLength(1)
  }
  await carrier.tidy(stage.here, parcel.image, `${ami}0`)
  expect(await there(parcel)).toEqual([])
})

test('an OCCI server that is no gateway of ours is refused, and nothing was asked but to look', async () => {
  const asked: string[] = []
  const server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`)
    res.writeHead(404, { 'content-type': 'text/plain' }).end('no')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const driver = openOcciDriver({ site: 'local-1', patienceMs: 2_000 })
  const { parcel } = parcelOf(1000)
  await expect(carrierOf(driver.images).begin({ ...stage.here, address }, parcel)).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('no occi-gateway'),
  })
  expect(asked).toEqual(['GET /images/v1/images'])
  await driver.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
