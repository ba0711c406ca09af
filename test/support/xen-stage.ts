/** Two fake Xen hosts behind real sshds with the real driver, and the means to break them: the stage of the driver's contract. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { fault } from '../../src/faults'
import type { ImageFile } from '../../src/model/images'
import type { Driver } from '../../workers/drivers/driver'
import { type GuardedHost, openGuardedHost } from '../../workers/drivers/guard/guarded-host'
import { xlDeeds } from '../../workers/drivers/hypervisors/xl/deeds'
import { openXlDriver } from '../../workers/drivers/hypervisors/xl/driver'
import { xlJoins } from '../../workers/drivers/hypervisors/xl/join'
import { networkDeeds, openNetworks } from '../../workers/drivers/network'
import { openRemote, type Remote } from '../../workers/drivers/remote'
import { diskDeeds, openDisks } from '../../workers/drivers/transfer'
import type { MadeForeign, Stage } from '../contract/driver/bench'
import { sha256 } from './digest'
import { type MemoryImages, openMemoryImages } from './memory-images'
import { through } from './through'
import { type ForeignMade, introduce, startXenHost, type XenHost, type XenHostOptions } from './xen-host'

export const SITE = 'local-1'
const MIB = 1024 ** 2

/** Large enough for its copy to be detached work. */
const CONTENTS = Buffer.alloc(65 * MIB)
CONTENTS.write('a disk of a test')

export interface XenStage extends Stage {
  readonly here_: XenHost
  readonly there_: XenHost
  readonly images: MemoryImages
  readonly kernel: ImageFile
  readonly initramfs: ImageFile
  readonly remote: Remote
}

export const fileOf = (bytes: Buffer, format: ImageFile['format']): ImageFile => ({
  sha256: sha256(bytes),
  bytes: bytes.length,
  format,
  sizeGiB: 1,
})

export interface XenDriver {
  readonly driver: Driver
  readonly guarded: GuardedHost
  readonly remote: Remote
}

/** The driver as the registry makes it, for hosts of tests. `around` may stand before the guard. */
export function openTestDriver(
  keyFile: string,
  images: MemoryImages,
  around: (guarded: GuardedHost) => GuardedHost = (guarded) => guarded,
): XenDriver {
  const remote = openRemote({ keyFile })
  const guarded = openGuardedHost({ remote, site: SITE, deeds: [...diskDeeds(), ...networkDeeds(), ...xlDeeds()] })
  const way = around(guarded)
  const driver = openXlDriver({
    guarded: way,
    disks: openDisks({ guarded: way, images }),
    networks: openNetworks({ guarded: way }),
    joins: xlJoins({ remote, guarded: way }),
    close: () => remote.close(),
  })
  return { driver, guarded, remote }
}

export async function openXenStage(options: Partial<XenHostOptions> = {}): Promise<XenStage> {
  const images = openMemoryImages()
  for (const bytes of [CONTENTS, Buffer.from('a kernel'), Buffer.from('an initramfs')])
    images.files.set(sha256(bytes), bytes)
  const [here, there] = await Promise.all([
    startXenHost('xen-1', { site: SITE, ...options }),
    startXenHost('xen-2', { site: SITE, ...options }),
  ])
  introduce([here, there])
  for (const host of [here, there]) {
    slowCp(host)
  }
  const lost = new Map<string, 'answer' | 'answer and result'>()
  // Both hosts have one user key each; the driver has one for all, as a worker has.
  const { driver, remote } = openTestDriver(oneKey(here, there), images, (guarded) => losing(guarded, lost, here))
  const stage: XenStage = {
    driver,
    here: here.target,
    there: there.target,
    here_: here,
    there_: there,
    images,
    remote,
    kernel: fileOf(Buffer.from('a kernel'), 'kernel'),
    initramfs: fileOf(Buffer.from('an initramfs'), 'initramfs'),
    site: SITE,
    image: { image: 'ami-1', sizeGiB: 1, file: fileOf(CONTENTS, 'raw') } as Stage['image'],
    network: { name: 'subnet-1', bridge: 'xenbr0', vlan: null, cidr: '10.0.0.0/16', gateway: '10.0.0.1' },
    size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 64, diskGiB: 1 },
    makeForeign: async (name) => xenForeign(here, name),
    writeInto: async (host, disk, text) => writeInto(diskFile(host.id === here.target.id ? here : there, disk), text),
    contentsOf: async (host, disk) => contentsOf(diskFile(host.id === here.target.id ? here : there, disk)),
    loseNextAnswer: async (resource, what) => void lost.set(resource, what),
    slowCopies: async () => here.knob('cp', 'wait', 'always'),
    finishCopies: async () => here.clearKnobs(),
    close: async () => {
      await driver.close()
      await Promise.all([here.close(), there.close()])
    },
  }
  return stage
}

