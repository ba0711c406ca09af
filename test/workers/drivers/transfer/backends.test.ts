/** Where disks lie: the host's own folder, and a shared one that two hosts have. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostId } from '../../../../src/model/ids'
import { unreachable } from '../../../../src/model/storage'
import { capacityOf, diskDeeds, openDisks, parseBackends, parseDisks } from '../../../../workers/drivers/transfer'
import { parseImageState, parseSnapshotCopy } from '../../../../workers/drivers/transfer/parse'
import { type DiskStage, MIB, noise, openDiskStage, SITE, same, through } from '../../../support/disk-stage'
import { hostRecord } from '../../../support/host-record'
import { type LocalGuard, openLocalGuard } from '../../../support/local-guard'

let guard: LocalGuard
let one: DiskStage
let two: DiskStage
beforeEach(() => {
  guard = openLocalGuard({
    deeds: [...diskDeeds(), 'free_storage() { backend_lines; }', HANGING],
    site: SITE,
    environment: { STORE_SECONDS: '1' },
  })
  one = openDiskStage({ guard, hostName: 'one' })
  two = openDiskStage({ guard, hostName: 'two' })
})
afterEach(() => guard.close())

/** A mount whose server went away: whoever asks it for its room waits. */
const HANGING = 'df() { case $2 in */shared/*) [ ! -e "$OCCI_FOLDER/hangs" ] || sleep 1000 ;; esac; command df "$@"; }'

const backendsOf = async (stage: DiskStage) => parseBackends((await guard.free(stage.host, 'storage', [])).toString())

