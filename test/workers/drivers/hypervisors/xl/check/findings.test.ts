/** From what a host told of itself to findings: with what real tools said (fixtures) and each gap alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostFinding } from '../../../../../../workers/drivers/driver'
import { parseFacts } from '../../../../../../workers/drivers/hypervisors/xl/check/facts'
import { findingsOf } from '../../../../../../workers/drivers/hypervisors/xl/check/findings'

const recorded = (name: string): string =>
  readFileSync(join(__dirname, '..', '..', '..', '..', '..', 'fixtures', 'xen', name), 'utf8')
const each = (name: string, text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `${name} ${line}`)

/** As Debian installs it. */
const XENDOMAINS: readonly string[] = [
  'xendomains /etc/default/xendomains',
  'xendomains-SAVE /var/lib/xen/save',
  'xendomains-RESTORE true',
  'xendomains-MIGRATE ',
  'xendomains-AUTO_ONLY false',
  'xendomains-starts yes',
]

/** The survey of the recorded host, whole and fit. */
const HOST: readonly string[] = [
  'survey 1',
  'uid 0',
  'now 1000',
  'kernel Linux 6.1.0-56-amd64',
  'hypervisor xen',
  'info-status 0',
  ...each('info', recorded('xl-info.out')),
  'list-status 0',
  'list Name                                        ID   Mem VCPUs	State	Time(s)',
  'list Domain-0                                     0   512     1     r-----      66.9',
  'runs oxenstored',
  'runs xenconsoled',
  'runs xenwatchdogd',
  'autoballoon ',
  'folder-at /var/lib',
  'folder-writable yes',
  'space /dev/vda 51474912 9000000 39830080 19% /',
  'filesystem xfs',
  'device-model /usr/libexec/xen-qemu-system-i386',
  'qemu-img /usr/bin/qemu-img',
  'bridge xenbr0',
  'nameserver 192.0.2.53',
  'end 1',
]

const found = (lines: readonly string[]): readonly HostFinding[] =>
  findingsOf(parseFacts(lines.join('\n')), 1_000_000, '/var/lib/occi-gateway')
const without = (...names: readonly string[]): string[] =>
  HOST.filter((line) => !names.some((name) => line.startsWith(name)))
const one = (lines: readonly string[], what: string): HostFinding | undefined =>
  found(lines).find((finding) => finding.what === what)

