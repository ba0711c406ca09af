/** What is told of a foreign domain, and everything that cannot be taken over, by name. */
import fc from 'fast-check'
import { foreignMachine } from '../../../../../../workers/drivers/hypervisors/xl/adopt/foreign'
import { recorded } from '../recorded'

const UUID = '6f1d2a3b-0001-4000-8000-000000000001'
const HEAD =
  'Name                                        ID   Mem VCPUs\tState\tTime(s)   UUID                            Reason-Code\tSecurity Label'
const row = (name: string, domid: number, flags: string, uuid: string) =>
  `${name.padEnd(40)} ${domid} 192 2 ${flags} 3.9 ${uuid} - -`

interface Parts {
  readonly flags?: string
  readonly disk?: Record<string, unknown>
  readonly nic?: Record<string, unknown>
  readonly build?: Record<string, unknown>
  readonly made?: Record<string, unknown>
  readonly more?: Record<string, unknown>
  readonly others?: readonly { name: string; disk?: string }[]
  readonly paths?: readonly string[]
  readonly claimed?: string
  readonly kept?: string
}

const DISK = { pdev_path: '/guest/web.img', vdev: 'xvda', format: 'raw', readwrite: 1, colo_restore_enable: 'False' }
const NIC = { devid: 0, mac: '00:16:3E:77:00:65', bridge: 'xenbr0', nictype: 'vif' }
const FILE = 'file\t1073741825\t-\t/srv/web.img\t/guest/web.img'

function sections(parts: Parts = {}): ReadonlyMap<string, string> {
  const { flags = '-b----', disk = DISK, nic = NIC, others = [], paths = [FILE], claimed = '', kept = '' } = parts
  const config = {
    c_info: { type: 'pvh', name: 'web', uuid: UUID, ...parts.made },
    b_info: {
      max_vcpus: 4,
      avail_vcpus: [0, 1],
      max_memkb: 262_144,
      target_memkb: 196_608,
      sched_params: { sched: 'credit2', weight: 256 },
      kernel: '/guest/vmlinuz',
      cmdline: 'console=hvc0',
      ramdisk: '/guest/initrd.gz',
      'type.pvh': {},
      arch_x86: { msr_relaxed: 'False' },
      ...parts.build,
    },
    disks: [disk],
    nics: [nic],
    on_reboot: 'restart',
    on_soft_reset: 'soft_reset',
    ...parts.more,
  }
  const another = ({ name, disk: path }: { name: string; disk?: string }, at: number) => ({
    domid: 10 + at,
    config: {
      c_info: { type: 'pv', name, uuid: UUID.replace('1', '2') },
      b_info: { max_memkb: 1024 },
      disks: path === undefined ? [] : [{ ...DISK, pdev_path: path }],
    },
  })
  return new Map([
    [
      'domains',
      [
        HEAD,
        row('Domain-0', 0, 'r-----', '00000000-0000-0000-0000-000000000000'),
        row('web', 3, flags, UUID),
        ...others.map(({ name }, at) => row(name, 10 + at, '-b----', UUID.replace('1', '2'))),
      ].join('\n'),
    ],
    ['long', JSON.stringify([{ domid: 3, config }, ...others.map(another)])],
    ['paths', paths.join('\n')],
    ['claimed', claimed],
    ['kept', kept],
    ['site', 'paris-1'],
  ])
}

test('its size, disks, interfaces and how it is started', () => {
  expect(foreignMachine(sections({ nic: { ...NIC, ip: '10.0.0.9 fe80::1' } }), 'web')).toEqual({
    name: 'web',
    uuid: UUID,
    domain: 'running',
    // The most memory that it may have; the processors that it has.
    size: { type: '', cores: 2, cpuHundredths: 200, memoryMiB: 256, diskGiB: 2 },
    boot: {
      mode: 'pvh',
      kernel: '/guest/vmlinuz',
      initramfs: '/guest/initrd.gz',
      cmdline: 'console=hvc0',
      settings: {},
    },
    disks: [{ device: 'xvda', format: 'raw', path: '/guest/web.img', sizeGiB: 2 }],
    interfaces: [{ mac: '00:16:3e:77:00:65', bridge: 'xenbr0', address: '10.0.0.9' }],
    obstacles: [],
  })
})

