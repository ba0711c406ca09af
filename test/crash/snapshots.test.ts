/**
 * A worker dies before and after each arrow while snapshots are taken of volumes and root disks, volumes are made of them, and
 * they are deleted. A fresh one takes over. Each snapshot is there once, and nothing is left of those that are gone.
 */
import { fault } from '../../src/faults'
import type { ComputeId, StorageId } from '../../src/model/ids'
import type { SnapshotRecord } from '../../src/model/storage'
import type { Driver } from '../../workers/drivers/driver'
import { dieAtEach, openArrows } from '../support/arrows'
import { wrongs } from '../support/invariants'
import { openPump, type Pump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'
import { simulatedSnapshots, snapshotsOf, snapshotWrongs } from '../support/snapshots'
import { caller, openVolumes, type Volumes } from '../support/volumes'

let redis: TestRedis
let site: Site
let volumes: Volumes
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 2 })
  volumes = await openVolumes(site)
})
afterEach(async () => {
  await volumes.close()
  await site.close()
})

interface Ground {
  readonly compute: ComputeId
  readonly storage: StorageId
  readonly taken: SnapshotRecord | undefined
}
interface Story {
  readonly name: string
  /** A snapshot of the volume is there already. */
  readonly taken: boolean
  wish(ground: Ground, pump: Pump): Promise<unknown>
  /** How often the volume's host took one. */
  readonly snapshots: number
}
const operations = () => snapshotsOf(volumes)
const ofVolume = ({ storage }: Ground) => ({ kind: 'storage', id: storage }) as const
const gone = async (id: string) => (await site.store.read('snapshot', id)) === undefined
const told = async (id: string | undefined) => (await site.store.read('snapshot', id ?? ''))?.seen.message ?? null

const STORIES: readonly Story[] = [
  {
    name: 'a snapshot of a volume',
    taken: false,
    wish: (ground) => operations().createSnapshots(caller, { of: [ofVolume(ground)] }),
    snapshots: 1,
  },
  {
    name: 'a snapshot that is deleted',
    taken: true,
    wish: ({ taken }) => operations().deleteSnapshot(caller, taken?.id as never),
    snapshots: 0,
  },
  {
    name: 'a snapshot that is deleted while it is taken',
    taken: false,
    async wish(ground) {
      const [made] = await operations().createSnapshots(caller, { of: [ofVolume(ground)] })
      await operations().deleteSnapshot(caller, made?.id as never)
    },
    snapshots: 0,
  },
  {
    name: 'a volume that is deleted while its snapshot is taken',
    taken: false,
    async wish(ground) {
      await operations().createSnapshots(caller, { of: [ofVolume(ground)] })
      await volumes.operations.detachStorage(caller, { storage: ground.storage })
      await volumes.terminate(ground.compute)
    },
    snapshots: 1,
  },
]

const LEAVING: Story = {
  name: 'a snapshot of a volume that leaves the host which refuses it',
  taken: false,
  async wish(ground, pump) {
    const home = (await site.compute(ground.compute)).place.hostName ?? ''
    const to = (await site.host(home === 'sim-1' ? 'sim-2' : 'sim-1')).id
    await site.simulator.admin.refuse({ verb: 'disk.snapshot', host: home, times: 99 })
    const [made] = await operations().createSnapshots(caller, { of: [ofVolume(ground)] })
    await pump.until(async () => (await told(made?.id)) !== null, 'the refusal')
    await site.wish(ground.compute, () => ({ move: { level: 1, to, how: 'live' } }))
  },
  snapshots: 1,
}

const settled = async (): Promise<boolean> => {
  const left = (await site.store.readAll('compute')).filter(({ seen }) => seen.goneAt !== null).length
  return (await site.store.agendaSize()) === 2 + left
}
const atRest = async (): Promise<boolean> =>
  (await settled()) &&
  (await snapshotWrongs(site)).length === 0 &&
  (await wrongs(site)).length === 0 &&
  (await volumes.wrongs()).length === 0

