import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { Fault } from '../../../../../src/faults'
import type { MachineDefinition } from '../../../../../workers/drivers/driver'
import { SEED_VDEV, vdevNumber, vdevOf } from '../../../../../workers/drivers/hypervisors/xl/config/device'
import { weightOf } from '../../../../../workers/drivers/hypervisors/xl/config/head'
import { pieces } from '../../../../../workers/drivers/hypervisors/xl/config/pieces'
import { quoted, setting } from '../../../../../workers/drivers/hypervisors/xl/config/value'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { networkDeeds } from '../../../../../workers/drivers/network'
import { diskDeeds } from '../../../../../workers/drivers/transfer'
import { expectGolden } from '../../../../support/golden'
import { parseCfg } from './xl-cfg'

const NAME = 'i-0123456789abcdef0'
const FILE = { sha256: 'a'.repeat(64), bytes: 1, sizeGiB: 1 }
const network = { name: 'subnet-1', bridge: 'xenbr0', vlan: null, cidr: '10.0.0.0/16', gateway: '10.0.0.1' }
const machine: MachineDefinition = {
  name: NAME,
  id: '6f1d2a3b-0001-4000-8000-000000000001',
  site: 'local-1',
  size: { type: 't2.small', cores: 2, cpuHundredths: 150, memoryMiB: 512, diskGiB: 8 },
  disks: [{ name: `${NAME}-root`, device: '/dev/sda1' }],
  interfaces: [{ mac: '02:00:00:00:00:01', address: '10.0.0.9', network }],
  seed: Buffer.from('CD001').toString('base64'),
}
const kernel = {
  mode: 'pvh',
  cmdline: 'console=hvc0',
  kernel: { ...FILE, format: 'kernel' },
  initramfs: { ...FILE, format: 'initramfs' },
} as const
const taken = { name: `${NAME}-root`, device: 'xvda1', format: 'raw', path: '/srv/guests/web.img' } as const
const machines: Readonly<Record<string, MachineDefinition>> = {
  'taken-over-pv': {
    ...machine,
    disks: [...machine.disks, { name: `${NAME}-disk1`, device: '/dev/xvda2' }],
    takenOver: {
      boot: { mode: 'pv', kernel: null, initramfs: null, cmdline: null, settings: { bootloader: 'pygrub' } },
      disks: [taken, { ...taken, name: `${NAME}-disk1`, device: 'xvda2', path: '/dev/vg0/web-swap' }],
    },
    seed: null,
  },
  'taken-over-hvm': {
    ...machine,
    takenOver: {
      boot: {
        mode: 'hvm',
        kernel: null,
        initramfs: null,
        cmdline: null,
        settings: { bios: 'ovmf', boot: 'cd', vga: 'stdvga', vnc: 1, vnclisten: '127.0.0.1' },
      },
      disks: [{ ...taken, device: 'hda' }],
    },
    seed: null,
  },
  hvm: machine,
  'hvm-kernel': { ...machine, boot: { ...kernel, mode: 'hvm', cmdline: 'console=ttyS0' } },
  pv: { ...machine, boot: { ...kernel, mode: 'pv' } },
  pvh: { ...machine, boot: kernel },
  'pvh-growing': { ...machine, boot: kernel, most: { cores: 4, memoryMiB: 640 } },
  'pvh-diskless': {
    ...machine,
    boot: { ...kernel, initramfs: null, cmdline: null },
    disks: [],
    interfaces: [],
    seed: null,
  },
  'pvh-volumes': {
    ...machine,
    boot: kernel,
    disks: [...machine.disks, { name: 'vol-1', device: '/dev/sdf' }, { name: 'vol-2', device: 'xvdba' }],
    interfaces: [
      ...machine.interfaces,
      { mac: '02:00:00:00:00:02', address: null, network: { ...network, name: 'subnet-2', bridge: 'xenbr0', vlan: 7 } },
    ],
  },
}
/** The whole xl.cfg, put together by the deeds as on a host. */
function composed(definition: MachineDefinition): string {
  const root = mkdtempSync(join(tmpdir(), 'og-cfg-'))
  const folder = join(root, 'local-1')
  try {
    for (const sub of ['disks', 'images']) mkdirSync(join(folder, sub), { recursive: true })
    for (const disk of definition.disks) writeFileSync(join(folder, 'disks', `${disk.name}.raw`), 'x')
    for (const format of ['kernel', 'initramfs']) writeFileSync(join(folder, 'images', `${FILE.sha256}.${format}`), 'x')
    writeFileSync(
      join(root, 'deeds'),
      ['refuse() { echo "$*" >&2; exit 3; }', ...diskDeeds(), ...networkDeeds(), ...xlDeeds()].join('\n'),
    )
    const script = `
      . "$OCCI_FOLDER/deeds"
      xl_try() { case $2 in list) head -n 2 "$FIXTURES/xl-list-v.out" ;; info) sed 's/^nr_cpus .*/nr_cpus : 8/' "$FIXTURES/xl-info.out" ;; esac; }
      effect_network_ensure() { :; }
      effect_xl_define && xl_compose && cat "$XL_M/xl.cfg"`
    const env = {
      ...process.env,
      OCCI_FOLDER: root,
      OCCI_SITE: 'local-1',
      OCCI_RESOURCE: definition.name,
      OCCI_WORK: root,
      FIXTURES: join(__dirname, '..', '..', '..', '..', 'fixtures', 'xen'),
    }
    const text = execFileSync('sh', ['-c', script], { env, input: pieces(definition) }).toString()
    return text.replaceAll(folder, '/var/lib/occi-gateway/local-1')
  } finally {
    rmSync(root, { recursive: true })
  }
}

