/** What is known of a file only while it comes is held against its project's limits then. */
import { randomUUID } from 'node:crypto'
import type { ImportId } from '../../../src/model/ids'
import type { ImportRecord, Quota } from '../../../src/model/records'
import { qcow2, rawDisk } from '../../support/disks'
import { type FileServer, fileAt } from '../../support/file-server'
import { caller, type Images, OPERATOR, rewishImport, settledImage } from '../../support/images'
import { importsStage } from '../../support/imports-stage'
import { openPump } from '../../support/pump'
import { PROJECT, type Site } from '../../support/site'

let site: Site
let images: Images
let server: FileServer
importsStage((stage) => {
  ;({ site, images, server } = stage)
})

const GIB = 1024 ** 3
const ELSEWHERE = { from: 'url', url: 'https://files.invalid/x' } as const

async function limit(quota: Quota): Promise<void> {
  const project = await site.store.read('project', PROJECT)
  if (!project) throw new Error('no project')
  const { id, generation } = project
  const wish = { ...project.wish, quota }
  const update = {
    ref: { kind: 'project', id } as const,
    project: id,
    generation,
    wish,
    raisePhase: false,
    wake: false,
  }
  await site.store.change(
    { operationId: randomUUID(), actor: OPERATOR.actor, what: 'test', updates: [update] },
    Date.now(),
  )
}

/** Tenants may name public addresses only; the file is here. */
const comesFrom = (id: ImportId | undefined, path: string, file: Buffer) =>
  rewishImport(site, id as ImportId, { source: { ...fileAt(server, path, file), reach: 'any' } })

async function ended(id: ImportId): Promise<ImportRecord> {
  const states: readonly string[] = ['completed', 'failed']
  await openPump(site).until(async () => states.includes((await images.import(id))?.seen.state ?? ''), 'its end')
  const found = await images.import(id)
  if (!found) throw new Error('no import')
  return found
}

test('a file for which others left no room since it was ordered is refused; what is left is taken', async () => {
  await limit({ imageGiB: 1 } as Quota)
  const { image, imports } = await images.operations.addImage(caller, { name: 'mine', parts: { disk: ELSEWHERE } })
  const other = { disk: { from: 'upload', bytes: GIB - 1000 } } as const
  const upload = await images.operations.addImage(caller, { name: 'other', parts: other })
  await comesFrom(imports[0]?.id, '/large', rawDisk(5000))
  const { seen } = await settledImage(images, openPump(site), image.id)
  expect(seen).toMatchObject({ state: 'failed', message: expect.stringContaining('more than the 1000 bytes') })
  const small = await images.operations.addImage(caller, { name: 'small', parts: { disk: ELSEWHERE } })
  await comesFrom(small.imports[0]?.id, '/small', rawDisk(900))
  expect((await settledImage(images, openPump(site), small.image.id)).seen.state).toBe('available')
  expect((await images.image(upload.image.id))?.seen.state).toBe('pending')
})

test('a server that sends all at once, and does not say how much, takes no more than is left by then', async () => {
  await limit({ imageGiB: 1 } as Quota)
  server.ranges = 'no'
  server.lengths = 'untold'
  const { image, imports } = await images.operations.addImage(caller, { name: 'mine', parts: { disk: ELSEWHERE } })
  await comesFrom(imports[0]?.id, '/endless', Buffer.alloc(70 * 1024 ** 2, 'no end'))
  let pieces = 0
  const pump = openPump(site, {
    store: (store) => ({
      ...store,
      upload: (name) => ({
        ...store.upload(name),
        async append(at, bytes) {
          pieces += 1
          const other = { disk: { from: 'upload', bytes: GIB - 1000 } } as const
          if (pieces === 1) await images.operations.addImage(caller, { name: 'other', parts: other })
          return store.upload(name).append(at, bytes)
        },
      }),
    }),
  })
  const { seen } = await settledImage(images, pump, image.id)
  expect(seen).toMatchObject({ state: 'failed', message: expect.stringContaining('more than the 1000 bytes') })
  expect(pieces).toBe(8)
})

test('a disk that is larger than its file is held against the limit of snapshots', async () => {
  await limit({ snapshotGiB: 4 } as Quota)
  const order = async (path: string) => {
    const made = await images.operations.importSnapshot(caller, { file: ELSEWHERE, description: '', tags: {} })
    await comesFrom(made.id, path, qcow2())
    return ended(made.id)
  }
  expect((await order('/first')).seen.state).toBe('completed')
  const { seen } = await order('/second')
  expect(seen).toMatchObject({ state: 'failed', message: expect.stringMatching(/has 3 GiB.*leaves 1$/) })
  expect((await site.store.readAll('snapshot')).map(({ wish }) => wish.sizeGiB)).toEqual([3])
})