let foreigners = 0
/** As an operator made it by hand long ago: a domain with a raw file of one GiB and an interface on xenbr0. */
export function xenForeign(
  host: XenHost,
  name: string,
  made: ForeignMade = {},
): MadeForeign & { readonly disk: string } {
  foreigners += 1
  const folder = join(host.folder, '..', '..', 'guest')
  mkdirSync(folder, { recursive: true })
  const disk = join(folder, `${name}.img`)
  writeFileSync(disk, `the disk of ${name}`)
  truncateSync(disk, 1024 ** 3)
  const mac = `00:16:3e:00:00:${foreigners.toString(16).padStart(2, '0')}`
  const uuid = `6f1d2a3b-0000-4000-8000-${foreigners.toString().padStart(12, '0')}`
  host.foreign(name, 128, {
    uuid,
    disks: [`format=raw,vdev=xvda,access=rw,target=${disk}`],
    vifs: [`mac=${mac.toUpperCase()},bridge=xenbr0`],
    ...made,
  })
  const isKept = (): boolean => existsSync(disk) && readFileSync(disk).subarray(0, 8).toString() === 'the disk'
  return { uuid, mac, diskGiB: 1, memoryMiB: 128, isKept, disk }
}

/** A disk as a fake host keeps it: its disks are whole copies. */
const diskFile = (host: XenHost, disk: string): string => join(host.folder, 'disks', `${disk}.raw`)

function writeInto(file: string, text: string): void {
  const disk = openSync(file, 'r+')
  for (const at of [0, fstatSync(disk).size / 2]) writeSync(disk, text, at)
  closeSync(disk)
}

const contentsOf = (file: string): string => execFileSync('sh', ['-c', 'cksum <"$0"', file], { encoding: 'utf8' })

/** The second host takes the first one's key. */
export function oneKey(here: XenHost, there: XenHost): string {
  const root = (host: XenHost): string => join(host.sshd.keyFile, '..')
  const line = readFileSync(join(root(here), 'authorized_keys'), 'utf8')
  const key = / (ssh-ed25519 \S+)/.exec(` ${line}`)?.[1] ?? ''
  const theirs = readFileSync(join(root(there), 'authorized_keys'), 'utf8')
  const options = theirs.slice(0, theirs.indexOf(' ssh-ed25519'))
  writeFileSync(join(root(there), 'authorized_keys'), `${theirs}${options} ${key}\n`)
  return here.sshd.keyFile
}

/** Copies wait while the knob `cp` is there; disks are whole copies, so that they are work. */
function slowCp(host: XenHost): void {
  const path = join(host.sshd.bin, 'cp')
  writeFileSync(
    path,
    '#!/bin/sh\ncase $1 in --help) ;; *) while [ -f "$FAKE_XEN/knobs/cp" ]; do sleep 0.05; done ;; esac\nexec /bin/cp "$@"\n',
  )
  chmodSync(path, 0o755)
  writeFileSync(join(host.folder, 'settings'), 'clone=copy\n')
}

/** The answer to the next effect on a resource is lost once it is through; with its result, as if it was never kept. */
function losing(guarded: GuardedHost, lost: Map<string, 'answer' | 'answer and result'>, host: XenHost): GuardedHost {
  return {
    ...guarded,
    effect: async (target, ticket, deed, args, options) => {
      const what = lost.get(ticket.resource)
      if (what === undefined) return guarded.effect(target, ticket, deed, args, options)
      lost.delete(ticket.resource)
      await through(() => guarded.effect(target, ticket, deed, args, options), { patienceMs: 60_000, mostMs: 20 })
      if (what === 'answer and result')
        forget(join(host.folder, '..', 'guard', 'records', SITE, 'resources', ticket.resource), ticket.key)
      throw fault('unreachable', 'the answer was lost')
    },
  }
}

function forget(folder: string, key: string): void {
  for (const name of readdirSync(folder).filter((one) => one.startsWith('result.')))
    if (readFileSync(join(folder, name), 'utf8').split('\n')[1] === key) rmSync(join(folder, name))
}
