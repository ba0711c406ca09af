/**
 * A whole site over fake Xen hosts: Redis, a gateway and a worker as their processes start them, and nothing in it. What a test
 * does with it, it does by commands: `og` is the operator's command line, `ec2` a tenant's `aws`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { loadConfig } from '../../src/config'
import { startGateway } from '../../src/gateway'
import { startWorker } from '../../workers/worker'
import { plainEnvironment, run } from './gateway-process'
import { startRedis } from './redis'
import { runCli } from './run-cli'
import { startXenHost, type XenHost } from './xen-host'
import { oneKey } from './xen-stage'

export interface XenSite {
  readonly hosts: readonly [XenHost, XenHost]
  readonly data: string
  /** What a command of the operator's printed; throws what it would end with. */
  og(...words: readonly string[]): Promise<string>
  /** From now on `ec2` is this project's. */
  enter(project: string): Promise<void>
  /** What `aws ec2` printed with `--output text`; `refused: …` when it failed. */
  ec2(...words: readonly string[]): Promise<string>
  /** A file for a command, by its path. */
  file(name: string, contents: Buffer | string): string
  close(): Promise<void>
}

export async function startXenSite(name: string, aws: string): Promise<XenSite> {
  const data = mkdtempSync(join(tmpdir(), 'og-xen-site-'))
  const ends: (() => Promise<void>)[] = [async () => rmSync(data, { recursive: true, force: true })]
  const host = async (hostName: string): Promise<XenHost> => {
    const started = await startXenHost(hostName, { site: name, way: 'login' })
    ends.push(() => started.close())
    return started
  }
  const hosts = [await host('xen-1'), await host('xen-2')] as const
  const redis = await startRedis()
  ends.push(() => redis.stop())
  const words = ['--data', data, '--port', '0', '--region', name, '--ssh-key', oneKey(...hosts)]
  const config = { ...loadConfig([...words, '--host-poll-ms', '500'], {}), redis: redis.address }
  const log = pino({ level: 'silent' })
  const gateway = await startGateway(config, log)
  ends.push(() => gateway.close())
  const worker = await startWorker(config, { log })
  ends.push(() => worker.close())
  const url = `http://127.0.0.1:${gateway.port}`
  let tenant: NodeJS.ProcessEnv = {}
  const og = async (...given: readonly string[]): Promise<string> => {
    const env = { OCCI_GATEWAY_DATA: data, OCCI_GATEWAY_REGION: name, OCCI_GATEWAY_ADMIN_URL: url }
    // Progress.
    const quiet = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
    try {
      return await runCli(env, ...given)
    } finally {
      quiet.mockRestore()
    }
  }
  return {
    hosts,
    data,
    og,
    enter: async (project) => {
      const session = JSON.parse(await og('project', 'add', project, '--json'))
      tenant = {
        ...plainEnvironment(),
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        AWS_DEFAULT_REGION: name,
        AWS_CONFIG_FILE: '/dev/null',
        AWS_PAGER: '',
      }
    },
    ec2: async (...given) => {
      const all = ['ec2', ...given, '--endpoint-url', `${url}/ec2/`, '--output', 'text']
      const { code, stdout, stderr } = await run(aws, all, tenant)
      return code === 0 ? stdout.trim() : `refused: ${stderr.trim()}`
    },
    file: (called, contents) => {
      const path = join(data, called)
      writeFileSync(path, contents)
      return path
    },
    close: async () => {
      for (const end of ends.reverse()) await end()
    },
  }
}

/** The least that is taken for a Linux bzImage: its boot sector's end and the header's name. */
export function tinyKernel(): Buffer {
  const kernel = Buffer.alloc(4096, 7)
  kernel.writeUInt16LE(0xaa55, 0x1fe)
  kernel.write('HdrS', 0x202, 'latin1')
  return kernel
}
export const tinyInitramfs = (): Buffer => Buffer.from(`070701${'0'.repeat(104)}TRAILER!!!\0\0\0\0`, 'latin1')
