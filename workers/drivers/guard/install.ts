/** Bringing the guard to a host: the way in (guard/enter) once, each version of the guard under its hash. */
import { type Fault, fault } from '../../../src/faults'
import type { Remote, RemoteTarget } from '../remote'
import { type Answer, parseAnswer } from './answer'
import { enterScript, type Script } from './script'

export const DEFAULT_FOLDER = '/var/lib/occi-gateway'
const DEADLINE_MS = 30_000

/** What the guard calls on a host beside its shell; flock and setsid are of util-linux, as Xen's own scripts need them. */
export const TOOLS: readonly string[] = [
  ...[
    'flock',
    'setsid',
    'sha256sum',
    'sync',
    'head',
    'tail',
    'grep',
    'find',
    'date',
    'sleep',
    'timeout',
    'wc',
    'cat',
    'tr',
  ],
  ...['mkdir', 'mv', 'rm', 'rmdir', 'chmod'],
]

/** Puts the way in at its place, whole or not at all. $1: folder, $2: SHA-256 of the text on standard input, then the tools. */
const BOOTSTRAP = `
folder=$1 sum=$2
shift 2
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
lacks=
for tool in "$@"; do command -v "$tool" >/dev/null || lacks="$lacks $tool"; done
[ -z "$lacks" ] || { echo "og1 broken it lacks$lacks"; exit 0; }
umask 077
new=$folder/guard/enter.$$
mkdir -p "$folder/guard" && chmod 711 "$folder" "$folder/guard" && cat >"$new" || exit 1
is=$(sha256sum <"$new")
[ "\${is%% *}" = "$sum" ] || { rm -f "$new"; exit 1; }
chmod 755 "$new" && { sync "$new" 2>/dev/null || sync; } && mv "$new" "$folder/guard/enter" && echo 'og1 installed'
`

const asRoot = ({ user }: RemoteTarget): readonly string[] => (user === 'root' ? [] : ['sudo', '-n'])

/** How the guard is called: as root, by the account's one sudo rule, or (the words before it then do not count) by a forced command. */
export const guardCommand = (target: RemoteTarget, folder: string): readonly string[] =>
  target.user === 'root' ? ['sh', `${folder}/guard/enter`] : ['sudo', '-n', `${folder}/guard/enter`]

/** Puts a version of the guard on the host, and its way in where that is missing. Faults: 'refused' where the account may not (`detail.reason`: guard-not-installed), unreachable, timeout. */
export async function installGuard(
  remote: Remote,
  target: RemoteTarget,
  folder: string,
  script: Script,
): Promise<void> {
  const enter = enterScript()
  const version = { command: [...guardCommand(target, folder), 'install', script.version], text: script.text }
  const wayIn = {
    command: [...asRoot(target), 'sh', '-c', BOOTSTRAP, 'sh', folder, enter.version, ...TOOLS],
    text: enter.text,
  }
  const put = async ({ command, text }: typeof wayIn): Promise<Answer> => {
    const answer = parseAnswer(
      target.host,
      await remote.run(target, command, { input: Buffer.from(text), deadlineMs: DEADLINE_MS }),
    )
    if (answer.say === 'fault') throw answer.fault
    return answer
  }
  const first = await put(version)
  if (first.say === 'installed') return
  for (const it of [wayIn, version]) {
    const answer = await put(it)
    if (answer.say !== 'installed')
      throw notInstalled(target, folder, answer.say === 'missing' ? answer.because : answer.say)
  }
}

const notInstalled = (target: RemoteTarget, folder: string, because: string): Fault =>
  fault('refused', `the guard cannot be installed in ${folder} of ${target.host} as ${target.user}: ${because}`, {
    reason: 'guard-not-installed',
  })

/**
 * What an operator runs as root on a host that is reached by an ordinary account: the way in, and the one sudo rule for it. The
 * account is then as mighty as root on that host: the driver brings what the guard runs.
 */
export function operatorScript({ user, folder = DEFAULT_FOLDER }: { user: string; folder?: string }): string {
  return `set -e
umask 022
mkdir -p '${folder}/guard'
chmod 711 '${folder}' '${folder}/guard'
cat >'${folder}/guard/enter' <<'END-OF-ENTER'
${enterScript().text.trimEnd()}
END-OF-ENTER
chmod 755 '${folder}/guard/enter'
echo '${user} ALL=(root) NOPASSWD: ${folder}/guard/enter' >/etc/sudoers.d/occi-gateway
chmod 440 /etc/sudoers.d/occi-gateway
`
}
