/** Marks that decide who may run are on the disk before what they stand for is done: the deeds over an xl and a peer that only write down what they are asked. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { type DiskStage, openDiskStage } from '../../../../support/disk-stage'
import { describeByShell } from '../../../../support/host-tools'

const FAKE = `
said() { echo "$*" >>"$(site_root)/said"; }
settle_file() {
  case $1 in */mark.new) said "settled $(cat "$1")" ;; */mark | */peer) said "settled \${1##*/}" ;; *) return 0 ;; esac
  ! grep -s -q -x "$(cat "$1")" "$(site_root)/full"
}
xl_may_run() { :; }
xl_compose() { :; }
xl_domain() { XL_DOM=7 XL_FLAGS=--p---; }
xl_destroy() { said "ended"; }
xl_try_watched() { said "xl $2"; }
xl_must() { said "xl $2"; }
xl_send_folder() { :; }
xl_send_disks() { :; }
xl_ask() { said "asked $2 $4"; }
xl_left() { said "left"; }
free_resume() { xl_open i-1; xl_restore; }
free_ready() { xl_ready i-1; }
free_hand_over() { xl_open i-1; xl_move_cold xen-2 "$1"; }
`

describeByShell((shell) => {
  let stage: DiskStage
  const open = (files: Readonly<Record<string, string>>) => {
    stage = openDiskStage({ shell, deeds: [...xlDeeds(), FAKE] })
    mkdirSync(stage.path('machines', 'i-1'), { recursive: true })
    for (const [file, text] of Object.entries({ machine: 'id 1', head: 'name = "i-1"', ...files }))
      writeFileSync(stage.path('machines', 'i-1', file), `${text}\n`)
  }
  afterEach(() => stage.close())

  const said = () => readFileSync(stage.path('said'), 'utf8').trim().split('\n')
  const files = () =>
    readdirSync(stage.path('machines', 'i-1'))
      .filter((file) => file !== 'machine' && file !== 'head')
      .sort()
  const memory = () => readFileSync(stage.path('machines', 'i-1', 'memory'), 'utf8').trim()

  test('a memory is used only under its mark, and goes on only under the next one', async () => {
    open({ memory: 'what it thought' })
    await stage.guard.free(stage.host, 'resume', [])
    expect(said()).toEqual(['settled restoring', 'xl restore', 'settled resuming', 'xl unpause'])
    expect(files()).toEqual(['started'])
  })

  test.each(['restoring', 'resuming'])(
    'without room for the mark %s nothing goes on, and the memory stays',
    async (mark) => {
      open({ memory: 'what it thought' })
      writeFileSync(stage.path('full'), `${mark}\n`)
      await expect(stage.guard.free(stage.host, 'resume', [])).rejects.toMatchObject({ kind: 'refused' })
      expect(said()).not.toContain('xl unpause')
      expect(files()).toEqual(['memory'])
      expect(memory()).toBe('what it thought')
    },
  )

  test.each([
    ['before its memory was taken', { memory: 'what it thought', mark: 'restoring' }],
    ['after that', { 'memory.used': 'what it thought', mark: 'restoring' }],
  ])('a resume that was cut %s is undone', async (_when, cut) => {
    open(cut)
    await stage.guard.free(stage.host, 'ready', [])
    expect(files()).toEqual(['memory'])
    expect(memory()).toBe('what it thought')
  })

  test('it is the other host’s to start only once that is written here', async () => {
    open({})
    await stage.guard.free(stage.host, 'hand_over', ['asleep'])
    expect(said()).toEqual(['settled handing', 'asked xl_take_over asleep', 'left'])
  })

  test('and without room for that it stays', async () => {
    open({})
    writeFileSync(stage.path('full'), 'handing\n')
    await expect(stage.guard.free(stage.host, 'hand_over', ['asleep'])).rejects.toMatchObject({ kind: 'refused' })
    expect(said()).not.toContain('asked xl_take_over asleep')
    expect(said()).not.toContain('left')
    expect(files()).toEqual([])
  })
})
