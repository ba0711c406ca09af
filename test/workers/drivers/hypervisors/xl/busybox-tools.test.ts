/** The deeds on a dom0 whose tools are busybox's: its flock knows no -w, its grep ends at the first zero byte, its losetup no -j. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { networkDeeds } from '../../../../../workers/drivers/network'
import { type DiskStage, openDiskStage, through } from '../../../../support/disk-stage'
import { describeByShell, testWith } from '../../../../support/host-tools'

const TOOLS = `
flock() { case $1 in -w) echo "flock: unrecognized option: w" >&2; return 1 ;; esac; command flock "$@"; }
losetup() { case $1 in -j) return 1 ;; esac; echo "$*" >>"$(site_root)/losetup"; }
`
const GREP = 'grep() { busybox grep "$@"; }'

const DEEDS = `
ip() { :; }
free_alone() { mkdir -p "$OCCI_FOLDER/guard" && network_alone && echo alone; }
free_still() { mkdir -p "$(site_root)/snapshots" && xl_one_holds echo still; }
free_taken() { exec 6<"$(site_root)"; command flock 6; exec 7<"$(site_root)"; wait_lock 7 0 || echo taken; }
free_see() {
  xl_open i-1
  mkfifo "$OCCI_WORK/wait"
  printf '#!/bin/sh\\nread -r _ <"$2"\\n' >"$OCCI_WORK/xl" && chmod +x "$OCCI_WORK/xl"
  XL_WATCHES=machines/i-1/xl.cfg "$OCCI_WORK/xl" i-1 "$OCCI_WORK/wait" >/dev/null 2>&1 &
  waits=$!
  until [ "$(cat "/proc/$waits/comm")" = xl ]; do :; done
  echo "saving $waits" >"$XL_M/mark"
  if xl_saves; then echo saves; fi
  if xl_watched; then echo watched; fi
  kill $waits
}
`

describeByShell((shell) => {
  let stage: DiskStage
  const open = (environment: Readonly<Record<string, string>> = {}, tools = TOOLS) => {
    stage = openDiskStage({ shell, deeds: [...networkDeeds(), ...xlDeeds(), tools, DEEDS], environment })
    mkdirSync(stage.path('machines', 'i-1'), { recursive: true })
    mkdirSync(stage.path('snapshots'), { recursive: true })
  }
  afterEach(() => stage.close())
  const free = async (deed: string) => (await stage.guard.free(stage.host, deed, [])).toString().trim().split('\n')

  test('one at a time needs no flock that waits for some seconds', async () => {
    open()
    expect(await free('alone')).toEqual(['alone'])
    expect(await free('still')).toEqual(['still'])
    expect(await free('taken')).toEqual(['taken'])
  })

  testWith('busybox', 'what saves and what watches is found behind zero bytes', async () => {
    open({}, TOOLS + GREP)
    expect(await free('see')).toEqual(['saves', 'watched'])
  })

  test('a loop device is told that its file has grown, and no other one', async () => {
    const loops = mkdtempSync(join(tmpdir(), 'loops-'))
    open({ LOOP_SYS: loops })
    await through(stage, stage.claim('vol-1'), (ticket) =>
      stage.disks.disk.ensure(stage.host, ticket, { name: 'vol-1', sizeGiB: 1, source: { from: 'blank' } }),
    )
    for (const [loop, file] of [
      ['loop3', stage.path('machine')],
      ['loop7', stage.path('disks', 'vol-1.raw')],
    ] as const) {
      mkdirSync(join(loops, loop, 'loop'), { recursive: true })
      writeFileSync(join(loops, loop, 'loop', 'backing_file'), `${file}\n`)
    }
    await stage.disks.disk.grow(stage.host, stage.claim('vol-1'), 'vol-1', 2)
    expect(readFileSync(stage.path('losetup'), 'utf8')).toBe('-c /dev/loop7\n')
    rmSync(loops, { recursive: true })
  })
})
