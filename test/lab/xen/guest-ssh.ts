/** Ssh into a guest as its tenant: through a lab host, since guests live on the hosts' bridge only. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attempt, command, type Ran } from './build/command'
import type { Lab } from './lab'
import type { LabHost } from './lab-host'
import { sshOptions } from './ssh'

export interface TenantKey {
  readonly file: string
  /** One line, as it is imported. */
  readonly publicKey: string
}

/** A fresh key pair of a tenant, in the run's folder. */
export async function tenantKey({ folder }: Lab, name: string): Promise<TenantKey> {
  const file = join(folder, `${name}.key`)
  await command('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `${name}@tenant`, '-f', file])
  return { file, publicKey: (await command('cat', [`${file}.pub`])).trim() }
}

export interface GuestDoor {
  readonly address: string
  readonly login: string
  readonly key: TenantKey
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

/** Runs a script in the guest, entered through `via`. */
export function guestSh(lab: Lab, via: LabHost, door: GuestDoor, script: string): Promise<Ran> {
  // The client runs its ProxyCommand by a shell; the words are options and paths of ours.
  const jump = [
    'ssh',
    ...sshOptions(via, lab.folder),
    '-p',
    String(via.sshPort),
    '-W',
    '%h:%p',
    `${via.user}@127.0.0.1`,
  ]
  const file = join(lab.folder, 'jump.sh')
  writeFileSync(file, `exec ${jump.map(quoted).join(' ').replaceAll("'%h:%p'", '"$1:$2"')}\n`)
  const options = {
    ProxyCommand: `sh ${quoted(file)} %h %p`,
    UserKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'no',
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    BatchMode: 'yes',
    ConnectTimeout: '30',
    LogLevel: 'ERROR',
  }
  const args = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  return attempt('ssh', ['-F', '/dev/null', '-i', door.key.file, ...args, `${door.login}@${door.address}`, 'sh -s'], {
    input: script,
    timeoutMs: 90_000,
  })
}
