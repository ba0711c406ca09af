/** Disks on a host that is a folder, by dash and by busybox's shell: the deeds are POSIX sh. */
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import type { EffectTicket } from '../../../../workers/drivers/driver'
import { type DiskStage, MIB, noise, openDiskStage, same, through } from '../../../support/disk-stage'
import { describeByShell, testWith } from '../../../support/host-tools'

describeByShell((shell) => {
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

  const cloned = async (clone: 'copy' | 'qcow2') => {
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
  }
  testWith('qemu-img', 'qcow2 is chosen only where machines can have such disks', async () => {
    for (const [served, word] of [
      ['', 'qcow2'],
      ['disk_served() { [ "$1" != qcow2 ]; }', 'copy'],
    ] as const) {
      await stage.guard.close()
      stage = openDiskStage({ shell, deeds: [served, 'effect_way() { folder_clones "$(site_root)"; }'] })
      mkdirSync(stage.path(), { recursive: true })
      writeFileSync(stage.path('.reflink'), 'no\n')
      expect(await stage.guard.effect(stage.host, stage.claim('i-1'), 'way', [])).toMatchObject({ value: `${word}\n` })
    }
  })

  test('a disk of an image by copy has its contents and its own size', () => cloned('copy'))
  testWith('qemu-img', 'a disk of an image by qcow2 has its contents and its own size', () => cloned('qcow2'))

  describe('room', () => {
    /** A file system of 100 MiB, of which `used` are taken. */
    const room = async (usedMiB: number, disksMiB: readonly number[]) => {
      await stage.guard.close()
      const row = `/dev/vdb 102400 ${usedMiB * 1024} ${(100 - usedMiB) * 1024} 0% /`
      stage = openDiskStage({
        shell,
        deeds: [`df() { printf '%s\\n' head '${row}'; }`, 'effect_room() { folder_room "$(site_root)"; }'],
      })
      mkdirSync(stage.path('disks'), { recursive: true })
      for (const [at, mib] of disksMiB.entries()) writeFileSync(stage.path('disks', `vol-${at}.raw`), noise(mib * MIB))
      const said = await stage.guard.effect(stage.host, stage.claim('i-1'), 'room', [])
      if (said.state !== 'done') throw new Error('it is still under way')
      return said.value
        .trim()
        .split(' ')
        .map((kib) => Math.round(Number(kib) / 1024))
    }

    test('blocks of its own are there twice for nobody', async () => expect(await room(20, [8, 8])).toEqual([96, 80]))

    test('blocks that clones share are there once, and promised to each that may write them anew', async () => {
      // Four clones of 8 MiB that have taken nothing, and an image of which they are made.
      expect(await room(8, [8, 8, 8, 8])).toEqual([100, 92 - 24])
    })
  })

  test('names that are none never become paths', async () => {
    for (const name of ['../x', 'a/b', '', '.x', 'a b'])
      await expect(ensure(blank(name, 1))).rejects.toMatchObject({ kind: 'refused' })
  })

  describe('the cache of images', () => {
    /** Twenty days ago. */
    const long = new Date(Date.now() - 20 * 86_400_000)
    const put = (name: string, user: string | null) => {
      mkdirSync(stage.path('images', `${name.replace('.gone', '')}.users`), { recursive: true })
      writeFileSync(stage.path('images', name), 'contents')
      utimesSync(stage.path('images', name), long, long)
      if (user) writeFileSync(stage.path('images', `${name.replace('.gone', '')}.users`, user), '')
    }
    const [used, unused] = ['a', 'b'].map((digit) => `${digit.repeat(64)}.raw`) as [string, string]
    const sweep = () => stage.disks.disk.remove(stage.host, stage.claim('vol-1'), 'vol-1')

    test('what is in use is never moved, however old; what is not goes', async () => {
      await stage.guard.close()
      stage = openDiskStage({ shell, deeds: ['mv() { echo "$1" >>"$(site_root)/moved"; command mv "$@"; }'] })
      for (const [name, user] of [
        [used, 'i-1-root'],
        [unused, null],
      ] as const)
        put(name, user)
      await sweep()
      expect(stage.names('images')).toEqual([used, `${used}.users`])
      expect(stage.read(4096, 'moved').toString().replaceAll('\0', '').trim()).toBe(stage.path('images', unused))
    })

    test('a call that was ended while it took one away: back for its users, else gone', async () => {
      put(`${used}.gone`, 'i-1-root')
      put(`${unused}.gone`, null)
      await sweep()
      expect(stage.names('images')).toEqual([used, `${used}.users`])
    })

    test('a disk that was refused for want of room needs its image no longer', async () => {
      const file = stage.image(noise(MIB))
      const order = {
        name: 'i-1-root',
        sizeGiB: 2,
        source: { from: 'image', image: 'ami-1', sizeGiB: 1, file },
      } as const
      mkdirSync(stage.path(), { recursive: true })
      writeFileSync(stage.path('settings'), 'clone=copy\nmost=1\n')
      await expect(ensure(order)).rejects.toMatchObject({ kind: 'refused' })
      expect(stage.names(`images/${file.sha256}.raw.users`)).toEqual([])
    })
  })

  test('a file that goes while it is measured has no size, and nothing fails of it', async () => {
    await stage.guard.close()
    stage = openDiskStage({ shell, deeds: ['stat() { return 1; }', 'effect_size() { size_of "$1"; }'] })
    mkdirSync(stage.path(), { recursive: true })
    writeFileSync(stage.path('memory.part'), 'half')
    const size = await stage.guard.effect(stage.host, stage.claim('i-1'), 'size', [stage.path('memory.part')])
    expect(size).toMatchObject({ state: 'done', value: '0\n' })
  })
})
