/**
 * Whether a Xen host can join: the way to it step by step, then a survey, then (with `mends`) the guard. A step that fails is a
 * finding with the command that mends it, and what cannot be looked at without it is left out.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asFault, type Fault } from '../../../../../src/faults'
import type { HostFinding, HostFindings, HostTarget } from '../../../driver'
import { DEFAULT_FOLDER, operatorScript, TOOLS } from '../../../guard/install'
import { type Remote, type RemoteTarget, remoteTarget } from '../../../remote'
import { parseFacts } from './facts'
import { findingsOf } from './findings'

/** What is run on the host. */
export const SURVEY = ['../host/15-device-model.sh', 'survey.sh']
  .map((part) => readFileSync(join(__dirname, part), 'utf8'))
  .join('\n')
const DEADLINE_MS = 60_000

export interface CheckMeans {
  readonly remote: Remote
  /** Puts the guard there. */
  readonly install: (host: HostTarget) => Promise<void>
  readonly folder?: string
  /** ms since 1970. */
  readonly now: () => number
}

/** Nothing is thrown but what is no address at all ('refused'): what fails is found. */
export async function checkXenHost(means: CheckMeans, host: HostTarget, how: 'looks' | 'mends'): Promise<HostFindings> {
  const findings: HostFinding[] = []
  const told = (hostKeys: readonly string[]): HostFindings => ({
    findings,
    hostKeys,
    fit: findings.every(({ verdict }) => verdict !== 'missing'),
  })
  const bare = remoteTarget(host.address, host.hostKeys ?? [])
  const shown = await keyOf(means.remote, bare).catch((thrown: unknown) => asFault(thrown))
  if (typeof shown !== 'string') {
    findings.push(missing('ssh', shown.message, `ssh ${bare.user}@${bare.host} true`))
    return told([])
  }
  findings.push({ what: 'ssh', verdict: 'ok', detail: `it answers and shows the host key ${shown}`, mend: null })
  if (bare.hostKeys.length > 0 && !bare.hostKeys.includes(shown)) {
    findings.push(missing('host key', `it is not ${bare.hostKeys.join(' or ')}: nothing more was sent to it`, null))
    return told([shown])
  }
  const target = { ...bare, hostKeys: [shown] }
  findings.push(...(await survey(means, target)))
  if (how === 'mends' && told([]).fit) findings.push(await guard(means, { ...host, hostKeys: [shown] }, target))
  return told([shown])
}

const keyOf = (remote: Remote, { host, port }: RemoteTarget): Promise<string> => remote.hostKeyOf(host, port)

const missing = (what: string, detail: string, mend: string | null): HostFinding => ({
  what,
  verdict: 'missing',
  detail,
  mend,
})

/** As root, or by sudo; an account that may run nothing but the guard is looked at when the guard is there. */
async function survey(means: CheckMeans, target: RemoteTarget): Promise<readonly HostFinding[]> {
  const { remote, now, folder = DEFAULT_FOLDER } = means
  const words = ['sh', '-c', SURVEY, 'sh', folder, ...TOOLS]
  const asked = now()
  try {
    const plain = target.user === 'root'
    const ran = await remote.run(target, plain ? words : ['sudo', '-n', ...words], { deadlineMs: DEADLINE_MS })
    const said = ran.stdout.toString('utf8')
    const login: HostFinding = { what: 'login', verdict: 'ok', detail: `as ${target.user}`, mend: null }
    if (said.startsWith('survey 1\n')) return [login, ...findingsOf(parseFacts(said), asked, folder)]
    if (said.startsWith('og1 ')) return [login, guardOnly(target, 'its forced command is the guard')]
    return [login, ...(await asOrdinary(means, target, ran.stderr.trim()))]
  } catch (thrown) {
    return [loginFailed(target, asFault(thrown))]
  }
}

function loginFailed(target: RemoteTarget, fault: Fault): HostFinding {
  const refused = fault.detail.reason === 'not-authenticated'
  const mend = refused
    ? `ssh-copy-id -p ${target.port} ${target.user}@${target.host} (with the gateway's public key)`
    : null
  return missing('login', fault.message, mend)
}

const guardOnly = (target: RemoteTarget, because: string): HostFinding => ({
  what: 'account',
  verdict: 'warning',
  detail: `${because}: ${target.user} may do nothing else, so the rest of the host was not looked at`,
  mend: null,
})

/** Without sudo for everything: the one rule for the guard may be there. */
async function asOrdinary(
  { remote, folder = DEFAULT_FOLDER }: CheckMeans,
  target: RemoteTarget,
  because: string,
): Promise<readonly HostFinding[]> {
  const ran = await remote.run(target, ['sudo', '-n', `${folder}/guard/enter`, 'none'], { deadlineMs: DEADLINE_MS })
  if (ran.stdout.toString('utf8').startsWith('og1 ')) return [guardOnly(target, 'its sudo rule is for the guard')]
  const detail = `${target.user} is not root and may not run the guard as root: ${because || 'sudo says nothing'}`
  return [missing('account', detail, operatorScript({ user: target.user, folder }))]
}

async function guard(means: CheckMeans, host: HostTarget, target: RemoteTarget): Promise<HostFinding> {
  const { folder = DEFAULT_FOLDER } = means
  try {
    await means.install(host)
    return { what: 'guard', verdict: 'mended', detail: `it is installed in ${folder}`, mend: null }
  } catch (thrown) {
    return missing('guard', asFault(thrown).message, operatorScript({ user: target.user, folder }))
  }
}
