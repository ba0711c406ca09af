/** `host set`, `label`, `fence`, `remove`: what operators order of hosts that are there. */
import { asFault, fault } from '../../../faults'
import type { AdminClient } from '../../admin-client'
import { askUntil } from '../../ask-until'
import { type Leaf, pathTo } from '../../leaf'
import { details, type Host, host } from './shape'

/** ms: a command that switches a host off takes its time, and so do the last machines of one that is removed. */
const HOST_MS = 120_000

const get = async (admin: AdminClient, name: string): Promise<Host> =>
  host.parse(await admin.get(pathTo('hosts', name)))

/** Seconds of an option as ms; `off` and `none` take it away. */
function ms(flag: string, given: string | true | undefined): number | null | undefined {
  if (given === undefined) return undefined
  if (given === 'off' || given === 'none') return null
  const seconds = Number(given)
  if (Number.isFinite(seconds) && seconds > 0) return Math.round(seconds * 1000)
  throw fault('invalid', `${flag} takes seconds, or off`, { field: flag })
}

/** The words of a JSON array; `none` takes the command away. No shell is involved, here or at the worker. */
function words(given: string | true | undefined): readonly string[] | null | undefined {
  if (given === undefined) return undefined
  if (given === 'none') return null
  const wrong = fault(
    'invalid',
    '--fence-command takes a JSON array of words, as ["/usr/local/sbin/fence","hv1"], or none',
    {
      field: 'fence-command',
    },
  )
  let parsed: unknown
  try {
    parsed = JSON.parse(String(given))
  } catch {
    throw wrong
  }
  if (!Array.isArray(parsed) || !parsed.every((word): word is string => typeof word === 'string')) throw wrong
  return parsed
}

const present = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

export const set: Leaf<Host> = {
  usage: 'set <name>',
  description: 'change its zone, and how it is made sure that it runs nothing once it is silent',
  options: [
    ['--zone <zone>', 'availability zone it belongs to'],
    ['--fence-command <json>', 'words of a command that switches it off and exits with 0, as a JSON array; or none'],
    ['--fence-seconds <seconds>', 'how long that command may take (default 60)'],
    ['--self-fence <seconds>', 'it ends restartable machines so long after it was heard of last; or off'],
  ],
  async run(admin, { args: [name = ''], options }) {
    const change = present({
      zone: options.zone,
      command: words(options.fenceCommand),
      commandMs: ms('fence-seconds', options.fenceSeconds),
      selfMs: ms('self-fence', options.selfFence),
    })
    return host.parse(await admin.patch(pathTo('hosts', name), change))
  },
  show: details,
}

export const label: Leaf<Host> = {
  usage: 'label <name> <labels...>',
  description: 'key=value puts a label on it, key= takes it off',
  async run(admin, { args: [name = '', ...given] }) {
    const pairs = given.map((text): [string, string | null] => {
      const at = text.indexOf('=')
      if (at < 1) throw fault('invalid', `${text} is no label; one is key=value`, { field: 'labels' })
      return [text.slice(0, at), text.slice(at + 1) || null]
    })
    return host.parse(await admin.patch(pathTo('hosts', name), { labels: Object.fromEntries(pairs) }))
  },
  show: details,
}

/** Asks until it is done; the last answer then. Faults: 'timeout' with what the host's record says. */
const waitFor = (admin: AdminClient, name: string, isDone: (it: Host) => boolean): Promise<Host> =>
  askUntil({
    ask: () => get(admin, name),
    isDone,
    patienceMs: HOST_MS,
    late: ({ message }) => `${name}: not done yet${message ? `: ${message}` : ''}`,
  })

export const fence: Leaf<Host> = {
  usage: 'fence <name>',
  description: 'make sure that a silent host runs nothing, so that its machines can be started elsewhere',
  options: [['--confirmed', 'you have made sure yourself that it is off; otherwise its fence command is run']],
  async run(admin, { args: [name = ''], options: { confirmed } }) {
    const before = host.parse(
      await admin.post(`${pathTo('hosts', name)}/fence`, { how: confirmed ? 'confirmed' : 'command' }),
    )
    const ran = before.fencing.run?.at ?? null
    const failed = ({ fencing: { run } }: Host): boolean => run !== null && run.outcome === 'failed' && run.at !== ran
    const it = await waitFor(admin, name, (now) => now.fencing.ordered === null || failed(now))
    if (it.fenced !== null && it.fencing.ordered === null) return it
    if (failed(it)) throw fault('refused', `${name} is not fenced: its command failed: ${it.fencing.run?.output}`)
    throw fault('refused', `${name} is not fenced: it answered meanwhile`)
  },
  show: ({ name, fenced }) => `${name} is fenced since ${fenced?.at}\n`,
}

export const remove: Leaf<{ readonly removed: string }> = {
  usage: 'remove <name>',
  description: 'let it go; refused while machines are on it. Nothing of ours stays there',
  options: [['--forget', 'it is fenced and gone for good: nobody asks it any more']],
  async run(admin, { args: [name = ''], options: { forget } }) {
    await admin.delete(`${pathTo('hosts', name)}${forget ? '?forget=yes' : ''}`)
    try {
      await waitFor(admin, name, () => false)
    } catch (thrown) {
      if (asFault(thrown).kind !== 'not-found') throw thrown
    }
    return { removed: name }
  },
  show: ({ removed }) => `${removed} is removed\n`,
}
