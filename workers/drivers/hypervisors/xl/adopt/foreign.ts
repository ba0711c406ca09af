/** A foreign domain from what its host says of all that run there (host/90-adopt.sh free_xl_foreign): pure. */
import { fault } from '../../../../../src/faults'
import type { ForeignMachine } from '../../../../../src/model/adoption'
import { linesOf, notAnAnswer, type Sections, section } from '../parse/answer'
import { type Domain, parseDomains } from '../parse/domains'
import { bootOf } from './boot'
import { disksOf, interfacesOf, type OwnerOf, parsePaths } from './devices'
import { type LongConfig, parseLong } from './long'

/** What runs the host itself: dom0, the store of all domains, and device models that have a domain of their own. */
export const runsHost = ({ domid, name }: Domain, all: readonly Domain[]): boolean =>
  domid === 0 || name === 'Xenstore' || all.some((other) => name === `${other.name}-dm`)

/** Machines of any site on this host. */
interface Claimed {
  readonly site: string
  readonly name: string
  readonly uuid: string
}
const claimedOf = (text: string): readonly Claimed[] =>
  linesOf(text).flatMap((line) => {
    const [site, name, uuid] = line.split(' ')
    return site && name && uuid ? [{ site, name, uuid }] : []
  })

/** Faults: refused (no such domain, or one that nobody may have), unreachable (this is no answer of ours). */
export function foreignMachine(sections: Sections, name: string): ForeignMachine {
  const domains = parseDomains(section(sections, 'domains'))
  const configs = parseLong(section(sections, 'long'))
  if (configs === undefined) throw notAnAnswer('xl list -l', section(sections, 'long'))
  const named = domains.filter((domain) => domain.name === name)
  const [domain] = named
  if (domain === undefined) throw fault('refused', `there is no domain ${name} on this host`)
  if (named.length > 1) throw fault('refused', `several domains on this host are called ${name}; rename all but one`)
  if (runsHost(domain, domains)) throw fault('refused', `${name} runs the host itself: it is nobody’s machine`)
  const config = configs.get(domain.domid)
  if (config === undefined || domain.uuid === null)
    throw fault('refused', `xl list -l does not tell enough of ${name} to take it over`)
  return described(domain, domain.uuid, config, { sections, configs })
}

interface Around {
  readonly sections: Sections
  readonly configs: ReadonlyMap<number, LongConfig>
}

function described(domain: Domain, uuid: string, config: LongConfig, { sections, configs }: Around): ForeignMachine {
  const paths = parsePaths(section(sections, 'paths'))
  const owner = ownerOf(domain, sections, configs)
  const { disks, obstacles: noDisks } = disksOf(config.disks, paths, owner)
  const { interfaces, obstacles: noNics } = interfacesOf(config.nics)
  const { boot, obstacles: noBoot } = bootOf(config)
  const { b_info: build } = config
  const cores = Math.max(1, build.avail_vcpus?.length ?? domain.vcpus)
  return {
    name: domain.name,
    uuid,
    domain: stateOf(domain),
    size: {
      type: '',
      cores,
      cpuHundredths: cores * 100,
      memoryMiB: Math.ceil(build.max_memkb / 1024),
      diskGiB: disks.reduce((sum, disk) => sum + disk.sizeGiB, 0),
    },
    boot,
    disks,
    interfaces,
    obstacles: [...marks(uuid, sections), ...states(domain), ...noBoot, ...noDisks, ...noNics],
  }
}

const stateOf = ({ flags }: Domain): ForeignMachine['domain'] =>
  flags.shutdown !== null || flags.dying ? 'crashed' : flags.paused ? 'paused' : 'running'

const states = (domain: Domain): readonly string[] =>
  stateOf(domain) === 'crashed' ? ['it does not run: its guest crashed, or it is on its way out'] : []

function marks(uuid: string, sections: Sections): readonly string[] {
  const ours = section(sections, 'site').trim()
  return claimedOf(section(sections, 'claimed')).flatMap((one) => {
    if (one.uuid !== uuid) return []
    return one.site === ours
      ? [`it bears the mark of this site already, as the machine ${one.name}`]
      : [`it bears the mark of the site ${one.site}, as the machine ${one.name}`]
  })
}

/** Whose a disk is, by its real path: what hangs on another domain, and what some site on this host keeps. */
function ownerOf(domain: Domain, sections: Sections, configs: Around['configs']): OwnerOf {
  const paths = parsePaths(section(sections, 'paths'))
  const owners = new Map<string, string>()
  for (const line of linesOf(section(sections, 'kept'))) {
    const [disk = '', ...real] = line.split('\t')
    owners.set(real.join('\t'), `the disk ${disk} of a machine of a gateway`)
  }
  for (const [domid, { c_info, disks }] of configs)
    if (domid !== domain.domid)
      for (const { pdev_path: path } of disks) {
        const real = path === undefined ? undefined : paths.get(path)?.real
        if (real !== undefined) owners.set(real, `the domain ${c_info.name ?? domid}`)
      }
  return (real) => owners.get(real)
}