async function ground(pump: Pump, story: Pick<Story, 'taken'>): Promise<Ground> {
  await pump.until(async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok'), 'hosts')
  const [compute] = await site.order(1)
  const { id: storage } = await volumes.operations.createStorage(caller, { sizeGiB: 2 })
  await volumes.operations.attachStorage(caller, { storage, compute: compute as ComputeId })
  await pump.until(atRest, 'a machine with its volume')
  const base = { compute: compute as ComputeId, storage, taken: undefined }
  if (!story.taken) return base
  const [taken] = await operations().createSnapshots(caller, { of: [ofVolume(base)] })
  await pump.until(atRest, 'a snapshot')
  return { ...base, taken }
}

async function live(story: Story, dieAt: number): Promise<readonly string[]> {
  const arrows = openArrows({ of: ({ kind }) => kind === 'snapshot' || kind === 'storage' })
  const pump = openPump(site, { at: arrows.at })
  const here = await ground(pump, story)
  arrows.count(dieAt)
  await story.wish(here, pump)
  await pump.until(atRest, `${story.name} to end`)
  const passed = arrows.rest()
  expect(await simulatedSnapshots(site)).toHaveLength(story.snapshots)
  await site.simulator.admin.clearFaults()
  for (const { id } of await site.store.readAll('snapshot')) {
    await operations().deleteSnapshot(caller, id)
    await pump.until(() => gone(id), 'the end of the snapshot')
  }
  await volumes.terminate(here.compute)
  await volumes.operations.deleteStorages(caller, { ids: [here.storage] }).catch(() => undefined)
  await pump.until(atRest, 'the end of the machine')
  if (await volumes.storage(here.storage)) {
    await volumes.operations.deleteStorages(caller, { ids: [here.storage] })
    await pump.until(atRest, 'the end of the volume')
  }
  expect(await simulatedSnapshots(site)).toEqual([])
  return passed
}

test.each(STORIES)(
  'a worker that dies at any arrow of $name loses and doubles nothing',
  async (story) => {
    // Deleted while it is taken, it is over after four.
    await dieAtEach((dieAt) => live(story, dieAt), 4)
  },
  300_000,
)

test(`${LEAVING.name} is taken where the volume has gone`, async () => {
  await live(LEAVING, -1)
}, 60_000)

test('a volume of a snapshot is made on whichever simulated host, also after the snapshot was deleted', async () => {
  const pump = openPump(site)
  const here = await ground(pump, { taken: true })
  const snapshot = here.taken?.id as never
  const made = await volumes.operations.createStorage(caller, { snapshot })
  expect(made.wish).toMatchObject({ sizeGiB: 2, source: { snapshot: here.taken?.wish.name, file: null } })
  await expect(volumes.operations.createStorage(caller, { snapshot, sizeGiB: 1 })).rejects.toMatchObject({
    kind: 'invalid',
  })
  await operations().deleteSnapshot(caller, snapshot)
  expect(await operations().listSnapshots(caller)).toEqual([])
  const home = (await site.compute(here.compute)).place.hostName
  await site.setHost(home ?? '', { enabled: false })
  const [other] = await site.order(1)
  await volumes.operations.attachStorage(caller, { storage: made.id, compute: other as ComputeId })
  await pump.until(async () => (await volumes.storage(made.id))?.seen.madeAt !== null, 'the volume')
  expect((await volumes.storage(made.id))?.place.hostName).not.toBe(home)
  await pump.until(async () => (await simulatedSnapshots(site)).length === 0, 'the end of the snapshot')
})

test('a snapshot of a volume that was never made has nothing but zeros, and so has a volume of it', async () => {
  const pump = openPump(site)
  const { id } = await volumes.operations.createStorage(caller, { sizeGiB: 3 })
  const [taken] = await operations().createSnapshots(caller, { of: [{ kind: 'storage', id }] })
  const seen = async () => (await site.store.read('snapshot', taken?.id ?? ''))?.seen
  await pump.until(async () => (await seen())?.state === 'completed', 'the snapshot')
  expect(await seen()).toMatchObject({ blank: true, file: null, percent: 100 })
  const copy = await operations().copySnapshot(caller, { of: taken?.id as never, description: 'again' })
  const made = await volumes.operations.createStorage(caller, { snapshot: copy.id })
  expect(made.wish.source).toMatchObject({ blank: true, snapshot: copy.wish.name })
})

test('an image of a machine is pending until the snapshot of its root disk is completed, and then keeps it', async () => {
  const pump = openPump(site)
  const here = await ground(pump, { taken: false })
  const image = await operations().createImageOf(caller, { compute: here.compute, name: 'mine' })
  expect(image).toMatchObject({ seen: { state: 'pending' }, wish: { madeFrom: expect.stringMatching(/^i-/) } })
  await expect(operations().createImageOf(caller, { compute: here.compute, name: 'mine' })).rejects.toMatchObject({
    kind: 'exists',
  })
  const state = async () => (await site.store.read('image', image.id))?.seen.state
  await pump.until(async () => (await state()) === 'available', 'the image')
  const [snapshot] = await operations().listSnapshots(caller)
  expect(snapshot).toMatchObject({ seen: { state: 'completed' }, wish: { of: { kind: 'root', id: here.compute } } })
  await expect(operations().deleteSnapshot(caller, snapshot?.id as never)).rejects.toMatchObject({ kind: 'in-use' })
})

test('a host that knows more than the store, of which a backup was restored, is gone above', async () => {
  const pump = openPump(site)
  const here = await ground(pump, { taken: false })
  const volume = await volumes.storage(here.storage)
  const resource = volume?.wish.name ?? ''
  const host = site.simulator.host(volume?.place.hostName === 'sim-1' ? 1 : 2)
  await site.simulator.driver.find(host, { resource, epoch: { era: 9e12, number: 7 } })
  const [taken] = await operations().createSnapshots(caller, { of: [ofVolume(here)] })
  const seen = async () => (await site.store.read('snapshot', taken?.id ?? ''))?.seen
  await pump.until(async () => (await seen())?.state === 'completed', 'the snapshot')
})

test('a host that refuses again and again: an error with its reason; nothing is left', async () => {
  const refusing = (driver: Driver): Driver => ({
    ...driver,
    disk: {
      ...driver.disk,
      snapshot: async (host) => {
        throw fault('refused', `no space left on ${host.name}`)
      },
    },
  })
  const pump = openPump(site, { between: refusing })
  const here = await ground(pump, { taken: false })
  const [taken] = await operations().createSnapshots(caller, { of: [ofVolume(here)] })
  const seen = async () => (await site.store.read('snapshot', taken?.id ?? ''))?.seen
  await pump.until(async () => (await seen())?.state === 'error', 'the error')
  // Its owner is told why, not where.
  expect((await seen())?.message).toBe('no space left on its host')
  await pump.until(
    async () => (await site.store.read('snapshot', taken?.id ?? ''))?.journal.left === null,
    'the end of what is left',
  )
})
