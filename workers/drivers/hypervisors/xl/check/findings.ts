/**
 * From the facts of a survey to findings with the command that mends each: pure. What is `missing` keeps a host from joining; a
 * `warning` does not. Facts: xl(1), xl.conf(5), xl.cfg(5), and what was measured on Xen 4.17.
 */
import { asFault } from '../../../../../src/faults'
import type { HostFinding } from '../../../driver'
import { parseInfo, type XenInfo } from '../parse/info'
import { deviceModel } from './device-model'
import type { Facts } from './facts'
import { finding } from './finding'
import { xendomains } from './xendomains'

/** Least free space for the gateway's folder, GiB. */
const LEAST_GIB = 2
/** Clocks that differ by more are told, s. */
const SKEW_S = 2
/** File systems that copy by reflink; xfs since 2018 unless it was made without. */
const REFLINKS = ['btrfs', 'xfs', 'bcachefs', 'ocfs2']
const XEN_GIVEN = 'boot it with Xen: apt install xen-system-amd64, then choose Xen in the boot menu'

/** `asked`: when it was surveyed, ms since 1970 by our clock. `folder`: where the gateway keeps its files there. */
export function findingsOf(facts: Facts, asked: number, folder: string): readonly HostFinding[] {
  return [
    tools(facts),
    ...xen(facts),
    ...daemons(facts),
    xapi(facts),
    xendomains(facts),
    place(facts, folder),
    clones(facts),
    bridges(facts),
    clock(facts, asked),
    names(facts),
  ]
}

function tools(facts: Facts): HostFinding {
  const lacks = facts.all('lacks')
  if (lacks.length === 0) return finding('tools', 'ok', 'a POSIX shell and everything that the guard calls')
  const mend = 'apt install util-linux coreutils findutils grep'
  return finding('tools', 'missing', `it lacks ${lacks.join(', ')}`, mend)
}

function xen(facts: Facts): readonly HostFinding[] {
  if (facts.one('info-status') === null)
    return [finding('xen', 'missing', 'there is no xl: Xen and its tools are not installed', XEN_GIVEN)]
  if (facts.one('info-status') !== '0')
    return [finding('xen', 'missing', `xl info fails: ${firstOf(facts.all('info'))}`, XEN_GIVEN)]
  let info: XenInfo
  try {
    info = parseInfo(facts.all('info').join('\n'))
  } catch (thrown) {
    return [finding('xen', 'missing', `xl info cannot be read: ${asFault(thrown).message}`)]
  }
  const { version, cpus, totalMiB, freeMiB, virtCaps, scheduler } = info
  return [
    finding(
      'xen',
      'ok',
      `Xen ${version}, ${facts.one('kernel') ?? ''}: ${cpus} CPUs, ${totalMiB} MiB (${freeMiB} MiB free)`,
    ),
    virtCaps.includes('hap')
      ? finding('hap', 'ok', `guests: ${virtCaps.filter((cap) => ['pv', 'hvm', 'hap'].includes(cap)).join(', ')}`)
      : finding(
          'hap',
          'warning',
          'no hardware-assisted paging: guests cannot be moved live',
          'enable AMD-V with NPT or VT-x with EPT in the firmware',
        ),
    scheduler === 'credit2'
      ? finding('scheduler', 'ok', scheduler)
      : finding(
          'scheduler',
          'warning',
          `${scheduler}: shares of CPU are set for credit2 only`,
          'add sched=credit2 to the command line of Xen',
        ),
    dom0(facts),
    deviceModel(facts, info),
    domains(facts),
  ]
}

/** dom0's memory is to be fixed: one that balloons gives its own away until nothing works (xl.conf autoballoon). */
function dom0(facts: Facts): HostFinding {
  const command = facts.all('info').find((line) => line.startsWith('xen_commandline')) ?? ''
  const fixed = /\bdom0_mem=\S+/.exec(command)?.[0]
  const autoballoon = facts.one('autoballoon') || 'auto'
  const mend = 'add dom0_mem=2G,max:2G to the command line of Xen, and autoballoon="off" to /etc/xen/xl.conf'
  if (fixed && autoballoon !== 'on') return finding('dom0 memory', 'ok', `fixed: ${fixed}, autoballoon ${autoballoon}`)
  if (autoballoon === 'off') return finding('dom0 memory', 'ok', 'autoballoon is off')
  return finding('dom0 memory', 'warning', 'it is not fixed: dom0 gives its own memory to guests', mend)
}

