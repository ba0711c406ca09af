/** A site as its operator would set it up over the lab's hosts: own Redis, a gateway and a worker, and all else by commands. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import {
  findAws,
  occiGateway,
  PROGRAM,
  plainEnvironment,
  type Ran,
  ROOT,
  run,
  type Session,
  tenantEnvironment,
} from '../../support/gateway-process'
import { startRedis } from '../../support/redis'
import { until } from '../../support/until'
import { BRIDGE, NETWORK } from './build/hosts'
import { addressOf, fingerprintOf } from './host-target'
import type { Lab } from './lab'
import type { LabHost } from './lab-host'
import { patient } from './patience'
import { noted } from './transcript'

export const SITE = 'lab-1'
export const ZONE = 'lab-1a'
/** A fifth of a core, so that some of them fit beside dom0 on the lab's hosts. */
export const TYPE = 'x1.nano'

export interface LabSite {
  readonly session: Session
  /** A command of the operator's; throws with its words when it fails. */
  og(...words: readonly string[]): Promise<string>
  /** The same, with --json, parsed. */
  ogJson(...words: readonly string[]): Promise<unknown>
  /** `aws ec2 …` as the tenant; throws with its words when it fails. */
  ec2(...words: readonly string[]): Promise<string>
  /** The last of what the worker logged. */
  log(): string
  close(): Promise<void>
}

/** Starts everything, with type, network and image, and lets both hosts join. */
export async function startSite(lab: Lab): Promise<LabSite> {
  const aws = findAws()
  if (!aws) throw new Error('there is no aws client: run "node scripts/setup.js test"')
  const data = join(lab.folder, 'data')
  mkdirSync(data, { recursive: true })
  const redis = await startRedis()
  const env = {
    ...plainEnvironment(),
    OCCI_GATEWAY_REDIS: `unix:${redis.path}`,
    OCCI_GATEWAY_DATA: data,
    OCCI_GATEWAY_REGION: SITE,
    OCCI_GATEWAY_SSH_KEY: lab.hosts[0].keyFile,
    OCCI_GATEWAY_HOST_POLL_MS: '10000',
  }
  const gateway = startOne(['gateway', '--port', '0'], env)
  await gateway.says(/"event":"gateway.ready"/)
  const worker = startOne(['worker'], env)
  await worker.says(/worker started/)
  const ask = async (...words: readonly string[]): Promise<string> =>
    wordsOf(await occiGateway(words, env), `occi-gateway ${words.join(' ')}`)
  const og = (...words: readonly string[]): Promise<string> =>
    noted(`occi-gateway ${words.join(' ')}`, () => ask(...words), String)
  const close = async (): Promise<void> => {
    await Promise.all([gateway.end(), worker.end()])
    await redis.stop()
  }
  try {
    await offers(og, lab)
    for (const host of lab.hosts) await letJoin(og, host)
    // Its answer has the tenant's secret keys.
    const session = sessionOf(JSON.parse(await ask('project', 'add', 'green', '--json')))
    return {
      session,
      og,
      ogJson: async (...words) => JSON.parse(await og(...words, '--json')),
      ec2: (...words) => {
        const asked = `aws ec2 ${words.join(' ')}`
        const args = ['ec2', ...words, '--endpoint-url', session.ec2Url]
        return noted(asked, async () => wordsOf(await run(aws, args, tenantEnvironment(session)), asked), String)
      },
      log: worker.output,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

type Og = LabSite['og']

async function offers(og: Og, { images: { tiny } }: Lab): Promise<void> {
  await og('type', 'add', TYPE, '--cores', '1', '--cpu-percent', '20', '--memory-mib', '96')
  const range = ['--gateway', '192.168.77.11', '--range', '192.168.77.40-192.168.77.90']
  await og('network', 'add', 'lan', '--cidr', NETWORK, '--bridge', BRIDGE, ...range)
  const files = ['--kernel', tiny.kernel, '--initramfs', tiny.ramdisk]
  await og('image', 'add', '--name', 'tiny', ...files, '--mode', 'pvh', '--cmdline', 'console=hvc0 mitigations=off')
}

/** As Debian installs it, it saves all domains when the host stops; the check finds that missing, and docs/xen.md ("Restarting a host") says so. */
const NO_XENDOMAINS =
  "sed -i 's/^ *XENDOMAINS_SAVE=.*/XENDOMAINS_SAVE=/; s/^ *XENDOMAINS_RESTORE=.*/XENDOMAINS_RESTORE=false/' /etc/default/xendomains"

const letJoin = async (og: Og, host: LabHost): Promise<void> => {
  await host.print(NO_XENDOMAINS)
  const order = ['host', 'add', host.name, '--zone', ZONE, '--driver', 'xl', '--address', addressOf(host)]
  const said = await og(...order, '--host-key', fingerprintOf(host), '--dry-run')
  if (!said.includes('nothing was changed there')) throw new Error(said)
  await og(...order, '--host-key', fingerprintOf(host))
  await until(async () => (await contactOf(og, host.name)) === 'ok', {
    timeoutMs: patient(60_000),
    everyMs: 2_000,
    what: `${host.name} to be seen`,
  })
}

const contact = z.looseObject({ contact: z.string() })
export const contactOf = async (og: Og, host: string): Promise<string> =>
  contact.parse(JSON.parse(await og('host', 'show', host, '--json'))).contact

const sessionOf = (answer: unknown): Session =>
  z.custom<Session>((value) => typeof value === 'object' && value !== null && 'ec2Url' in value).parse(answer)

function wordsOf({ code, stdout, stderr }: Ran, what: string): string {
  if (code !== 0) throw new Error(`${what}: exit ${code}: ${stderr}${stdout}`)
  return stdout
}

interface Running {
  output(): string
  says(text: RegExp): Promise<void>
  end(): Promise<void>
}

const KEPT = 100_000

/** A process of the product that ends with us, however we end. */
function startOne(words: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...words], {
    cwd: ROOT,
    env: { ...env, OCCI_GATEWAY_PARENT: String(process.pid) },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      written = (written + text).slice(-KEPT)
    })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    output: () => written,
    says: async (text) =>
      void (await until(() => text.test(written), {
        timeoutMs: patient(60_000),
        everyMs: 50,
        what: `${words[0]} to say ${text}`,
      })),
    end: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Lets both hosts reach each other for moves, as docs/xen.md says under "Moving machines". */
export async function introduceHosts({ hosts }: Lab): Promise<void> {
  const [a, b] = hosts
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const key = await from.print(
      'mkdir -p /root/.ssh; [ -f /root/.ssh/occi-gateway ] || ssh-keygen -q -t ed25519 -N "" -f /root/.ssh/occi-gateway; cat /root/.ssh/occi-gateway.pub',
    )
    const forced = 'command="sh /var/lib/occi-gateway/guard/enter --line \\"$SSH_ORIGINAL_COMMAND\\"",restrict'
    await to.print(`cat >> /root/.ssh/authorized_keys <<'END'\n${forced} ${key.trim()}\nEND`)
    const way = [
      `Host ${to.name}`,
      `HostName ${to.address}`,
      'User root',
      'IdentityFile /root/.ssh/occi-gateway',
      'UserKnownHostsFile /root/.ssh/known_hosts',
      'StrictHostKeyChecking accept-new',
    ]
    await from.print(
      `mkdir -p /var/lib/occi-gateway/${SITE}; cat > /var/lib/occi-gateway/${SITE}/ssh_config <<'END'\n${way.join('\n')}\nEND`,
    )
    await from.print(`ssh -F /var/lib/occi-gateway/${SITE}/ssh_config ${to.name} true`)
  }
}
