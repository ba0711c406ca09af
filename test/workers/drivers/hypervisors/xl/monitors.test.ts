/** Who watches a machine, by real processes: xl's monitor does; a QEMU that xl started has its environment and does not. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { type DiskStage, openDiskStage } from '../../../../support/disk-stage'
import { describeByShell } from '../../../../support/host-tools'
import { until } from '../../../../support/until'

const bin = mkdtempSync(join(tmpdir(), 'og-monitors-'))
const sleep = execFileSync('sh', ['-c', 'command -v sleep'], { encoding: 'utf8' }).trim()
const [xl, qemu] = ['xl', 'qemu-system-i386'].map((name) => join(bin, name)) as [string, string]
for (const path of [xl, qemu]) symlinkSync(sleep, path)
afterAll(() => rmSync(bin, { recursive: true }))

describeByShell((shell) => {
  let stage: DiskStage
  const running: ChildProcess[] = []
  /** Names of their own: every process of this machine is looked at. */
  const name = (of: string): string => `i-${of}${process.pid}${shell.length}`
  const start = async (program: string, machine: string) => {
    const child = spawn(program, ['600'], { env: { XL_WATCHES: `machines/${machine}/xl.cfg` }, stdio: 'ignore' })
    running.push(child)
    await until(() => readFileSync(`/proc/${child.pid}/comm`, 'utf8').startsWith(program === xl ? 'xl' : 'qemu'))
  }
  beforeEach(() => {
    stage = openDiskStage({ shell, deeds: [...xlDeeds(), 'free_monitors() { xl_monitors; }'] })
  })
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL')
    return stage.close()
  })

  test('the monitor of a machine with a QEMU, and then only the QEMU', async () => {
    await start(qemu, name('1'))
    await start(qemu, name('2'))
    await start(xl, name('2'))
    const monitors = (await stage.guard.free(stage.host, 'monitors', [])).toString().split('\n')
    expect(monitors).toContain(name('2'))
    expect(monitors).not.toContain(name('1'))
  })
})