test('a host as it should be has nothing missing, and says what it is', () => {
  const all = found(HOST)
  expect(all.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
  expect(all.map(({ what }) => what)).toEqual([
    ...[
      'tools',
      'xen',
      'hap',
      'scheduler',
      'dom0 memory',
      'device model',
      'domains',
      'xenstored',
      'xenconsoled',
      'xenwatchdogd',
    ],
    ...['xapi', 'xendomains', 'folder', 'clones', 'bridges', 'clock', 'dns'],
  ])
  expect(one(HOST, 'xen')?.detail).toBe('Xen 4.17.7, Linux 6.1.0-56-amd64: 1 CPUs, 2047 MiB (1063 MiB free)')
  expect(one(HOST, 'dom0 memory')?.detail).toContain('dom0_mem=512M,max:512M')
  expect(one(HOST, 'folder')?.detail).toBe('/var/lib/occi-gateway on xfs: 37 GiB free of 49')
  expect(one(HOST, 'clones')?.detail).toBe('reflink, qcow2 on an image, copy')
})

describe('what keeps it from joining', () => {
  test.each([
    ['tools', [...HOST, 'lacks flock', 'lacks setsid'], 'it lacks flock, setsid'],
    ['xen', without('info'), 'there is no xl: Xen and its tools are not installed'],
    [
      'xen',
      [
        ...without('info'),
        'info-status 1',
        'info xencall: error: Could not obtain handle on privileged command interface',
      ],
      'xl info fails: xencall: error: Could not obtain handle on privileged command interface',
    ],
    ['xen', [...without('info'), 'info-status 0', 'info nonsense'], 'xl info cannot be read'],
    ['domains', [...without('list'), 'list-status 1', 'list libxl: error'], 'xl list fails: libxl: error'],
    ['xenstored', [...without('runs oxenstored', 'list'), 'list-status 1'], 'it does not run'],
    ['device model', without('device-model'), 'there is no QEMU for Xen: no hvm machine starts'],
    ['xenconsoled', without('runs xenconsoled'), 'it does not run: no guest gets a console'],
    ['xapi', [...HOST, 'xapi installed'], 'it owns all its domains and ends those it does not know'],
    ['xapi', [...HOST, 'runs xapi'], 'Such a host cannot join'],
    [
      'xendomains',
      [...HOST, ...XENDOMAINS],
      'it saves all machines to /var/lib/xen/save when the host stops, and restores',
    ],
    [
      'xendomains',
      [...HOST, ...XENDOMAINS.slice(0, -1), 'xendomains-left /var/lib/xen/save/i-1'],
      'a memory that is old: /var/lib/xen/save/i-1',
    ],
    ['folder', without('folder-writable'), '/var/lib cannot be written'],
    ['folder', [...without('space'), 'space /dev/vda 100 90 1048576 90% /'], '1 GiB free, 2 are the least'],
  ])('%s', (what, lines, detail) => {
    const finding = one(lines, what)
    expect(finding?.verdict).toBe('missing')
    expect(finding?.detail).toContain(detail)
    // What can be mended by a command names it; another manager and nonsense cannot.
    if (what !== 'xapi' && detail !== 'xl info cannot be read') expect(finding?.mend).toEqual(expect.any(String))
  })
})

describe('what is told and does not matter that much', () => {
  test.each([
    ['hap', HOST.map((line) => line.replace('pv hvm hap', 'pv hvm')), 'cannot be moved live'],
    ['scheduler', HOST.map((line) => line.replace('credit2', 'credit')), 'credit: shares of CPU'],
    [
      'dom0 memory',
      HOST.map((line) => line.replace('dom0_mem=512M,max:512M ', '')),
      'dom0 gives its own memory to guests',
    ],
    [
      'domains',
      [...HOST, 'list web-1   3   512     1     -b----      6.9'],
      '1 run there already (web-1): counted, never touched',
    ],
    ['xenwatchdogd', without('runs xenwatchdogd'), 'cannot fence itself'],
    [
      'device model',
      without('device-model').map((line) => line.replace('pv hvm hap', 'pv')),
      'there is no QEMU for Xen: disks are raw',
    ],
    ['clones', without('filesystem', 'qemu-img'), 'copied whole'],
    ['bridges', without('bridge'), 'none'],
    ['clock', [...without('now'), 'now 1013'], 'it is 13 s ahead'],
    ['clock', [...without('now'), 'now 990'], 'it is 10 s behind'],
    ['dns', without('nameserver'), 'no name server'],
  ])('%s', (what, lines, detail) => {
    const finding = one(lines, what)
    expect(finding?.verdict).toBe('warning')
    expect(finding?.detail).toContain(detail)
    expect(found(lines).some(({ verdict }) => verdict === 'missing')).toBe(false)
  })

  test('memory that is not fixed by Xen and that dom0 may not give away either', () => {
    const lines = [
      ...without('autoballoon').map((line) => line.replace('dom0_mem=512M,max:512M ', '')),
      'autoballoon off',
    ]
    expect(one(lines, 'dom0 memory')).toMatchObject({ verdict: 'ok', detail: 'autoballoon is off' })
  })
})

test.each([
  ['is not started', XENDOMAINS.filter((line) => !line.endsWith('starts yes'))],
  [
    'saves nothing',
    XENDOMAINS.map((line) => (line.includes('-SAVE') ? 'xendomains-SAVE ' : line.replace('true', 'false'))),
  ],
])('xendomains that %s is none of our business', (_what, lines) =>
  expect(one([...HOST, ...lines], 'xendomains')?.verdict).toBe('ok'),
)

test.each([
  ['nothing', ''],
  ['half of it', HOST.slice(0, -1).join('\n')],
  ['something else', 'og1 missing'],
])('%s is no survey', (_what, text) => expect(() => parseFacts(text)).toThrow('did not answer the survey'))
