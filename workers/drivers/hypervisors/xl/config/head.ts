/**
 * A machine's xl.cfg(5), all of it but its files and devices: those are put behind it on the host when it starts, where it is known
 * where they lie, from the lists that attach and detach change (host/20-config.sh).
 */
import { fault } from '../../../../../src/faults'
import type { TakenOver } from '../../../../../src/model/adoption'
import type { MachineDefinition } from '../../../driver'
import { setting, type Value } from './value'

/** credit2's weight of one whole core; xl sched-credit2 takes 1 to 65535. */
const WEIGHT_OF_CORE = 256

/** QEMU's name for the guest's first serial line; host/50-look.sh knows it too. */
const SERIAL = 'occi-serial'

export const weightOf = (cpuHundredths: number): number =>
  Math.min(65_535, Math.max(1, Math.round((cpuHundredths * WEIGHT_OF_CORE) / 100)))

/** Faults: refused (a definition that Xen cannot start). */
export function head(definition: MachineDefinition): string {
  const { name, id, size, most = size } = definition
  const settings: (readonly [string, Value])[] = [
    ['name', name],
    ['uuid', id],
    ['memory', size.memoryMiB],
    ['maxmem', most.memoryMiB],
    ['vcpus', size.cores],
    ['maxvcpus', most.cores],
    ['cpu_weight', weightOf(size.cpuHundredths)],
    ...(definition.takenOver ? takenOver(definition.takenOver) : boot(definition)),
    ['on_poweroff', 'destroy'],
    ['on_reboot', 'restart'],
    // Kept until somebody looked: a crash is shown as one, never as a stop.
    ['on_crash', 'preserve'],
    ['on_watchdog', 'preserve'],
  ]
  return settings.map(([key, value]) => setting(key, value)).join('')
}

/** As it was started before anybody here knew of it; files of the host stay its host's. */
function takenOver({ boot: { mode, kernel, initramfs, cmdline, settings } }: TakenOver): (readonly [string, Value])[] {
  return [
    ['type', mode],
    ...(kernel === null ? [] : [['kernel', kernel] as const]),
    ...(initramfs === null ? [] : [['ramdisk', initramfs] as const]),
    ...(cmdline === null ? [] : [['extra', cmdline] as const]),
    ...(mode === 'hvm' ? [['serial', 'pty'] as const] : []),
    ...Object.entries(settings),
  ]
}

/** type, extra, boot; a serial console where the guest has no Xen one. */
function boot({ boot: order }: MachineDefinition): (readonly [string, Value])[] {
  const mode = order?.mode ?? 'hvm'
  const kernel = order?.kernel ?? null
  if (kernel === null && mode !== 'hvm')
    throw fault('refused', `a ${mode} machine needs a kernel: its image has none, and a boot loader runs in hvm only`)
  const words: readonly (readonly [string, Value])[] =
    kernel === null ? [['boot', 'c']] : order?.cmdline ? [['extra', order.cmdline]] : []
  if (mode !== 'hvm') return [['type', mode], ...words]
  return [
    ['type', 'hvm'],
    ...words,
    // QEMU keeps what the guest writes until it is asked for it (host/50-look.sh): a pty loses what nobody is there to read, and
    // a file grows without end. A ring's size is a power of two.
    ['device_model_args_hvm', ['-chardev', `ringbuf,id=${SERIAL},size=65536`]],
    ['serial', `chardev:${SERIAL}`],
    ['vnc', 0],
    ['sdl', 0],
    // A boot loader wants the BIOS's text screen; a kernel that is given writes to its serial line at once.
    ['vga', kernel ? 'none' : 'stdvga'],
  ]
}