/** The same folder on both hosts, as a mount would be. */
function share(pool: string): void {
  const folder = `${one.path()}-nfs`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/.pool`, `${pool}\n`)
  for (const stage of [one, two]) {
    mkdirSync(stage.path('shared'), { recursive: true })
    symlinkSync(folder, stage.path('shared', 'nfs'))
  }
}
const make = (stage: DiskStage, name: string) =>
  through(stage, stage.claim(name), (ticket) =>
    stage.disks.disk.ensure(stage.host, ticket, { name, sizeGiB: 1, source: { from: 'blank' } }),
  )

test('a host alone: one backend, disks that nobody else has', async () => {
  await make(one, 'vol-1')
  const [local, ...others] = await backendsOf(one)
  expect(local).toMatchObject({ name: 'local', kind: 'local', pool: null })
  expect(others).toEqual([])
  expect(local?.freeGiB).toBeLessThanOrEqual(local?.totalGiB ?? 0)
  expect(capacityOf(local ? [local] : [])).toBe(local?.totalGiB)
  expect(await two.disksOf('vol-1')).toEqual([])
})

test('a shared folder: new disks go there, are seen from both hosts, and survive one', async () => {
  share('pool-a')
  const file = one.image(noise(MIB))
  const disks = openDisks({ guarded: guard, images: one.images })
  await through(one, one.claim('i-1'), (ticket) =>
    disks.disk.ensure(one.host, ticket, {
      name: 'i-1-root',
      sizeGiB: 1,
      source: { from: 'image', image: 'ami-1', sizeGiB: 1, file },
    }),
  )
  for (const stage of [one, two]) {
    const [first] = await backendsOf(stage)
    expect(first).toMatchObject({ name: 'nfs', kind: 'shared', pool: 'pool-a', clone: 'copy' })
    const seen = await guard.look(stage.host, stage.claim('i-1-root'), 'disk', ['i-1-root'])
    const [disk] = parseDisks(seen.payload.toString())
    expect(disk).toMatchObject({ name: 'i-1-root', pool: 'pool-a', format: 'raw' })
    const record = hostRecord(`host-${stage.host.name}`, { seen: { backends: await backendsOf(stage) } })
    expect(unreachable({ name: 'i-1-root', host: 'host-one' as HostId, pool: disk?.pool ?? null }, record)).toBeNull()
  }
  // The other host finds it there and does not make it again.
  await make(two, 'i-1-root')
  expect(two.names('disks')).toEqual([])
  expect(same(one.read(MIB, 'shared', 'nfs', 'disks', 'i-1-root.raw'), one.images.files.get(file.sha256))).toBe(true)
})

test('an operator chooses the backend; one that is not mounted is not written to', async () => {
  share('pool-a')
  writeFileSync(one.path('settings'), 'backend=local\n')
  await make(one, 'vol-1')
  expect(one.names('disks')).toEqual(['vol-1.raw'])
  mkdirSync(two.path('shared', 'gone'), { recursive: true })
  writeFileSync(two.path('settings'), 'backend=gone\n')
  await expect(make(two, 'vol-2')).rejects.toMatchObject({ message: 'this host has no storage gone' })
})

test('what is no answer is not taken for one', () => {
  for (const parse of [parseDisks, parseBackends])
    expect(() => parse('disk x y z\nbackend a b\n')).toThrow(expect.objectContaining({ kind: 'unreachable' }))
  expect(() => parseImageState('there magic 5')).toThrow(expect.objectContaining({ kind: 'unreachable' }))
  expect(() => parseSnapshotCopy('')).toThrow(expect.objectContaining({ kind: 'unreachable' }))
  expect(parseDisks('machine i-1\n')).toEqual([])
  expect(parseImageState('bad abc\n')).toEqual({ is: 'bad', sha256: 'abc' })
})

describe('shared storage that goes away', () => {
  const LEAVES: readonly [string, () => void, () => void][] = [
    [
      'not mounted',
      () => renameSync(one.path('shared', 'nfs'), one.path('elsewhere')),
      () => renameSync(one.path('elsewhere'), one.path('shared', 'nfs')),
    ],
    [
      'hanging',
      () => writeFileSync(join(guard.folderOf(one.host), 'hangs'), ''),
      () => rmSync(join(guard.folderOf(one.host), 'hangs')),
    ],
    [
      'another one in its place',
      () => writeFileSync(one.path('shared', 'nfs', '.pool'), 'pool-b\n'),
      () => writeFileSync(one.path('shared', 'nfs', '.pool'), 'pool-a\n'),
    ],
  ]

  test.each(LEAVES)('%s: told so, nothing of it is lost, and nothing is made anew', async (_how, leave, comeBack) => {
    share('pool-a')
    await make(one, 'vol-1')
    await make(two, 'vol-2')
    const before = await one.disksOf('vol-1')
    await backendsOf(one)
    leave()
    const [first, second] = await backendsOf(one)
    expect(first).toMatchObject({ name: 'nfs', pool: 'pool-a', freeGiB: 0, away: true })
    expect(second).toMatchObject({ name: 'local' })
    expect(second).not.toHaveProperty('away')
    // As they were when it was here last, those of other hosts too.
    expect(await one.disksOf('vol-1')).toEqual(before)
    expect(await one.disksOf('vol-2')).toHaveLength(1)
    await make(one, 'vol-1')
    for (const name of ['vol-3', 'i-1-root'])
      await expect(make(one, name)).rejects.toMatchObject({
        kind: 'refused',
        message: expect.stringMatching(/nfs .*not known/),
      })
    const remove = (name: string) => one.disks.disk.remove(one.host, one.claim(name), name)
    await expect(remove('vol-1')).rejects.toMatchObject({
      message: expect.stringMatching(/nfs of vol-1 .*does not answer/),
    })
    expect(await remove('vol-9')).toMatchObject({ state: 'done' })
    await expect(one.disks.disk.grow(one.host, one.claim('vol-1'), 'vol-1', 2)).rejects.toMatchObject({
      kind: 'refused',
    })
    await expect(
      through(one, one.claim('snap-1'), (ticket) => one.disks.disk.snapshot(one.host, ticket, 'vol-1', 'snap-1')),
    ).rejects.toMatchObject({ kind: 'refused' })
    expect(one.names('disks')).toEqual([])
    comeBack()
    expect((await backendsOf(one))[0]).not.toHaveProperty('away')
    expect(await one.disksOf('vol-1')).toEqual(before)
    expect(await remove('vol-1')).toMatchObject({ state: 'done' })
    expect(await one.disksOf('vol-1')).toEqual([])
    await make(one, 'vol-3')
    expect(await two.disksOf('vol-3')).toHaveLength(1)
  })

  test('a folder that never was storage is none, and keeps nothing from being made', async () => {
    mkdirSync(one.path('shared', 'empty'), { recursive: true })
    await make(one, 'vol-1')
    expect((await backendsOf(one)).map(({ name }) => name)).toEqual(['local'])
    expect(one.names('disks')).toEqual(['vol-1.raw'])
  })
})