describe('the configuration that xl is given', () => {
  for (const [name, definition] of Object.entries(machines))
    test(name, () => expectGolden(`xl/${name}.cfg`, composed(definition)))

  test('what adopt sends', () => expectGolden('xl/pieces-taken-over.txt', pieces(machines['taken-over-pv'] ?? machine)))

  test.each([
    ['path', { path: '/srv/a b' }],
    ['path', { path: 'relative.img' }],
    ['virtual device', { device: 'nvme0' }],
  ])('what was taken over has a %s that can stand in a line', (what, odd) => {
    const over = machines['taken-over-hvm'] ?? machine
    const [disk] = over.takenOver?.disks ?? []
    if (!over.takenOver || !disk) throw new Error('no disk')
    const takenOver = { ...over.takenOver, disks: [{ ...disk, ...odd }] }
    expect(() => pieces({ ...over, takenOver })).toThrow(`is no ${what}`)
  })

  test('what define sends', () => expectGolden('xl/pieces.txt', pieces(machines['pvh-volumes'] ?? machine)))

  test('the seed is in no other section', () => {
    const [before, seed] = pieces(machine).split('== seed')
    expect(before).not.toContain(machine.seed)
    expect(seed?.replace(/\s/g, '')).toBe(machine.seed)
  })
})

describe('devices', () => {
  test.each([
    ['/dev/sda1', 'xvda', 51712],
    ['/dev/sdf', 'xvdf', 51792],
    ['/dev/xvdp', 'xvdp', 51952],
    ['xvdq', 'xvdq', 268_439_552],
    ['/dev/vdb', 'xvdb', 51728],
    ['/dev/xvdba', 'xvdba', 268_448_768],
  ])('%s is %s, number %d', (device, vdev, number) => {
    expect(vdevOf(device)).toBe(vdev)
    expect(vdevNumber(vdev)).toBe(number)
  })
  test.each(['/dev/sd', 'sda99', '/dev/nvme0n1', '', 'xvda,x=1', `/dev/${SEED_VDEV}`])('%j is none', (device) => {
    expect(() => vdevOf(device)).toThrow(expect.objectContaining({ kind: 'refused' }))
  })
  test('the host numbers them alike', () => {
    const names = fc.sample(fc.stringMatching(/^xvd[a-z]{1,2}$/), 50)
    const script = `${xlDeeds().join('\n')}\nfor name do xl_vdev_number "$name"; done`
    const said = execFileSync('sh', ['-c', script, 'sh', ...names])
      .toString()
      .trim()
      .split('\n')
      .map(Number)
    expect(said).toEqual(names.map(vdevNumber))
  })
})

