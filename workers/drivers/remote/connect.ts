/** One ssh connection: opened only to a host that shows a pinned key, kept alive, its errors told apart as faults. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Client, type ConnectConfig, utils } from 'ssh2'
import { type Fault, fault } from '../../../src/faults'
import { nameOf, type RemoteTarget } from './target'

export interface Credentials {
  readonly keyFile?: string
  readonly agent?: string
}

export interface ConnectOptions extends Credentials {
  readonly connectMs: number
  readonly keepAliveMs: number
}

export interface Connected {
  readonly client: Client
  readonly hostKey: string
}

/** Signs of life that may be missed. */
const MISSED = 3

/** As `ssh-keygen -lf` prints it. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

/** The fault of a host whose key is none of the pinned ones. */
export const changedKey = (target: RemoteTarget, shown: string): Fault =>
  fault(
    'unreachable',
    target.hostKeys.length === 0
      ? `no host key of ${nameOf(target)} is pinned; it shows ${shown}`
      : `${nameOf(target)} shows the host key ${shown}, which is not the pinned one: nothing was sent to it`,
    { reason: 'host-key-changed', allowed: target.hostKeys },
  )

/** Opens a connection. Faults: 'unreachable' (`detail.reason`: host-key-changed, not-authenticated), 'refused' for a key file that is none. */
export function connect(target: RemoteTarget, options: ConnectOptions): Promise<Connected> {
  const config = { ...settings(target, options), ...credentials(options) }
  return new Promise((resolve, reject) => {
    const client = new Client()
    let shown = ''
    let failed: Fault | undefined
    client.once('ready', () => {
      client.setNoDelay(true)
      resolve({ client, hostKey: shown })
    })
    client.on('error', (error) => {
      failed ??= shown !== '' && !target.hostKeys.includes(shown) ? changedKey(target, shown) : failureOf(target, error)
      reject(failed)
    })
    client.once('close', () => reject(failed ?? fault('unreachable', `${nameOf(target)} closed the connection`)))
    client.connect({
      ...config,
      hostVerifier: (key: Buffer) => {
        shown = fingerprint(key)
        return target.hostKeys.includes(shown)
      },
    })
  })
}

/** The key that a host shows; the connection ends before anything about us is told. */
export function shownKey(host: string, port: number, connectMs: number): Promise<string> {
  const target: RemoteTarget = { user: 'nobody', host, port, hostKeys: [] }
  return new Promise((resolve, reject) => {
    const client = new Client()
    client.on('error', (error) => reject(failureOf(target, error)))
    client.once('close', () => reject(fault('unreachable', `${host}:${port} closed the connection`)))
    client.connect({
      ...settings(target, { connectMs, keepAliveMs: 0 }),
      hostVerifier: (key: Buffer) => {
        resolve(fingerprint(key))
        return false
      },
    })
  })
}

const settings = (target: RemoteTarget, { connectMs, keepAliveMs }: ConnectOptions): ConnectConfig => ({
  host: target.host,
  port: target.port,
  username: target.user,
  readyTimeout: connectMs,
  keepaliveInterval: keepAliveMs,
  keepaliveCountMax: MISSED,
})

/** Read at each connection: a key that was exchanged counts from then on. */
function credentials({ keyFile, agent }: Credentials): ConnectConfig {
  if (keyFile === undefined) return agent === undefined ? {} : { agent }
  const privateKey = textOf(keyFile)
  const parsed = utils.parseKey(privateKey)
  if (parsed instanceof Error)
    throw fault('refused', `${keyFile} holds no ssh key without a passphrase`, { cause: parsed.message })
  return { privateKey, ...(agent === undefined ? {} : { agent }) }
}

function textOf(keyFile: string): Buffer {
  try {
    return readFileSync(keyFile)
  } catch (cause) {
    throw fault('refused', `the ssh key ${keyFile} cannot be read`, { cause })
  }
}

function failureOf(target: RemoteTarget, cause: Error & { readonly level?: string }): Fault {
  if (cause.level === 'client-authentication')
    return fault('unreachable', `${nameOf(target)} accepts none of our keys`, { reason: 'not-authenticated', cause })
  return fault('unreachable', `no ssh connection to ${nameOf(target)}: ${cause.message}`, { cause })
}
