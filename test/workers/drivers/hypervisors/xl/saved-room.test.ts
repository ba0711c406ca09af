/** Saved memory takes what is neither used nor promised to disks; a cache of images is in nobody's way. */
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { type DiskStage, GIB, MIB, noise, openDiskStage } from '../../../../support/disk-stage'
import { describeByShell } from '../../../../support/host-tools'

/** A file system of 100 MiB, or of as many as the file says; half of it is in use, and what images there are. */
const FAKE = `
df() {
  size=$(cat "$(site_root)/size" 2>/dev/null || echo 100) used=0
  for file in "$(site_root)"/images/*.raw; do [ ! -f "$file" ] || used=30; done
  printf '%s\\n' head "/dev/vdb $((size * 1024)) $((size * 512 + used * 1024)) $((size * 512 - used * 1024)) 0% /"
}
xl_domain() { XL_DOM=7 XL_FLAGS=r-----; }
setsid() { shift 4; echo saved >"$2/memory"; }
xl_saves() { case $(xl_mark) in saving*) return 0 ;; esac; return 1; }
`
const IMAGE = `${'a'.repeat(64)}.raw`

describeByShell((shell) => {
  let stage: DiskStage
  beforeEach(() => {
    stage = openDiskStage({ shell, deeds: [...xlDeeds(), FAKE] })
    mkdirSync(stage.path('disks'), { recursive: true })
    machine('i-1', 30)
  })
  afterEach(() => stage.close())

  const machine = (name: string, memoryMiB: number) => {
    mkdirSync(stage.path('machines', name), { recursive: true })
    writeFileSync(stage.path('machines', name, 'machine'), `id 1\nmemory ${memoryMiB}\n`)
  }
  const disk = (bytes: number) => {
    writeFileSync(stage.path('disks', 'vol-1.raw'), '')
    truncateSync(stage.path('disks', 'vol-1.raw'), bytes)
  }
  const save = async () => {
    await stage.guard.effect(stage.host, stage.claim('i-1'), 'xl_save', [])
    return readFileSync(stage.path('machines', 'i-1', 'memory'), 'utf8')
  }

  test('what is free is taken', async () => expect(await save()).toBe('saved\n'))

  test('what a disk may still grow into is not', async () => {
    disk(20 * MIB)
    await expect(save()).rejects.toMatchObject({
      message: 'no space left on device: its memory needs 46 MiB, 30 MiB are neither used nor promised',
    })
  })

  test('nor what another memory is still to take that is being saved', async () => {
    machine('i-2', 40)
    writeFileSync(stage.path('machines', 'i-2', 'mark'), 'saving 1\n')
    writeFileSync(stage.path('machines', 'i-2', 'memory.part'), noise(10 * MIB))
    await expect(save()).rejects.toMatchObject({ message: expect.stringContaining('20 MiB are neither') })
  })

  test('an image that nothing uses gives way', async () => {
    mkdirSync(stage.path('images', `${IMAGE}.users`), { recursive: true })
    writeFileSync(stage.path('images', IMAGE), noise(30 * MIB))
    expect(await save()).toBe('saved\n')
    expect(existsSync(stage.path('images', IMAGE))).toBe(false)
  })

  test('what the operator says of disks is not said of memory', async () => {
    writeFileSync(stage.path('size'), '4096')
    writeFileSync(stage.path('settings'), 'most=1\n')
    disk(GIB)
    expect(await save()).toBe('saved\n')
  })
})
