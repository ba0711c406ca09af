/** Plain ssh to a lab host, by the system's client: for tests that look at a host beside the gateway. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attempt, type Ran } from './build/command'
import { patient } from './patience'

export interface Door {
  readonly name: string
  readonly sshPort: number
  readonly user: string
  readonly keyFile: string
  /** `ssh-ed25519 AAAA…` */
  readonly hostKey: string
}

export interface SshOptions {
  readonly input?: string
  /** Default 60 s. */
  readonly timeoutMs?: number
  /** Default `own`. A handshake costs an emulated host a second; one that is shared ends with the host, or unused after a minute. */
  readonly connection?: 'own' | 'shared'
}

const flags = (options: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])

/** The client's options for a host whose key is pinned in a file of `folder`. */
export function sshOptions(door: Door, folder: string): readonly string[] {
  const known = join(folder, `${door.name}.known`)
  writeFileSync(known, `[127.0.0.1]:${door.sshPort} ${door.hostKey}\n`)
  const options = {
    UserKnownHostsFile: known,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    HostKeyAlgorithms: 'ssh-ed25519',
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    BatchMode: 'yes',
    ConnectTimeout: String(patient(5_000) / 1_000),
    ServerAliveInterval: '5',
    LogLevel: 'ERROR',
  }
  return [...['-F', '/dev/null', '-i', door.keyFile], ...flags(options)]
}

const SHARED = { ControlMaster: 'auto', ControlPersist: '60', ServerAliveCountMax: '2' } as const

/** Runs a script by `sh` on the host: the script goes by standard input, so nothing is quoted. */
export function runScript(
  door: Door,
  folder: string,
  script: string,
  { timeoutMs = patient(60_000), connection = 'own' }: SshOptions = {},
): Promise<Ran> {
  // Of a socket: too long a path is refused, so it is relative.
  const shared = connection === 'shared' ? flags({ ...SHARED, ControlPath: `${door.name}.way` }) : []
  const words = [...sshOptions(door, folder), ...shared, '-p', String(door.sshPort), `${door.user}@127.0.0.1`, 'sh -s']
  return attempt('ssh', words, { cwd: folder, input: script, timeoutMs })
}
