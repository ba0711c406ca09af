/** Leaving a host: all of ours goes, and nothing of what hosts share, however that came to be below our folder. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { networkDeeds } from '../../../../../workers/drivers/network'
import { type DiskStage, openDiskStage } from '../../../../support/disk-stage'
import { describeByShell } from '../../../../support/host-tools'

const WORKS = 'works() { :; }'

describeByShell((shell) => {
  let stage: DiskStage
  beforeEach(() => {
    stage = openDiskStage({ shell, deeds: [...networkDeeds(), ...xlDeeds(), WORKS] })
    for (const folder of ['images/a.users', 'disks', 'machines']) mkdirSync(stage.path(folder), { recursive: true })
    for (const file of ['images/a', 'images/.part', 'settings']) writeFileSync(stage.path(file), 'ours')
  })
  afterEach(() => stage.close())
  const leave = () => stage.guard.free(stage.host, 'xl_leave', [])

  test('nothing of ours stays', async () => {
    mkdirSync(stage.path('shared', 'not-mounted'), { recursive: true })
    await leave()
    await leave()
    expect(existsSync(stage.path())).toBe(false)
  })

  test('storage that others have too keeps its disks: a folder of this host, or a link to one', async () => {
    mkdirSync(stage.path('shared', 'nfs', 'disks'), { recursive: true })
    mkdirSync(`${stage.path()}-given`, { recursive: true })
    symlinkSync(`${stage.path()}-given`, stage.path('shared', 'link'))
    const theirs = [
      stage.path('shared/nfs/.pool'),
      stage.path('shared/nfs/disks/vol-1.raw'),
      stage.path('shared/link/x'),
    ]
    for (const file of theirs) writeFileSync(file, 'theirs')
    await leave()
    expect(theirs.filter((file) => !existsSync(file))).toEqual([])
    expect(stage.names('.')).toEqual(['shared'])
  })

  test('not while anything of an owner’s is here', async () => {
    writeFileSync(stage.path('disks', 'vol-1.raw'), 'theirs')
    await expect(leave()).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('disks/vol-1.raw'),
    })
    expect(stage.names('images')).toEqual(['.part', 'a', 'a.users'])
  })
})
