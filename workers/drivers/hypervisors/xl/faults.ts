/**
 * What xl and its helpers say when they fail, as faults: every text that was recorded from a real host, and what it means to a
 * machine's owner and operator. The deeds pass xl's newest lines on; the first rule that matches any of them counts.
 */
import { type Fault, type FaultKind, fault } from '../../../../src/faults'

export interface Rule {
  /** For docs/xen.md. */
  readonly name: string
  readonly says: RegExp
  readonly kind: Extract<FaultKind, 'refused' | 'unsupported' | 'timeout'>
  /** `$1` … are what the pattern found. */
  readonly means: string
  /** What an operator does about it. */
  readonly remedy: string
}

export const RULES: readonly Rule[] = [
  {
    name: 'duplicate name',
    says: /Domain with name "([^"]+)" already exists/,
    kind: 'refused',
    means: 'another domain on the host is already called $1',
    remedy: 'End or rename the domain of that name, which this gateway did not make (`xl list -v` shows its uuid).',
  },
  {
    name: 'too little memory for its kernel',
    says: /segment \S+ too large .*: Out of memory/,
    kind: 'refused',
    means: 'its memory is too small for its kernel',
    remedy: 'Use an instance type with more memory.',
  },
  {
    name: 'no memory',
    says: /xc_dom_boot_mem_init failed|: Out of memory$|failed to free memory for the domain/,
    kind: 'refused',
    means: 'the host has not enough free memory for it',
    remedy: 'Free memory on the host, or let dom0 have a fixed amount (`dom0_mem=`): xl does not take any from dom0.',
  },
  {
    name: 'more memory than its most',
    says: /memory_dynamic_max must be less than or equal to memory_static_max/,
    kind: 'refused',
    means: 'it cannot have more memory than it was started with',
    remedy: 'Stop the machine, resize it, and start it again.',
  },
  {
    name: 'missing disk',
    says: /Disk vdev=\S+ failed to stat: (\S+): No such file or directory/,
    kind: 'refused',
    means: 'a disk of it is not there: $1',
    remedy: 'Bring back the file that is named, or the storage on which it lies; else the machine has to be deleted.',
  },
  {
    name: 'missing kernel',
    says: /failed to open file '[^']*': No such file or directory|xc_dom_kernel_file failed/,
    kind: 'refused',
    means: 'its kernel or initramfs is not there on the host',
    remedy: 'Retry: the file is fetched again from the image store when the machine is defined anew.',
  },
  {
    name: 'invalid kernel',
    says: /no loader found: Invalid kernel|xc_dom_parse_image failed/,
    kind: 'refused',
    means: 'its kernel is none that Xen can start in this mode',
    remedy: 'Register the image again with a kernel built for Xen guests (PVH: CONFIG_PVH), or with mode hvm.',
  },
  {
    name: 'missing bridge',
    says: /Could not find bridge device (\S+)/,
    kind: 'refused',
    means: 'the host has no bridge $1',
    remedy: 'Make the bridge on the host, or give the network the name of one that exists.',
  },
  {
    name: 'no device model',
    says: /device model \S+ is not executable|unable to find device model/,
    kind: 'refused',
    means: 'the host has no QEMU for Xen, which it needs',
    remedy: 'Install it on the host (Debian: `apt-get install qemu-system-xen`), and start the machine again.',
  },
  {
    name: 'hotplug script',
    says: /unable to add (?:vif|disk) devices|\/etc\/xen\/scripts\/.* exited with error status/,
    kind: 'refused',
    means: 'a device of it could not be connected on the host',
    remedy: 'Read /var/log/xen/xen-hotplug.log on the host.',
  },
  {
    name: 'bad configuration',
    says: /config parsing error|Failed to parse config|Domain name must be specified|is not a valid number/,
    kind: 'refused',
    means: 'the host does not understand its configuration',
    remedy: 'This is a fault of the gateway: report it with the machine’s xl.cfg.',
  },
  {
    name: 'missing configuration',
    says: /Failed to read config file/,
    kind: 'refused',
    means: 'its configuration is not there on the host',
    remedy: 'Somebody removed it below the site’s folder; the machine has to be deleted.',
  },
  {
    name: 'no live migration of PV',
    says: /Failed to enable logdirty/,
    kind: 'unsupported',
    means: 'this host cannot move a PV machine while it runs (its Xen has no shadow paging)',
    remedy: 'Move it cold, or use an image of mode pvh or hvm.',
  },
  {
    name: 'other host unreachable',
    says: /ssh: connect to host (\S+) port \d+: (.*?)$|Host key verification failed|Permission denied \(publickey/,
    kind: 'refused',
    means: 'the host cannot reach the other one by ssh',
    remedy:
      'Hosts between which machines move reach each other by `ssh NAME` without a password: see “Moving machines”.',
  },
  {
    name: 'no Xen on the other host',
    says: /migration target: Domain creation failed|migration transport process .* exited|Migration failed/,
    kind: 'refused',
    means: 'the other host could not take it',
    remedy: 'Read /var/log/xen/ on the other host; it needs the same Xen version and enough free memory.',
  },
  {
    name: 'damaged memory file',
    says: /file\/stream truncated|Protocol error|Can't open restore file/,
    kind: 'refused',
    means: 'its saved memory cannot be read',
    remedy: 'Stop the machine, which drops its saved memory, and start it again: it boots from its disks.',
  },
  {
    name: 'no place for its memory',
    says: /Failed to open temp file|No space left on device/,
    kind: 'refused',
    means: 'the host has no space left on its disk',
    remedy: 'Free space below the site’s folder on the host.',
  },
  {
    name: 'unknown domain',
    says: /is an invalid domain identifier|Can't get domid of domain name|Non-existant domain/,
    kind: 'refused',
    means: 'there is no such domain on the host',
    remedy: 'Nothing: the next look shows what is there.',
  },
  {
    name: 'not unpaused',
    says: /Unpausing domain: Invalid argument/,
    kind: 'refused',
    means: 'it was not paused',
    remedy: 'Nothing: the next look shows what it does.',
  },
  {
    name: 'old tools',
    says: /command not implemented|requires at least \d+ argument|unrecognized option/,
    kind: 'unsupported',
    means: 'the Xen tools of this host do not know that command',
    remedy: 'Install xen-utils of Xen 4.14 or newer.',
  },
  {
    name: 'domain 0',
    says: /Not destroying domain 0/,
    kind: 'refused',
    means: 'domain 0 is the host itself',
    remedy: 'This is a fault of the gateway: report it.',
  },
]

/** Words of our own deeds are told as they are; only xl's are put into others. */
export function explained(thrown: Fault): Fault {
  if (thrown.kind !== 'refused') return thrown
  const found = RULES.map((rule) => ({ rule, match: firstLine(rule.says, thrown.message) })).find(({ match }) => match)
  if (!found?.match) return thrown
  const { rule, match } = found
  const message = rule.means.replace(/\$(\d)/g, (_all, at: string) => match[Number(at)] ?? '')
  return fault(rule.kind, message, { ...thrown.detail, cause: thrown.message })
}

const firstLine = (pattern: RegExp, text: string): RegExpExecArray | null => {
  for (const line of text.split(/\r?\n/)) {
    const match = pattern.exec(line)
    if (match) return match
  }
  return null
}
