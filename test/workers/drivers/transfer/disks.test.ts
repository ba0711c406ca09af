/** Disks on a host that is a folder, by dash and by busybox's shell: the deeds are POSIX sh. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import type { EffectTicket } from '../../../../workers/drivers/driver'
import { type DiskStage, MIB, noise, openDiskStage, same, through } from '../../../support/disk-stage'

const SHELLS: readonly (readonly [string, readonly string[]])[] = [
  ['sh', ['sh']],
  ['busybox ash', ['busybox', 'ash']],
]

describe.each(SHELLS)('under %s', (_name, shell) => {
  let stage: DiskStage
  beforeEach(() => {
    stage = openDiskStage({ shell })
  })
  afterEach(() => stage.close())

  const ensure = (order: Parameters<DiskStage['disks']['disk']['ensure']>[2], ticket?: EffectTicket) =>
    through(stage, ticket ?? stage.claim(order.name), (next) => stage.disks.disk.ensure(stage.host, next, order))
  const blank = (name: string, sizeGiB: number) => ({ name, sizeGiB, source: { from: 'blank' } }) as const

  test('a blank disk is sparse, made once, and removed twice', async () => {
    await ensure(blank('vol-1', 3))
    await ensure(blank('vol-1', 3))
    expect(await stage.disksOf('vol-1')).toEqual(['vol-1 3 raw'])
    expect(statSync(stage.path('disks', 'vol-1.raw')).blocks).toBeLessThan(100)
    expect(statSync(stage.path('disks', 'vol-1.raw')).mode & 0o77).toBe(0)
    for (const ticket of [stage.claim('vol-1'), stage.claim('vol-1')])
      expect(await stage.disks.disk.remove(stage.host, ticket, 'vol-1')).toEqual({ state: 'done', value: null })
    expect(stage.names('disks')).toEqual([])
  })

  test('a disk that is there smaller than ordered is refused, contents are never made again', async () => {
    await ensure(blank('vol-1', 1))
    await expect(ensure(blank('vol-1', 2))).rejects.toMatchObject({
      kind: 'refused',
      message: 'vol-1 is there with 1 GiB',
    })
  })

  test('grow makes larger, the same is done, smaller and nothing are refused', async () => {
    await ensure(blank('vol-1', 1))
    const grow = (name: string, sizeGiB: number) => stage.disks.disk.grow(stage.host, stage.claim(name), name, sizeGiB)
    await grow('vol-1', 2)
    await grow('vol-1', 2)
    expect(await stage.disksOf('vol-1')).toEqual(['vol-1 2 raw'])
    await expect(grow('vol-1', 1)).rejects.toMatchObject({ message: 'vol-1 has 2 GiB and is not made smaller' })
    await expect(grow('vol-2', 1)).rejects.toMatchObject({ message: 'failed to stat: no disk vol-2' })
  })

  test.each(['copy', 'qcow2'] as const)('a disk of an image by %s has its contents and its own size', async (clone) => {
    const contents = Buffer.concat([noise(3 * MIB + 17), Buffer.alloc(2 * MIB), noise(5)])
    mkdirSync(stage.path(), { recursive: true })
    const file = stage.image(contents)
    writeFileSync(stage.path('settings'), `clone=${clone}\n`)
    await ensure({ name: 'i-1-root', sizeGiB: 2, source: { from: 'image', image: 'ami-1', sizeGiB: 1, file } })
    expect(await stage.disksOf('i-1-root')).toEqual([`i-1-root 2 ${clone === 'qcow2' ? 'qcow2' : 'raw'}`])
    if (clone === 'copy') expect(same(stage.read(contents.length, 'disks', 'i-1-root.raw'), contents)).toBe(true)
    expect(stage.names('images').filter((name) => !name.endsWith('.users'))).toEqual([`${file.sha256}.raw`])
    // A disk over a backing file keeps it.
    const users = () => stage.names(`images/${file.sha256}.raw.users`)
    expect(users()).toEqual(clone === 'qcow2' ? ['i-1-root'] : [])
    await stage.disks.disk.remove(stage.host, stage.claim('i-1-root'), 'i-1-root')
    expect(users()).toEqual([])
  })

  test('names that are none never become paths', async () => {
    for (const name of ['../x', 'a/b', '', '.x', 'a b'])
      await expect(ensure(blank(name, 1))).rejects.toMatchObject({ kind: 'refused' })
  })
})