test('its address is the first text that is one', () => {
  const of = (ip: string) => foreignMachine(sections({ nic: { ...NIC, ip } }), 'web').interfaces[0]?.address
  expect(of('999.1.1.1 10.0.0.9')).toBe('10.0.0.9')
  expect(of('10.0.0.256')).toBeNull()
})

test('a domain of a real host, as it was recorded', () => {
  const real = new Map([
    ...sections(),
    ['domains', recorded('xl-list-v').out],
    ['long', recorded('xl-list-l').out],
    ['paths', 'file\t67108864\t-\t/guest/pv1.img\t/guest/pv1.img'],
  ])
  expect(foreignMachine(real, 'pv1')).toMatchObject({
    domain: 'running',
    size: { cores: 1, memoryMiB: 256, diskGiB: 1 },
    boot: { mode: 'pv', kernel: '/guest/vmlinuz', settings: {} },
    interfaces: [{ mac: '00:16:3e:77:00:65' }],
    obstacles: [],
  })
  expect(foreignMachine(real, 'pv2')).toMatchObject({ domain: 'paused', disks: [], interfaces: [], obstacles: [] })
})

test('an HVM domain keeps its firmware, screen and order of booting', () => {
  const hvm = {
    bios: 'ovmf',
    boot: 'cd',
    vga: { kind: 'std' },
    vnc: { enable: 'True', listen: '127.0.0.1' },
    usb: 'True',
  }
  const parts = { made: { type: 'hvm' }, build: { kernel: '', ramdisk: '', cmdline: '', 'type.hvm': hvm } }
  expect(foreignMachine(sections(parts), 'web')).toMatchObject({
    boot: {
      mode: 'hvm',
      kernel: null,
      settings: { bios: 'ovmf', boot: 'cd', vga: 'stdvga', vnc: 1, vnclisten: '127.0.0.1', usb: 1 },
    },
    obstacles: [],
  })
})

test('a loader that the host runs for it is kept', () => {
  const parts = {
    made: { type: 'pv' },
    build: { kernel: '', ramdisk: '', cmdline: '', bootloader: 'pygrub', 'type.pv': {} },
  }
  expect(foreignMachine(sections(parts), 'web').boot).toEqual({
    mode: 'pv',
    kernel: null,
    initramfs: null,
    cmdline: null,
    settings: { bootloader: 'pygrub' },
  })
})

test('a qcow2 disk is as large as its guest sees it', () => {
  const parts = {
    disk: { ...DISK, format: 'qcow2' },
    paths: ['file\t200000\t10737418240\t/srv/web.img\t/guest/web.img'],
  }
  expect(foreignMachine(sections(parts), 'web')).toMatchObject({
    disks: [{ format: 'qcow2', sizeGiB: 10 }],
    obstacles: [],
  })
})

