/**
 * From what our looks print (host/50-look.sh) to sightings of machines: pure, and the same for one machine as for all. A device
 * whose hot change was cut in the middle is attached if the hypervisor shows it.
 */
import type { DiskSighting, MachineSighting } from '../../../../src/model/machine'
import { markedAs, parseMarks, type WatchMarks } from '../../guard/watch'
import type { DiskLine } from '../../transfer/parse'
import { gibOf, parseDisks } from '../../transfer/parse'
import { vdevNumber } from './config/device'
import { linesOf, type Sections, section } from './parse/answer'
import { parseBlockList, parseNetworkList } from './parse/devices'
import { type Domain, parseDomains, type Shutdown } from './parse/domains'
import { stateOf } from './state'

type Work = MachineSighting['work']
type Change = 'on' | 'adding' | 'leaving'

interface DiskEntry {
  readonly name: string
  readonly vdev: string
  readonly change: Change
}
interface NicEntry {
  readonly mac: string
  readonly change: Change
}

/** One machine's folder. */
export interface Folder {
  readonly facts: ReadonlyMap<string, string>
  readonly disks: readonly DiskEntry[]
  readonly nics: readonly NicEntry[]
  readonly mark: string
  /** Seconds since 1970; null: it was ordered off, or never on. */
  readonly started: number | null
  readonly flags: ReadonlySet<string>
}

const EMPTY: Folder = { facts: new Map(), disks: [], nics: [], mark: '', started: null, flags: new Set() }

const changeOf = (word: string | undefined): Change => (word === 'adding' || word === 'leaving' ? word : 'on')

/** `NAME/FILE:LINE` each. */
export function parseFolders(text: string): ReadonlyMap<string, Folder> {
  const folders = new Map<string, Folder>()
  for (const line of linesOf(text)) {
    const [, name, file, content] = /^([^/]+)\/([a-z]+):(.*)$/.exec(line) ?? []
    if (name === undefined || content === undefined) continue
    folders.set(name, withLine(folders.get(name) ?? EMPTY, file ?? '', content))
  }
  return folders
}

function withLine(folder: Folder, file: string, content: string): Folder {
  const [first = '', second = '', third] = content.split(' ')
  switch (file) {
    case 'machine':
      return { ...folder, facts: new Map([...folder.facts, [first, second]]) }
    case 'disks':
      return { ...folder, disks: [...folder.disks, { name: first, vdev: second, change: changeOf(third) }] }
    case 'nics':
      return { ...folder, nics: [...folder.nics, { mac: first, change: changeOf(third) }] }
    case 'mark':
      return { ...folder, mark: first }
    case 'started':
      return { ...folder, started: Number(first) }
    case 'flag':
      return { ...folder, flags: new Set([...folder.flags, first]) }
    default:
      return folder
  }
}

/** Everything that one call saw, taken apart once. */
export interface Survey {
  readonly domains: readonly Domain[]
  readonly folders: ReadonlyMap<string, Folder>
  readonly disks: readonly DiskLine[]
  /** Machine by the disk that it has. */
  readonly holders: ReadonlyMap<string, string>
  readonly watched: ReadonlySet<string>
  /** What the host's watch may end, and ended. */
  readonly marks: WatchMarks
  /** Of machines with a change that was cut: what is really there. */
  readonly present: ReadonlyMap<string, Present>
}

interface Present {
  /** XenBus states by number. */
  readonly disks: ReadonlyMap<number, number>
  readonly macs: ReadonlySet<string>
}

const CONNECTED = 4

export function surveyOf(sections: Sections): Survey {
  const folders = parseFolders(section(sections, 'files'))
  const holders = new Map<string, string>()
  for (const [name, { disks }] of folders) for (const disk of disks) holders.set(disk.name, name)
  for (const [name, { disks }] of parseFolders(sections.get('holders') ?? ''))
    for (const disk of disks) holders.set(disk.name, name)
  return {
    domains: parseDomains(section(sections, 'domains')),
    folders,
    disks: parseDisks(section(sections, 'disks')),
    holders,
    watched: new Set(linesOf(sections.get('watched') ?? '')),
    marks: parseMarks(sections.get('marks') ?? ''),
    present: presentOf(sections.get('devices') ?? ''),
  }
}

