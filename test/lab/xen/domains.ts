/** Domains made by plain `xl` on a lab host: for tests of the hosts themselves, and for machines "of others". */
import { until } from '../../support/until'
import type { LabHost } from './lab-host'

export type GuestType = 'pv' | 'pvh' | 'hvm'

import { patient } from './patience'

export interface Domain {
  readonly name: string
  readonly type: GuestType
  /** On the hosts' bridge; a /24. */
  readonly address: string
  readonly mac: string
}

const MEMORY_MIB: Readonly<Record<GuestType, number>> = { pv: 128, pvh: 160, hvm: 192 }
/** HVM has a BIOS and an emulated screen first: `quiet` saves it seconds on the emulated serial line. */
const CONSOLE: Readonly<Record<GuestType, string>> = {
  pv: 'console=hvc0',
  pvh: 'console=hvc0',
  hvm: 'console=ttyS0 quiet',
}

export const folderOf = (name: string): string => `/var/lib/lab/${name}`

/** As xl.cfg(5) wants it. Without a seed disk, the tiny guest is told its name and address by its kernel's arguments. */
export function configOf({ name, type, mac, address }: Domain): string {
  const lines = [
    `name = "${name}"`,
    `type = "${type}"`,
    'kernel = "/guest/vmlinuz"',
    'ramdisk = "/guest/initrd.gz"',
    `extra = "${CONSOLE[type]} mitigations=off guest.name=${name} guest.ip=${address}/24"`,
    `memory = ${MEMORY_MIB[type]}`,
    'vcpus = 1',
    `vif = [ "mac=${mac},bridge=xenbr0" ]`,
    `disk = [ "format=raw,vdev=xvda,access=w,target=${folderOf(name)}/disk" ]`,
    ...(type === 'hvm' ? ['serial = "pty"', 'vnc = 0', 'vga = "none"'] : []),
  ]
  return `${lines.join('\n')}\n`
}

/** What a domain has written on its console. An HVM machine's serial line (`xl console`'s choice for it) keeps nothing for who comes later. */
export const consoleOf = async (host: LabHost, name: string): Promise<string> =>
  (await host.sh(`timeout -k 1 4 xl console -t pv ${name} </dev/null`)).stdout.replaceAll('\r', '')

/** What a guest answers by HTTP, asked from a host. Debian's static busybox crashes with `wget -T`. */
export const fetchFrom = async (host: LabHost, address: string, path = '/'): Promise<string> =>
  (await host.sh(`timeout -k 1 5 busybox wget -q -O - http://${address}${path}`)).stdout.trim()

/** Waits until the guest answers with something, and returns that. */
export const answered = (host: LabHost, address: string, path = '/'): Promise<string> =>
  until(() => fetchFrom(host, address, path), {
    timeoutMs: patient(150_000),
    everyMs: 500,
    what: `${address} to answer http`,
  })

/** Makes a domain with a blank disk; resolves when `xl create` is through. */
export async function create(host: LabHost, domain: Domain): Promise<void> {
  const folder = folderOf(domain.name)
  const script = [
    `mkdir -p ${folder} && truncate -s 16M ${folder}/disk && cat > ${folder}/xl.cfg <<'END'`,
    `${configOf(domain)}END`,
    `timeout -k 1 ${patient(90)} xl create ${folder}/xl.cfg`,
  ]
  await host.print(script.join('\n'), { timeoutMs: patient(120_000) })
}

/** Whether a domain of that name is there and not on its way out. */
export async function lives(host: LabHost, name: string): Promise<boolean> {
  const { stdout } = await host.sh(`xl list ${name} 2>/dev/null`)
  // State: r-b-p-s-c-d; `s` is one that has shut down and is only still listed.
  const state = stdout.split('\n')[1]?.trim().split(/\s+/)[4]
  return state !== undefined && !/[scd]/.test(state)
}

/** Ends a domain wherever it is; nothing when it is gone. */
export const destroy = (host: LabHost, name: string): Promise<unknown> =>
  host.sh(`timeout -k 1 30 xl destroy ${name} 2>/dev/null; rm -rf ${folderOf(name)}`)
