/** Two real Xen hosts, started from their snapshots on disks of their own. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuiltLab, findLab } from './build'
import { command } from './build/command'
import { HOSTS, type LabHostName } from './build/hosts'
import { labCache } from './build/place'
import { freePorts } from './free-ports'
import { type LabHost, startLabHost } from './lab-host'
import type { HostPlan } from './qemu'

export interface Lab {
  readonly hosts: readonly [LabHost, LabHost]
  /** Files of this run: goes with it. */
  readonly folder: string
  /** A folder of this machine that hosts can mount: storage that outlives a host (see shared.ts). */
  readonly shared: string
  readonly images: BuiltLab['images']
  /** Ends both hosts and removes their disks. */
  stop(): Promise<void>
}

interface Run {
  readonly built: BuiltLab
  readonly folder: string
  readonly sockets: string
  readonly shared: string
}

/** Starts both hosts. Throws when the lab is not built: `npm run lab:xen` builds it. */
export async function startLab(): Promise<Lab> {
  const built = await findLab()
  if (!built) throw new Error('the lab is not built: run `npm run lab:xen`')
  // Disks grow large: they stay beside the cache. Sockets' paths must be short.
  forgetEnded()
  const folder = mkdtempSync(join(labCache(), `run-${process.pid}-`))
  const sockets = mkdtempSync(join(tmpdir(), 'og-lab-'))
  const run = { built, folder, sockets, shared: join(folder, 'shared') }
  mkdirSync(run.shared)
  const [a, b] = await freePorts(2)
  const started = await Promise.allSettled([
    startOne(run, HOSTS[0], { local: a, peer: b }),
    startOne(run, HOSTS[1], { local: b, peer: a }),
  ])
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.monitor.kill() : undefined)))
    for (const path of [folder, sockets]) rmSync(path, { recursive: true, force: true })
  }
  const [hv1, hv2] = started
  if (hv1.status === 'fulfilled' && hv2.status === 'fulfilled')
    return { hosts: [hv1.value, hv2.value], folder, shared: run.shared, images: built.images, stop }
  await stop()
  throw hv1.status === 'rejected' ? hv1.reason : hv2.status === 'rejected' ? hv2.reason : undefined
}

/** Runs whose process was killed left their disks behind; their hosts ended with them. */
function forgetEnded(): void {
  for (const name of readdirSync(labCache())) {
    const pid = /^run-(\d+)-/.exec(name)?.[1]
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(labCache(), name), { recursive: true, force: true })
  }
}

async function startOne(run: Run, host: LabHostName, cable: HostPlan['cable']): Promise<LabHost> {
  const { built, folder, sockets, shared } = run
  const disk = join(folder, `${host.name}.qcow2`)
  copyFileSync(built.snapshotOf(host.name), disk)
  // The cache may have been moved since.
  await command('qemu-img', ['rebase', '-u', '-f', 'qcow2', '-F', 'raw', '-b', join(built.image, 'disk.img'), disk])
  const plan: HostPlan = {
    ...{ host, image: built.image, disk, cable, shared, sshPort: 0, start: 'snapshot' },
    console: join(folder, `${host.name}.log`),
    monitor: join(sockets, host.name),
  }
  return startLabHost(plan, folder)
}
