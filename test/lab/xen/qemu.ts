/**
 * One emulated Xen host as QEMU's arguments. Xen is started by multiboot, without a boot loader.
 *
 * TCG always: what some machines offer as /dev/kvm runs no ordinary kernel. `qemu64,+svm,+npt` gives Xen `hap`, without which
 * there is no PVH or HVM; one processor, because two start at half the speed.
 */
import { join } from 'node:path'
import type { LabHostName } from './build/hosts'

export const SNAPSHOT = 'booted'

export interface HostPlan {
  readonly host: LabHostName
  /** Folder of the stage 'host'. */
  readonly image: string
  /** The host's own disk, qcow2. */
  readonly disk: string
  readonly console: string
  readonly monitor: string
  /** 0: QEMU picks one. */
  readonly sshPort: number
  /** UDP ports of the cable between both hosts. Datagrams, so that either end may go and come back. */
  readonly cable: { readonly local: number; readonly peer: number }
  /** A folder of this machine that all hosts can mount (9p, tag `shared`). */
  readonly shared: string
  /** From its snapshot, or from nothing. */
  readonly start: 'snapshot' | 'cold'
}

/** Management network: only the forwarded port of sshd, no way out. */
const MANAGEMENT = 'n0'
const CABLE = 'n1'
export const DEVICES = { management: MANAGEMENT, cable: CABLE } as const

const XEN = 'dom0_mem=512M,max:512M com1=115200,8n1 console=com1 no-real-mode reboot=no'

export function qemuArguments(plan: HostPlan): readonly string[] {
  const { host, image, cable } = plan
  // No commas: they part the modules.
  const dom0 = `console=hvc0 lab.host=${host.name} lab.ip=${host.address}/24 net.ifnames=0 mitigations=off quiet`
  const udp = `local.type=inet,local.host=127.0.0.1,local.port=${cable.local},remote.type=inet,remote.host=127.0.0.1,remote.port=${cable.peer}`
  return [
    ...['-name', host.name, '-accel', 'tcg,thread=multi', '-cpu', 'qemu64,+svm,+npt', '-smp', '1', '-m', '2048'],
    ...['-display', 'none', '-no-reboot', '-serial', `file:${plan.console}`],
    ...['-qmp', `unix:${plan.monitor},server=on,wait=off`],
    ...['-kernel', join(image, 'xen'), '-append', XEN],
    ...['-initrd', `${join(image, 'vmlinuz')} ${dom0},${join(image, 'initrd.gz')}`],
    ...['-drive', `file=${plan.disk},if=virtio,format=qcow2,cache=unsafe,discard=unmap`],
    ...['-netdev', `user,id=${MANAGEMENT},restrict=on,hostfwd=tcp:127.0.0.1:${plan.sshPort}-:22`],
    ...['-device', `virtio-net-pci,netdev=${MANAGEMENT},romfile=`],
    ...['-netdev', `dgram,id=${CABLE},${udp}`, '-device', `virtio-net-pci,netdev=${CABLE},romfile=,mac=${host.mac}`],
    ...['-fsdev', `local,id=shared,path=${plan.shared},security_model=none`],
    ...['-device', 'virtio-9p-pci,fsdev=shared,mount_tag=shared'],
    ...(plan.start === 'snapshot' ? ['-loadvm', SNAPSHOT] : []),
  ]
}
