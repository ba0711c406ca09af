/** Both hosts just booted, as QEMU snapshots in their disks: loading one takes two seconds instead of twenty. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../../support/until'
import { freePorts } from '../free-ports'
import { startHost } from '../host-process'
import { SNAPSHOT } from '../qemu'
import { runScript } from '../ssh'
import { command } from './command'
import { doorOf } from './door'
import { hostImage } from './host-image'
import { HOSTS, type LabHostName } from './hosts'
import { step } from './progress'
import { keyOf, make, type Stage } from './stage'

const LAB = join(__dirname, '..')

/** A snapshot is only good for the QEMU and the devices it was made with. */
export async function snapshots(): Promise<Stage> {
  const version = (await command('qemu-system-x86_64', ['--version'])).split('\n')[0] ?? ''
  return {
    name: 'snapshots',
    says: 'booting both hosts and taking their snapshots',
    inputs: [keyOf(hostImage), version],
    files: [__filename, join(LAB, 'qemu.ts')],
    build: bootAndSave,
  }
}

export const snapshotOf = (folder: string, host: string): string => join(folder, `${host}.qcow2`)

async function bootAndSave(folder: string): Promise<void> {
  const image = await make(hostImage)
  const sockets = mkdtempSync(join(tmpdir(), 'og-lab-'))
  const shared = join(sockets, 'shared')
  mkdirSync(shared)
  try {
    const [a, b] = await freePorts(2)
    const boot = (host: LabHostName, cable: { local: number; peer: number }) =>
      step(`booting ${host.name}`, () => bootOne(folder, image, { host, cable, sockets, shared }))
    await Promise.all([boot(HOSTS[0], { local: a, peer: b }), boot(HOSTS[1], { local: b, peer: a })])
  } finally {
    rmSync(sockets, { recursive: true, force: true })
  }
}

interface Place {
  readonly host: LabHostName
  readonly cable: { readonly local: number; readonly peer: number }
  readonly sockets: string
  readonly shared: string
}

async function bootOne(folder: string, image: string, { host, cable, sockets, shared }: Place): Promise<void> {
  const disk = snapshotOf(folder, host.name)
  await command('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', join(image, 'disk.img'), disk])
  const console = join(sockets, `${host.name}.log`)
  const monitor = join(sockets, host.name)
  const process = await startHost({ host, image, disk, console, monitor, sshPort: 0, cable, shared, start: 'cold' })
  try {
    const door = doorOf(image, host.name, process.sshPort)
    await until(async () => (await runScript(door, sockets, READY, { timeoutMs: 15_000 })).code === 0, {
      timeoutMs: 180_000,
      everyMs: 500,
      what: `${host.name} to boot`,
    })
    const said = await process.monitor.human(`savevm ${SNAPSHOT}`)
    if (said.trim() !== '') throw new Error(`savevm: ${said}`)
  } finally {
    await process.cutPower()
  }
}

/** Xen's tools answer and the page cache is on disk. */
const READY = 'xl info >/dev/null && xl list >/dev/null && ip addr show xenbr0 | grep -q 192.168.77. && sync'
