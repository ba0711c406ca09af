/** Imports whose owner wants them no more, and how many of them go on at once. */
import { randomBytes } from 'node:crypto'
import type { ImageId, ImportId } from '../../../src/model/ids'
import { PIECE_BYTES } from '../../../workers/reconcile/imports/fetch-slice'
import { makeSnapshot } from '../../../workers/reconcile/imports/make-snapshot'
import { qcow2 } from '../../support/disks'
import { type FileServer, fileAt } from '../../support/file-server'
import { caller, type Images, rewishImport, settledImage } from '../../support/images'
import { importsStage } from '../../support/imports-stage'
import { openPump, type Pump } from '../../support/pump'
import type { Site } from '../../support/site'

let site: Site
let images: Images
let server: FileServer
importsStage((stage) => {
  ;({ site, images, server } = stage)
})

const url = (path: string, file?: Buffer) => fileAt(server, path, file)
const settled = (pump: Pump, id: ImageId) => settledImage(images, pump, id)

test('a project has two of the places alone, whatever it imports; what it cancels needs none', async () => {
  const { shares } = site.work({})
  const pump = openPump(site, { shares })
  const imported = async () => {
    const made = await images.operations.importSnapshot(caller, {
      file: { from: 'url', url: 'https://files.invalid/x' },
      description: '',
      tags: {},
    })
    server.files.set('/mine', qcow2())
    await rewishImport(site, made.id, { source: { from: 'url', url: `${server.url}/mine`, reach: 'any' } })
    return made
  }
  const [one, two] = [await imported(), await imported()]
  const others = [shares.take('imageimport', one.project), shares.take('imageimport', one.project)]
  const ofSite = await images.add({ disk: url('/site', qcow2()) })
  await settled(pump, ofSite.image.id)
  await images.operations.cancelImport(caller, two.wish.task?.name ?? '')
  await pump.until(async () => (await images.import(two.id))?.seen.state === 'cancelled', 'the cancelling')
  expect((await images.import(one.id))?.seen.state).toBe('waiting')
  expect(others.map((place) => place?.isAwaited())).toEqual([true, true])
  others[0]?.release()
  await pump.until(async () => (await images.import(one.id))?.seen.state === 'completed', 'the import')
})

describe('an import that is cancelled', () => {
  /** Cancels it once the worker has done so much with its pieces. */
  const cancelledAt = (deed: 'append' | 'size', id: ImportId, task: string) => {
    const done: string[] = []
    const pump = openPump(site, {
      store: (store) => ({
        ...store,
        upload: (name) => {
          const upload = store.upload(name)
          const cancel = async (now: string) => {
            done.push(now)
            if (now === deed && done.filter((one) => one === deed).length === 1)
              await images.operations.cancelImport(caller, task)
          }
          return {
            ...upload,
            append: (at, bytes) => upload.append(at, bytes).finally(() => cancel('append')),
            size: () => upload.size().finally(() => cancel('size')),
            finish: (expected) => upload.finish(expected).finally(() => cancel('finish')),
          }
        },
      }),
    })
    const isCancelled = async () => (await images.import(id))?.seen.state === 'cancelled'
    return { done, end: () => pump.until(isCancelled, 'the cancelling') }
  }

  it.each([
    ['append', { append: 1, finish: 0 }],
    ['size', { append: 1, finish: 0 }],
  ] as const)('while it comes, at its first %s, is fetched no further and not stored', async (deed, expected) => {
    server.ranges = 'no'
    server.files.set('/long', Buffer.concat([qcow2(), randomBytes(3 * PIECE_BYTES)]))
    const made = await images.operations.importSnapshot(caller, {
      file: { from: 'url', url: 'https://files.invalid/x' },
      description: '',
      tags: {},
    })
    await rewishImport(site, made.id, { source: { from: 'url', url: `${server.url}/long`, reach: 'any' } })
    const { done, end } = cancelledAt(deed, made.id, made.wish.task?.name ?? '')
    await end()
    const times = (name: string) => done.filter((one) => one === name).length
    expect({ append: times('append'), finish: times('finish') }).toEqual(expected)
    expect(await images.context.images.upload(made.id).size()).toBe(0)
  })

  it('leaves nothing, and is forgotten after an hour with its name', async () => {
    const made = await images.operations.importSnapshot(caller, {
      file: { from: 'url', url: 'https://files.invalid/never.qcow2' },
      description: 'mine',
      tags: {},
    })
    const task = made.wish.task?.name ?? ''
    await images.operations.cancelImport(caller, task)
    const pump = openPump(site)
    await pump.until(async () => (await images.import(made.id))?.seen.state === 'cancelled', 'the cancelling')
    await expect(images.operations.cancelImport(caller, task)).rejects.toMatchObject({ kind: 'state' })
    pump.clock.advance(3_700_000)
    await pump.until(async () => (await images.import(made.id)) === undefined, 'its record to go')
    expect(await site.store.resolve('names', [task])).toEqual([undefined])
  })
})

test('an import that was cancelled while its file was stored makes no snapshot', async () => {
  const file = { from: 'url', url: 'https://files.invalid/x' } as const
  const made = await images.operations.importSnapshot(caller, { file, description: '', tags: {} })
  await images.operations.cancelImport(caller, made.wish.task?.name ?? '')
  const came = { sha256: 'ab'.repeat(32), bytes: 1, format: 'raw', sizeGiB: 1 } as const
  await makeSnapshot(site.work({}), made, came)
  expect(await site.store.readAll('snapshot')).toEqual([])
})