const OBSTACLES: readonly (readonly [what: string, parts: Parts, obstacle: RegExp])[] = [
  ['a read-only disk', { disk: { ...DISK, readwrite: 0 } }, /^its disk xvda is read-only$/],
  ['a CD drive', { disk: { ...DISK, vdev: 'hdc', is_cdrom: 1 } }, /^its disk hdc is a CD drive/],
  ['a format', { disk: { ...DISK, format: 'vhd' } }, /^its disk xvda is of the format vhd$/],
  [
    'a script of a disk',
    { disk: { ...DISK, script: 'block-drbd' } },
    /^its disk xvda is made by the script block-drbd$/,
  ],
  ['a disk of another domain', { disk: { ...DISK, backend_domname: 'storage' } }, /^its disk xvda comes from another/],
  ['an odd path', { disk: { ...DISK, pdev_path: '/guest/a b' } }, /^its disk xvda lies at "\/guest\/a b"/],
  ['a file that is gone', { paths: ['none\t0\t-\t/guest/web.img\t/guest/web.img'] }, /where nothing is$/],
  ['an odd device', { disk: { ...DISK, vdev: 'nvme0' } }, /^its disk nvme0 has no name that could be kept$/],
  [
    'a disk that another domain has by another path',
    { others: [{ name: 'db', disk: '/dev/vg/web' }], paths: [FILE, 'file\t1\t-\t/srv/web.img\t/dev/vg/web'] },
    /^its disk xvda \(\/guest\/web.img\) belongs to the domain db too$/,
  ],
  [
    'a disk that a gateway keeps',
    { kept: 'vol-1\t/srv/web.img' },
    /^its disk xvda \(\/guest\/web.img\) belongs to the disk vol-1 of a machine of a gateway too$/,
  ],
  ['no bridge', { nic: { ...NIC, bridge: '' } }, /^its interface 00:16:3E:77:00:65 is on no bridge$/],
  ['a script of a vif', { nic: { ...NIC, script: 'vif-route' } }, /is made by the script vif-route$/],
  ['a limit of a vif', { nic: { ...NIC, rate_bytes_per_interval: 5 } }, /is limited in its rate$/],
  ['a model of a vif', { nic: { ...NIC, model: 'e1000' } }, /is of the model e1000$/],
  ['devices', { more: { pcidevs: [{ dev: 3 }] } }, /^devices of the host are passed through to it \(pcidevs\)$/],
  ['a file system', { more: { p9s: [{ tag: 'x' }] } }, /^its p9s cannot be taken over$/],
  ['an unknown setting', { build: { vmtrace_buf_kb: 64 } }, /^its vmtrace_buf_kb cannot be taken over$/],
  ['a pool', { made: { pool_name: 'gold' } }, /^its pool_name gold cannot be taken over$/],
  ['a crash', { flags: '---sc-' }, /^it does not run: /],
  ['another site', { claimed: `lyon-1 i-1 ${UUID}` }, /^it bears the mark of the site lyon-1, as the machine i-1$/],
  ['this site', { claimed: `paris-1 i-1 ${UUID}` }, /^it bears the mark of this site already, as the machine i-1$/],
]

test.each(OBSTACLES)('%s is an obstacle, named', (_what, parts, obstacle) => {
  const { obstacles } = foreignMachine(sections(parts), 'web')
  expect(obstacles).toEqual([expect.stringMatching(obstacle)])
})

test.each([
  ['nobody', /there is no domain nobody/],
  ['Domain-0', /runs the host itself/],
])('%s is refused', (name, because) => {
  expect(() => foreignMachine(sections(), name)).toThrow(because)
})

test('a device model in a domain of its own, and one of two domains of a name, are refused', () => {
  expect(() => foreignMachine(sections({ others: [{ name: 'web-dm' }] }), 'web-dm')).toThrow(/runs the host itself/)
  expect(() => foreignMachine(sections({ others: [{ name: 'web' }] }), 'web')).toThrow(/several domains/)
})

test('whatever libxl says more is kept out or named: never dropped unseen, and no secret is kept', () => {
  const value = fc.oneof(fc.string({ minLength: 1 }), fc.integer({ min: 1 }), fc.constant('True'))
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{3,12}_new$/), value, (key, said) => {
      fc.pre(!['none', 'False', 'Disabled', 'disabled', '<default>'].includes(String(said)))
      const { obstacles } = foreignMachine(sections({ build: { [key]: said } }), 'web')
      expect(obstacles).toEqual([`its ${key} cannot be taken over`])
    }),
  )
  const hvm = { vnc: { enable: 'True', passwd: 'secret-word' } }
  const told = foreignMachine(sections({ made: { type: 'hvm' }, build: { 'type.hvm': hvm } }), 'web')
  expect(told.obstacles).toEqual(['its vnc.passwd cannot be taken over'])
  expect(JSON.stringify(told)).not.toContain('secret-word')
})