/** Those of others are counted and never touched. */
function domains(facts: Facts): HostFinding {
  if (facts.one('list-status') !== '0')
    return finding('domains', 'missing', `xl list fails: ${firstOf(facts.all('list'))}`, '/etc/init.d/xen start')
  const names = facts
    .all('list')
    .slice(1)
    .flatMap((line) => line.split(/\s+/)[0] ?? [])
    .filter((name) => name !== '' && name !== 'Domain-0')
  return names.length === 0
    ? finding('domains', 'ok', 'none but Domain-0')
    : finding(
        'domains',
        'warning',
        `${names.length} run there already (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}): counted, never touched`,
      )
}

function daemons(facts: Facts): readonly HostFinding[] {
  const runs = (name: string): boolean => facts.has('runs', name)
  const start = 'systemctl enable --now xen, or /etc/init.d/xen start'
  return [
    runs('xenstored') || runs('oxenstored') || facts.one('list-status') === '0'
      ? finding('xenstored', 'ok', runs('oxenstored') ? 'oxenstored runs' : 'it answers')
      : finding('xenstored', 'missing', 'it does not run', start),
    runs('xenconsoled')
      ? finding('xenconsoled', 'ok', 'it runs')
      : finding('xenconsoled', 'missing', 'it does not run: no guest gets a console', start),
    runs('xenwatchdogd')
      ? finding('xenwatchdogd', 'ok', 'Xen restarts the host when dom0 hangs')
      : finding(
          'xenwatchdogd',
          'warning',
          'it does not run: a host whose dom0 hangs cannot fence itself',
          'systemctl enable --now xen-watchdog',
        ),
  ]
}

/** XAPI believes that every domain is its own: two managers of one host would undo each other's work. */
const xapi = (facts: Facts): HostFinding =>
  facts.has('runs', 'xapi') || facts.one('xapi') !== null
    ? finding(
        'xapi',
        'missing',
        'XAPI (XenServer, XCP-ng) manages this host: it owns all its domains and ends those it does not know. Such a host cannot join',
      )
    : finding('xapi', 'ok', 'no other manager of domains')

function place(facts: Facts, folder: string): HostFinding {
  const [, total, , free] = (facts.one('space') ?? '').split(' ')
  const freeGiB = Math.floor(Number(free ?? 0) / 1024 / 1024)
  const on = `${folder} on ${facts.one('filesystem') || 'a file system'}`
  if (facts.one('folder-writable') !== 'yes')
    return finding('folder', 'missing', `${facts.one('folder-at')} cannot be written`, `mkdir -p ${folder}`)
  if (freeGiB < LEAST_GIB)
    return finding(
      'folder',
      'missing',
      `${on}: ${freeGiB} GiB free, ${LEAST_GIB} are the least`,
      `mount a larger disk at ${folder}`,
    )
  return finding('folder', 'ok', `${on}: ${freeGiB} GiB free of ${Math.floor(Number(total ?? 0) / 1024 / 1024)}`)
}

function clones(facts: Facts): HostFinding {
  const ways = [
    ...(REFLINKS.includes(facts.one('filesystem') ?? '') ? ['reflink'] : []),
    ...(facts.one('qemu-img') === null || facts.one('device-model') === null ? [] : ['qcow2 on an image']),
  ]
  if (ways.length > 0) return finding('clones', 'ok', `${ways.join(', ')}, copy`)
  return finding(
    'clones',
    'warning',
    'disks are copied whole, and only raw images can be used',
    'apt install qemu-utils qemu-system-xen',
  )
}

function bridges(facts: Facts): HostFinding {
  const there = facts.all('bridge')
  return there.length > 0
    ? finding('bridges', 'ok', there.join(', '))
    : finding(
        'bridges',
        'warning',
        'none: guests reach only each other until the bridge of their network has a way out',
        'brctl addbr xenbr0; brctl addif xenbr0 eth0',
      )
}

function clock(facts: Facts, asked: number): HostFinding {
  const skew = Math.round(Number(facts.one('now')) - asked / 1000)
  return Math.abs(skew) <= SKEW_S
    ? finding('clock', 'ok', 'it agrees with the gateway')
    : finding('clock', 'warning', `it is ${Math.abs(skew)} s ${skew > 0 ? 'ahead' : 'behind'}`, 'apt install chrony')
}

const names = (facts: Facts): HostFinding =>
  facts.all('nameserver').length > 0
    ? finding('dns', 'ok', facts.all('nameserver').join(', '))
    : finding('dns', 'warning', 'no name server is configured', 'echo "nameserver 9.9.9.9" >>/etc/resolv.conf')

const firstOf = (lines: readonly string[]): string => lines.find((line) => line.trim() !== '') ?? 'it says nothing'
