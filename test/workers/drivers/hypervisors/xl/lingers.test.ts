/** What served the disks of a domain that is dying, and may still write to them, by real processes: its machine does not start on them meanwhile. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { type DiskStage, openDiskStage } from '../../../../support/disk-stage'
import { describeByShell } from '../../../../support/host-tools'
import { until } from '../../../../support/until'

const bin = mkdtempSync(join(tmpdir(), 'og-lingers-'))
const qemu = join(bin, 'qemu-system-i386')
writeFileSync(qemu, '#!/bin/sh\nread -r _\n', { mode: 0o755 })
afterAll(() => rmSync(bin, { recursive: true }))

const ID = '00000000-0000-4000-8000-000000000001'
/** A number of its own: every process of this machine is looked at. */
const DOMAIN = 1_000_000 + process.pid

const FAKE = `
sleep() { [ ! -f "$(site_root)/ends" ] || : >"$(site_root)/gone"; }
xl_try() { [ -f "$(site_root)/gone" ] || echo "(null) ${DOMAIN} 64 1 ---s-d 1.0 ${ID} - -"; }
xl_kernel_backends() { cat "$(site_root)/backends"; }
watch_may_start() { :; }
xl_networks() { :; }
free_may_run() { xl_open "$1"; xl_domain; xl_may_run; echo ok; }
free_open() { if xl_has_open "$1"; then echo open; else echo closed; fi; }
`

describeByShell((shell) => {
  let stage: DiskStage
  const running: ChildProcess[] = []
  beforeEach(() => {
    stage = openDiskStage({ shell, deeds: [...xlDeeds(), FAKE] })
    mkdirSync(stage.path('machines', 'i-1'), { recursive: true })
    writeFileSync(stage.path('machines', 'i-1', 'machine'), `id ${ID}\n`)
    writeFileSync(stage.path('backends'), `vbd-${DOMAIN}1-51712\nvif-${DOMAIN}-0\n`)
  })
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL')
    return stage.close()
  })
  const serve = async (domain: number) => {
    const child = spawn(qemu, ['-xen-domid', String(domain), '-nodefaults'], { stdio: ['pipe', 'ignore', 'ignore'] })
    running.push(child)
    await until(() => readFileSync(`/proc/${child.pid}/comm`, 'utf8').startsWith('qemu'))
  }
  const ask = async (deed: 'may_run' | 'open') => String(await stage.guard.free(stage.host, deed, ['i-1'])).trim()
  const told = { message: expect.stringContaining('what served its disks until it ended has not let go of them') }

  test('a QEMU of it', async () => {
    await serve(DOMAIN)
    await expect(ask('may_run')).rejects.toMatchObject(told)
    expect(await ask('open')).toBe('open')
  })

  test("the kernel's backend of one of its disks", async () => {
    writeFileSync(stage.path('backends'), `vbd-${DOMAIN}-51712\n`)
    await expect(ask('may_run')).rejects.toMatchObject(told)
    expect(await ask('open')).toBe('open')
  })

  test('one that is gone a moment later is waited for', async () => {
    writeFileSync(stage.path('backends'), `vbd-${DOMAIN}-51712\n`)
    writeFileSync(stage.path('ends'), '')
    expect(await ask('may_run')).toBe('ok')
  })

  test('those of others, and a domain that nobody serves any more, are in nobody’s way', async () => {
    await serve(DOMAIN + 1)
    expect(await ask('may_run')).toBe('ok')
    expect(await ask('open')).toBe('closed')
  })
})
