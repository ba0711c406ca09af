/** Checking a host over a real ssh: step by step, changing nothing unless it may, with the command that mends each gap. */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostFinding, HostTarget } from '../../../../../../workers/drivers/driver'
import { installGuard } from '../../../../../../workers/drivers/guard/install'
import { assemble } from '../../../../../../workers/drivers/guard/script'
import { checkXenHost } from '../../../../../../workers/drivers/hypervisors/xl/check'
import { openRemote, type Remote, remoteTarget } from '../../../../../../workers/drivers/remote'
import { describeWithSshd, startSshd, type TestSshd } from '../../../../../support/sshd'

const FIXTURES = join(__dirname, '..', '..', '..', '..', '..', 'fixtures', 'xen')
let sshd: TestSshd
let remote: Remote
let installs: HostTarget[]

const tool = (name: string, text: string): void => {
  const path = join(sshd.bin, name)
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
}
const folder = (): string => join(sshd.folder, 'gateway')
const check = (how: 'looks' | 'mends', target: Partial<HostTarget> = {}) =>
  checkXenHost(
    {
      remote,
      folder: folder(),
      now: Date.now,
      install: async (host) => {
        installs.push(host)
        await installGuard(remote, remoteTarget(host.address, host.hostKeys ?? []), folder(), assemble([]))
      },
    },
    { ...sshd.target, hostKeys: [], ...target },
    how,
  )
const verdict = (findings: readonly HostFinding[], what: string) => findings.find((finding) => finding.what === what)

describeWithSshd('a check of a Xen host', () => {
  beforeEach(async () => {
    sshd = await startSshd()
    remote = openRemote({ keyFile: sshd.keyFile })
    installs = []
    tool('qemu-system-i386', '')
    tool('sudo', 'shift; exec "$@"')
    tool('xl', `case $1 in info) cat ${FIXTURES}/xl-info.out ;; list) cat ${FIXTURES}/xl-list-empty.out ;; esac`)
  })
  afterEach(async () => {
    await remote.close()
    await sshd.close()
  })

  test('looking changes nothing there, and tells the key that it shows', async () => {
    const found = await check('looks')
    expect(found.hostKeys).toEqual([sshd.hostKey])
    expect(verdict(found.findings, 'ssh')?.detail).toContain(sshd.hostKey)
    expect(verdict(found.findings, 'login')?.verdict).toBe('ok')
    expect(verdict(found.findings, 'xen')?.detail).toContain('Xen 4.17.7')
    expect(verdict(found.findings, 'folder')).toMatchObject({ verdict: 'ok' })
    expect(verdict(found.findings, 'guard')).toBeUndefined()
    expect(readdirSync(sshd.folder)).toEqual([])
    expect(installs).toEqual([])
  })

  test('a host without Xen is unfit, and gets no guard either', async () => {
    tool('xl', 'echo "xencall: error: Could not obtain handle" >&2; exit 1')
    const found = await check('mends')
    expect(found.fit).toBe(false)
    expect(verdict(found.findings, 'xen')).toMatchObject({ verdict: 'missing', mend: expect.stringContaining('xen') })
    expect(installs).toEqual([])
    expect(existsSync(folder())).toBe(false)
  })

  test('another key than the pinned one: nothing is sent to it', async () => {
    const pinned = sshd.hostKey
    const shown = sshd.changeHostKey()
    await sshd.crash()
    await sshd.start()
    const found = await check('mends', { hostKeys: [pinned] })
    expect(found).toMatchObject({ fit: false, hostKeys: [shown] })
    expect(verdict(found.findings, 'host key')?.detail).toBe(`it is not ${pinned}: nothing more was sent to it`)
    expect(verdict(found.findings, 'login')).toBeUndefined()
    expect(sshd.log()).not.toContain('Accepted publickey')
  })

  test('a key of ours that it does not know is told with the way to bring it there', async () => {
    const stranger = await startSshd()
    const other = openRemote({ keyFile: stranger.keyFile })
    const found = await checkXenHost(
      { remote: other, now: Date.now, install: async () => undefined },
      { ...sshd.target, hostKeys: [] },
      'looks',
    )
    await other.close()
    await stranger.close()
    expect(found.fit).toBe(false)
    expect(verdict(found.findings, 'login')).toMatchObject({
      verdict: 'missing',
      mend: expect.stringContaining('ssh-copy-id'),
    })
  })

  test('nobody there is a finding too', async () => {
    await sshd.crash()
    const found = await check('looks')
    expect(found).toMatchObject({ fit: false, hostKeys: [] })
    expect(found.findings).toHaveLength(1)
    expect(found.findings[0]).toMatchObject({ what: 'ssh', verdict: 'missing' })
    await sshd.start()
  })

  test('what is no address is refused', async () => {
    await expect(check('looks', { address: 'xen-1' })).rejects.toMatchObject({ kind: 'refused' })
  })

  test('mending brings the guard there, once nothing else is missing', async () => {
    // The console daemon is a process of that name.
    const sleep = spawnSync('sh', ['-c', 'command -v sleep'], { encoding: 'utf8' }).stdout.trim()
    copyFileSync(sleep, join(sshd.bin, 'xenconsoled'))
    const before = await check('mends')
    expect(before.findings.filter(({ verdict: is }) => is === 'missing').map(({ what }) => what)).toEqual([
      'xenconsoled',
    ])
    expect(existsSync(folder())).toBe(false)
    const daemon = spawn(join(sshd.bin, 'xenconsoled'), ['60'], { stdio: 'ignore' })
    try {
      const found = await check('mends')
      expect(found).toMatchObject({ fit: true, hostKeys: [sshd.hostKey] })
      expect(verdict(found.findings, 'guard')).toMatchObject({ verdict: 'mended' })
      expect(installs).toMatchObject([{ address: sshd.address, hostKeys: [sshd.hostKey] }])
      expect(existsSync(join(folder(), 'guard', 'enter'))).toBe(true)
    } finally {
      daemon.kill('SIGKILL')
    }
  })
})