test.each([
  [100, 256],
  [50, 128],
  [400, 1024],
  [0, 1],
  [1_000_000, 65_535],
])('%d hundredths of a core weigh %d', (hundredths, weight) => {
  expect(weightOf(hundredths)).toBe(weight)
})

describe('nothing that anybody wrote breaks out', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', "'", '\\', '\n', '=', '[', ']', ',', '#', ';', ' ', 'a', '\t', '\u0000') }),
    fc.constantFrom('"\nkernel = "/etc/shadow', "x' , 'y", '\\', '\\"', 'a\\', '$(reboot)', '`id`', '== seed'),
  )

  test('a string is read back as it was, or refused', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        let line: string
        try {
          line = setting('extra', text)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Fault)
          expect(/[^\x20-\x7e]/.test(text)).toBe(true)
          return
        }
        expect(parseCfg(line)).toEqual(new Map([['extra', text]]))
      }),
      { numRuns: 2000 },
    )
  })

  test('a list is read back entry by entry', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[\x20-\x7e]*$/), { maxLength: 5 }), (entries) => {
        expect(parseCfg(setting('disk', entries))).toEqual(new Map([['disk', entries]]))
      }),
    )
  })

  test('a command line of any kind changes nothing but itself', () => {
    const plain = parseCfg(pieces(machines.pvh ?? machine).split(/== \w+\n/)[2] ?? '')
    fc.assert(
      fc.property(nasty, (cmdline) => {
        let text: string
        try {
          text = pieces({ ...machine, boot: { ...kernel, cmdline } })
        } catch (thrown) {
          expect(thrown).toMatchObject({ kind: 'refused' })
          return
        }
        const sections = text.split(/^== (\w+)$/m)
        expect(sections.filter((_part, at) => at % 2 === 1)).toEqual([
          'machine',
          'head',
          'disks',
          'nics',
          'networks',
          'seed',
        ])
        const expected = new Map(plain)
        if (cmdline === '') expected.delete('extra')
        else expected.set('extra', cmdline)
        expect(parseCfg(sections[4] ?? '')).toEqual(expected)
      }),
    )
  })

  test.each([
    ['name of a disk', { disks: [{ name: '../../etc/shadow', device: '/dev/sda' }] }],
    ['name of a disk', { disks: [{ name: 'a b', device: '/dev/sda' }] }],
    ['site', { site: 'a\nkernel x' }],
    ['id', { id: 'x' }],
    ['seed', { seed: 'AA\n== machine' }],
    [
      'bridge',
      { interfaces: [{ mac: '02:00:00:00:00:01', address: null, network: { ...network, bridge: 'br,script=x' } }] },
    ],
    ['mac', { interfaces: [{ mac: '02:00:00:00:00:01 x', address: null, network }] }],
    ['network', { interfaces: [{ mac: '02:00:00:00:00:01', address: null, network: { ...network, name: 'a\nb' } }] }],
    [
      'two disks at one device',
      {
        disks: [
          { name: 'a', device: '/dev/sda' },
          { name: 'b', device: '/dev/xvda' },
        ],
      },
    ],
    ['pvh without a kernel', { boot: { ...kernel, kernel: null } }],
    ['pv without a kernel', { boot: { ...kernel, mode: 'pv' as const, kernel: null } }],
  ])('refused: %s', (_what, change) => {
    expect(() => pieces({ ...machine, ...change })).toThrow(expect.objectContaining({ kind: 'refused' }))
  })

  test('a number is one', () => {
    for (const value of [Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY])
      expect(() => setting('memory', value)).toThrow(Fault)
    expect(setting('memory', 512)).toBe('memory = 512\n')
    expect(quoted('a"b\\c')).toBe('"a\\"b\\\\c"')
  })
})

test('a golden file is what is kept', () => {
  expect(readFileSync(join(__dirname, '..', '..', '..', '..', 'golden', 'xl', 'pvh.cfg'), 'utf8')).toContain(
    'type = "pvh"',
  )
})
