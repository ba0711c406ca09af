/** A guarded host for tests: a real sshd, the guard with the tests' own deeds, and what lies on the host's disk. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEpoch } from '../../../src/model/epoch'
import type { EffectTicket, HostTarget, Ticket } from '../../../workers/drivers/driver'
import { type GuardedHost, openGuardedHost } from '../../../workers/drivers/guard/guarded-host'
import { TOOLS } from '../../../workers/drivers/guard/install'
import { openRemote, type Remote } from '../../../workers/drivers/remote'
import { pathOf } from '../host-tools'
import { startSshd, type TestSshd, type TestSshdOptions } from '../sshd'

export const DEEDS = readFileSync(join(__dirname, '..', '..', 'fixtures', 'guard', 'deeds.sh'), 'utf8')
export const SITE = 'local-1'

export interface GuardStage {
  readonly sshd: TestSshd
  readonly host: HostTarget
  readonly folder: string
  /** A worker of its own: another connection. */
  worker(): GuardedHost
  /** Path below the records of this site. */
  record(...parts: readonly string[]): string
  /** Names in a resource's folder. */
  names(resource: string): readonly string[]
  /** Lines that deeds wrote down. */
  did(): readonly string[]
  close(): Promise<void>
}

/** Starts a host. `shell: 'busybox'`: all that busybox has of what the guard calls is busybox's. */
export async function startGuardStage(
  options: TestSshdOptions & { readonly shell?: string } = {},
): Promise<GuardStage> {
  const sshd = await startSshd(options)
  // Tests may not be root: then the host's one sudo rule stands for what they may do anyway.
  writeFileSync(join(sshd.bin, 'sudo'), '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n', { mode: 0o755 })
  if (options.shell === 'busybox') {
    const busybox = pathOf('busybox')
    for (const tool of appletsOf(busybox)) symlinkSync(busybox, join(sshd.bin, tool))
  }
  const folder = join(sshd.folder, 'gateway')
  const remotes: Remote[] = []
  const lines = (path: string): readonly string[] =>
    existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []
  return {
    sshd,
    get host() {
      return sshd.target
    },
    folder,
    worker: () => {
      const remote = openRemote({ keyFile: sshd.keyFile })
      remotes.push(remote)
      return openGuardedHost({ remote, site: SITE, deeds: [DEEDS], folder })
    },
    record: (...parts) => join(folder, 'guard', 'records', SITE, ...parts),
    names: (resource) => {
      const path = join(folder, 'guard', 'records', SITE, 'resources', resource)
      return existsSync(path) ? readdirSync(path).sort() : []
    },
    did: () => lines(join(folder, 'did')),
    close: async () => {
      await Promise.all(remotes.map((remote) => remote.close()))
      await sshd.close()
    },
  }
}

/** Debian's busybox has no flock. */
const appletsOf = (busybox: string): readonly string[] => {
  const has = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n')
  return [...TOOLS, 'sh', 'ls', 'touch'].filter((tool) => has.includes(tool))
}

/** `1.7` as the ticket of a look. */
export function ticket(resource: string, epoch: string): Ticket {
  const parsed = parseEpoch(epoch)
  if (!parsed) throw new Error(`${epoch} is no epoch`)
  return { resource, epoch: parsed }
}
export const effectTicket = (resource: string, epoch: string, key: string): EffectTicket => ({
  ...ticket(resource, epoch),
  key,
})

/** Lets slow deeds of tests go on, or not any more. */
export const finish = (stage: GuardStage): void => writeFileSync(join(stage.folder, 'finish'), '')
export const unfinish = (stage: GuardStage): void => rmSync(join(stage.folder, 'finish'), { force: true })
