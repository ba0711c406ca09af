/**
 * How a foreign domain is started again alike: libxl's settings (xl list -l) as those of xl.cfg(5). What is not known here is
 * named as an obstacle, so that nothing is dropped unseen.
 */
import type { ForeignBoot } from '../../../../../src/model/adoption'
import { BOOT_MODES } from '../../../../../src/model/images'
import { type LongConfig, saysNothing } from './long'

/** Amounts, which are told otherwise, and what libxl fills in by itself. */
const FILLED_IN = new Set([
  ...['max_vcpus', 'avail_vcpus', 'max_memkb', 'target_memkb', 'video_memkb', 'shadow_memkb', 'iommu_memkb'],
  ...[
    'sched_params',
    'claim_mode',
    'device_model_version',
    'device_model_ssidref',
    'exec_ssidref',
    'arch_arm',
    'arch_x86',
  ],
  ...[
    'numa_placement',
    'nodemap',
    'cpumap',
    'event_channels',
    'max_grant_frames',
    'max_maptrack_frames',
    'max_grant_version',
  ],
  ...['apic', 'acpi', 'passthrough', 'blkdev_start', 'vkb_device', 'type.pv', 'type.pvh', 'type.hvm'],
  ...['kernel', 'ramdisk', 'cmdline', 'bootloader', 'bootloader_args', 'localtime', 'device_model'],
])
const FILLED_IN_HVM = new Set([
  ...[
    'pae',
    'apic',
    'acpi',
    'nx',
    'hpet',
    'vpt_align',
    'timer_mode',
    'xen_platform_pci',
    'hdtype',
    'keymap',
    'sdl',
    'mca_caps',
  ],
  ...['bios', 'boot', 'vga', 'vnc', 'serial', 'usb', 'usbdevice', 'viridian', 'rdm', 'rdm_mem_boundary_memkb', 'spice'],
])
const LISTS = new Set(['c_info', 'b_info', 'disks', 'nics', 'vkbs', 'on_poweroff', 'on_reboot', 'on_crash'])
const ENDS = new Set(['on_watchdog', 'on_soft_reset'])

const object = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
const isTrue = (value: unknown): boolean => value === 'True' || value === 1 || value === true
const PLAIN = /^[\x20-\x7e]{1,255}$/

/** A text of libxl's, where it is one that can stand in a configuration. */
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && PLAIN.test(value) ? value : undefined

const VGA: Readonly<Record<string, string>> = { cirrus: 'cirrus', std: 'stdvga', none: 'none' }

function loaderSettings(build: LongConfig['b_info']): Record<string, string | number> {
  const loader = text(build.bootloader)
  return {
    ...(loader === undefined ? {} : { bootloader: loader }),
    ...(isTrue(build.localtime) ? { localtime: 1 } : {}),
  }
}

function hvmSettings(hvm: Readonly<Record<string, unknown>>): Record<string, string | number> {
  const vnc = object(hvm.vnc)
  const vga = VGA[text(object(hvm.vga).kind) ?? '']
  const [bios, boot, usbdevice] = [text(hvm.bios), text(hvm.boot), text(hvm.usbdevice)]
  return {
    ...(bios === undefined ? {} : { bios }),
    ...(boot === undefined ? {} : { boot }),
    ...(vga === undefined ? {} : { vga }),
    ...(vnc.enable === undefined ? {} : { vnc: isTrue(vnc.enable) ? 1 : 0 }),
    ...(isTrue(vnc.enable) && text(vnc.listen) ? { vnclisten: String(vnc.listen) } : {}),
    ...(isTrue(hvm.usb) ? { usb: 1 } : {}),
    ...(usbdevice === undefined ? {} : { usbdevice }),
    ...(isTrue(hvm.viridian) ? { viridian: 1 } : {}),
  }
}

const unknownOf = (of: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): readonly string[] =>
  Object.entries(of).flatMap(([key, value]) => (known.has(key) || saysNothing(value) ? [] : [key]))

/** What of it is no setting that could be kept, by libxl's names. */
function unkept(config: LongConfig): readonly string[] {
  const { b_info: build, c_info: made } = config
  const hvm = object(build['type.hvm'])
  const pool = text(made.pool_name)
  return [
    ...unknownOf(config, new Set([...LISTS, ...ENDS])),
    ...unknownOf(build, FILLED_IN),
    ...unknownOf(object(build['type.pv']), new Set(['slack_memkb', 'kernel', 'ramdisk', 'cmdline', 'features'])),
    ...unknownOf(object(build['type.pvh']), new Set()),
    ...unknownOf(hvm, FILLED_IN_HVM),
    ...(text(object(hvm.vnc).passwd) === undefined ? [] : ['vnc.passwd']),
    ...(isTrue(object(hvm.spice).enable) ? ['spice'] : []),
    ...(build.bootloader_args === undefined || saysNothing(build.bootloader_args) ? [] : ['bootloader_args']),
    ...(pool === undefined || pool === 'Pool-0' ? [] : [`pool_name ${pool}`]),
    ...(isTrue(made.driver_domain) ? ['driver_domain'] : []),
  ]
}

const obstacle = (key: string): string =>
  /^(?:pcidevs|dtdevs|rdms|usbctrls|usbdevs|vtpms)$/.test(key)
    ? `devices of the host are passed through to it (${key})`
    : `its ${key} cannot be taken over`

/** Its settings, and what stands in the way. */
export function bootOf(config: LongConfig): { readonly boot: ForeignBoot; readonly obstacles: readonly string[] } {
  const { c_info: made, b_info: build } = config
  const mode = BOOT_MODES.find((one) => one === made.type)
  const hvm = mode === 'hvm' ? hvmSettings(object(build['type.hvm'])) : {}
  const odd = [build.kernel, build.ramdisk, build.cmdline].filter(
    (one) => one !== undefined && one !== '' && !text(one),
  )
  return {
    boot: {
      mode: mode ?? 'hvm',
      kernel: text(build.kernel) ?? null,
      initramfs: text(build.ramdisk) ?? null,
      cmdline: text(build.cmdline) ?? null,
      settings: { ...loaderSettings(build), ...hvm },
    },
    obstacles: [
      ...(mode === undefined ? [`it is of the type ${made.type || '(none)'}`] : []),
      ...odd.map((one) => `${JSON.stringify(one)} cannot stand in a configuration of ours`),
      ...unkept(config).map(obstacle),
    ],
  }
}
