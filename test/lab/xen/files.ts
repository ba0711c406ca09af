/** Files between this machine and a lab host, as bytes over ssh. */
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Lab } from './lab'
import type { LabHost } from './lab-host'
import { sshOptions } from './ssh'

/** Writes bytes, or a file of this machine, to a path on the host (no spaces or quotes in it). */
export async function put({ folder }: Lab, host: LabHost, content: Buffer | string, path: string): Promise<void> {
  const target = [...sshOptions(host, folder), '-p', String(host.sshPort), `${host.user}@127.0.0.1`, `cat > ${path}`]
  const child = spawn('ssh', target, { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  await pipeline(typeof content === 'string' ? createReadStream(content) : Readable.from([content]), child.stdin)
  const code = await ended
  if (code !== 0) throw new Error(`could not write ${path} on ${host.name}: ssh ended with ${code}`)
}