function presentOf(text: string): Survey['present'] {
  const lines = linesOf(text).flatMap((line) => {
    const [, name, kind, rest] = /^(\S+) (disk|nic) (.*)$/.exec(line) ?? []
    return name && kind && rest !== undefined ? [{ name, kind, rest }] : []
  })
  const of = (name: string, kind: string): string =>
    lines
      .filter((line) => line.name === name && line.kind === kind)
      .map((line) => line.rest)
      .join('\n')
  return new Map(
    [...new Set(lines.map((line) => line.name))].map((name) => [
      name,
      {
        disks: new Map(parseBlockList(of(name, 'disk')).map((disk) => [disk.vdev, disk.state])),
        macs: new Set(parseNetworkList(of(name, 'nic')).map((nic) => nic.mac)),
      },
    ]),
  )
}

/** Its domain: of its name and its record's id, whoever else bears the name. */
export const domainOf = ({ domains }: Survey, name: string, id: string | undefined): Domain | undefined =>
  id === undefined ? undefined : domains.find((domain) => domain.name === name && domain.uuid === id)

/** An attaching that was cut may leave a device that xl lists but that never connects; one on its way out is there while it is listed. */
function isThere({ change, vdev }: DiskEntry, { disks }: Present): boolean {
  if (change === 'on') return true
  const state = disks.get(vdevNumber(vdev))
  return change === 'adding' ? state === CONNECTED : state !== undefined
}

/** QEMU has a qcow2 disk open as long as there is a domain of the machine: it is not to be made larger then (host/10-domains.sh). */
const isOpen = ({ domains }: Survey, { format }: DiskLine, holder: string | undefined): boolean =>
  format === 'qcow2' && domains.some(({ name, flags }) => name === holder && !flags.dying)

/** The disks of a resource: its own, named after it, and the volumes that hang on it. */
function disksOf(survey: Survey, name: string, folder: Folder | undefined): readonly DiskSighting[] {
  const really = survey.present.get(name)
  const hanging = new Set(
    (folder?.disks ?? []).filter((disk) => really === undefined || isThere(disk, really)).map((disk) => disk.name),
  )
  const own = (disk: string): boolean => disk === name || disk.startsWith(`${name}-`)
  const order = (disk: DiskLine): number => (own(disk.name) ? 0 : 1)
  return survey.disks
    .filter((disk) => own(disk.name) || hanging.has(disk.name))
    .sort((a, b) => order(a) - order(b))
    .map((disk) => {
      const holder = survey.holders.get(disk.name)
      return {
        name: disk.name,
        sizeGiB: gibOf(disk.bytes),
        attached: holder === name ? hanging.has(disk.name) : holder !== undefined,
        ...(disk.pool === undefined ? {} : { pool: disk.pool }),
        ...(isOpen(survey, disk, holder) ? { open: true as const } : {}),
      }
    })
}

/** xl's monitor goes when a domain is suspended, also where that is for a save or a move that fails: from then on nobody starts it again. */
const isRestart = (why: Shutdown | null | undefined): boolean => why === 'reboot' || why === 'soft-reset'

/** What is seen of one machine, or of one volume by its own name. */
export function sightingOf(survey: Survey, name: string, work: Work): MachineSighting {
  const folder = survey.folders.get(name)
  const id = folder?.facts.get('id')
  const domain = domainOf(survey, name, id)
  const disks = disksOf(survey, name, folder)
  const state = stateOf({
    defined: folder !== undefined,
    flags: domain?.flags ?? null,
    mark: folder?.mark ?? '',
    started: folder?.started != null,
    memory: folder?.flags.has('memory') ?? false,
    watched: survey.watched.has(name),
    saves: folder?.flags.has('saves') ?? false,
    hasDisks: disks.length > 0,
  })
  const runs = state === 'running' || state === 'paused'
  const really = survey.present.get(name)
  return {
    name,
    id: id ?? null,
    domain: state,
    disks,
    interfaces: (folder?.nics ?? [])
      .filter((nic) => nic.change === 'on' || really === undefined || really.macs.has(nic.mac))
      .map((nic) => nic.mac),
    work,
    ...(runs && domain !== undefined ? { running: { cores: domain.vcpus, memoryMiB: domain.memoryMiB } } : {}),
    startedAt: runs && folder?.started != null ? folder.started * 1000 : null,
    ...(folder === undefined ? {} : markedAs(survey.marks, name)),
    ...(state === 'crashed' && work === null && isRestart(domain?.flags.shutdown) ? { restarts: true as const } : {}),
    ...(folder?.mark.startsWith('handing') ? { handing: true as const } : {}),
  }
}
