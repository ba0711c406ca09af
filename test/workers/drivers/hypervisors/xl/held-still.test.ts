/** A guest is held still while its disk is copied, and goes on afterwards: the deeds by dash and by busybox's shell, over an xl that only remembers. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { type DiskStage, GIB, MIB, openDiskStage, through } from '../../../../support/disk-stage'
import { describeByShell } from '../../../../support/host-tools'

/** One machine has all disks; its state is a file. */
const FAKE = `
xl_holder() { case $1 in vol-*) echo i-1 ;; esac; }
xl_state() { XL_STATE=$(cat "$(site_root)/state"); XL_DOM=7; }
xl_try() {
  case $2 in
  pause) echo paused ;;
  unpause)
    if [ -s "$(site_root)/deaf" ]; then
      sed -i 1d "$(site_root)/deaf"
      return 124
    fi
    echo running
    ;;
  esac >"$(site_root)/state.new" && mv "$(site_root)/state.new" "$(site_root)/state"
}
effect_freeze() { disk_freeze "$1"; }
effect_thaw() { disk_thaw "$1"; }
`
/** What is copied is counted. */
const COUNTED = `
for kind in local shared; do eval "\${kind}_copy() { echo copy >>\\"\\$(site_root)/copies\\"; folder_copy \\"\\$@\\"; }"; done
`
/** Its owner tells it to go on while a disk of it is copied. */
const GOES_ON = `
for kind in local shared; do eval "\${kind}_copy() { folder_copy \\"\\$@\\"; echo running >\\"\\$(site_root)/state\\"; }"; done
`

describeByShell((shell) => {
  let stage: DiskStage
  const open = (...more: readonly string[]) => {
    stage = openDiskStage({ shell, deeds: [...xlDeeds(), FAKE, ...more] })
    mkdirSync(stage.path(), { recursive: true })
    writeFileSync(stage.path('state'), 'running\n')
    writeFileSync(stage.path('settings'), 'clone=copy\n')
  }
  afterEach(() => stage.close())

  const state = () => readFileSync(stage.path('state'), 'utf8').trim()
  const deed = async (what: 'freeze' | 'thaw', disk: string) => {
    const effect = await stage.guard.effect(stage.host, stage.claim(disk), what, [disk])
    return effect.state === 'done' ? effect.value.trim() : effect.state
  }
  const snapshotOf = async (disk: string) => {
    await through(stage, stage.claim(disk), (ticket) =>
      stage.disks.disk.ensure(stage.host, ticket, { name: disk, sizeGiB: MIB / GIB, source: { from: 'blank' } }),
    )
    return through(stage, stage.claim(disk, `${disk}/snapshot/up/1`), (ticket) =>
      stage.disks.disk.snapshot(stage.host, ticket, disk, 'snap-1'),
    )
  }

  test('it goes on after a copy of a disk on shared storage', async () => {
    open()
    mkdirSync(stage.path('shared', 'nfs'), { recursive: true })
    writeFileSync(stage.path('shared', 'nfs', '.pool'), 'pool-a\n')
    expect(await snapshotOf('vol-1')).toMatchObject({ bytes: MIB })
    expect(state()).toBe('running')
  })

  test('copies of two disks of one machine overlap: it goes on with the last', async () => {
    open()
    expect(await deed('freeze', 'vol-1')).toBe('paused')
    expect(await deed('freeze', 'vol-2')).toBe('paused')
    await deed('thaw', 'vol-1')
    expect(state()).toBe('paused')
    await deed('thaw', 'vol-2')
    expect(state()).toBe('running')
  })

  test('one that its owner has suspended is not held by us and stays so', async () => {
    open()
    writeFileSync(stage.path('state'), 'paused\n')
    expect(await deed('freeze', 'vol-1')).toBe('')
    await deed('thaw', 'vol-1')
    expect(state()).toBe('paused')
  })

  test('one that does not go on after its copy is told again until it does, and is not copied again', async () => {
    open(COUNTED)
    writeFileSync(stage.path('deaf'), 'once\ntwice\nthree times\n')
    expect(await snapshotOf('vol-1')).toMatchObject({ bytes: MIB })
    expect(state()).toBe('running')
    expect(readFileSync(stage.path('copies'), 'utf8')).toBe('copy\n')
    expect(stage.names('snapshots')).toEqual(['snap-1.meta', 'snap-1.raw'])
  })

  test('a copy is not dropped as long as its machine does not go on', async () => {
    open()
    mkdirSync(stage.path('snapshots'), { recursive: true })
    expect(await deed('freeze', 'vol-1')).toBe('paused')
    writeFileSync(stage.path('snapshots', 'snap-1.held'), 'vol-1\n')
    writeFileSync(stage.path('deaf'), 'once\n')
    const drop = () => stage.disks.disk.remove(stage.host, stage.claim('snap-1'), 'snap-1')
    await expect(drop()).rejects.toMatchObject({ kind: 'timeout' })
    expect(state()).toBe('paused')
    await drop()
    expect(state()).toBe('running')
    expect(stage.names('snapshots')).toEqual([])
  })

  test('a copy that a machine wrote into meanwhile is none', async () => {
    open(GOES_ON)
    await expect(snapshotOf('vol-1')).rejects.toMatchObject({
      kind: 'refused',
      message: 'its machine went on while vol-1 was copied',
    })
    expect(stage.names('snapshots')).toEqual([])
  })
})
