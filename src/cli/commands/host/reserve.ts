/** `host reserve`: what is kept back of hosts, or given away more than once. */
import { asFault, fault } from '../../../faults'
import { type Leaf, pathTo } from '../../leaf'
import { details, type Host, host, hosts } from './shape'

const CORES = /^-?\d{1,7}(?:\.\d{1,5})?$/
const MEMORY = /^-?\d{1,9}(?:\.\d{1,3})?$/
const SHARE = /^-?\d{1,9}(?:\.\d{1,3})?%$/

type Given = string | true | undefined

function kept(flag: string, given: Given, amount: RegExp): string | null | undefined {
  if (given === undefined) return undefined
  const text = String(given)
  if (text === 'none') return null
  if (amount.test(text) || SHARE.test(text)) return text
  throw fault('invalid', `${flag}: "${text}" is no amount, no share and not none: 1, 0.5, 10%, -50%`, { field: flag })
}

/** The gateway counts in hundredths of a core, as placement's attributes do; people count in cores. */
function keptCores(given: Given): string | null | undefined {
  const text = kept('cores', given, CORES)
  return typeof text === 'string' && !text.endsWith('%') ? String(Math.round(Number(text) * 1e5) / 1e3) : text
}

const OPTIONS: Readonly<Record<string, string>> = { cpu: '--cores', memory: '--memory-mib' }

/** A refusal of the gateway, by the name of the option. */
async function inOptions<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (thrown) {
    const { kind, message, detail } = asFault(thrown)
    const option = OPTIONS[detail.field ?? '']
    if (option === undefined) throw thrown
    throw fault(kind, `${option}: ${message}`, { ...detail, cause: thrown })
  }
}

export const reserve: Leaf<readonly Host[]> = {
  usage: 'reserve <name>',
  description: 'keep cores or memory of it back from placement; less than nothing gives it away more than once',
  options: [
    ['--cores <amount>', 'cores, or a share: 1, 0.5, 10%, -50%; or none'],
    ['--memory-mib <amount>', 'MiB, or a share; or none'],
    ['--of-zone', 'the name is a zone: of each of its hosts that does not say it itself'],
  ],
  async run(admin, { args: [name = ''], options }) {
    const given = Object.entries({
      cpu: keptCores(options.cores),
      memory: kept('memory-mib', options.memoryMib, MEMORY),
    })
    const keeps = Object.fromEntries(given.filter(([, text]) => text !== undefined))
    if (Object.keys(keeps).length === 0)
      throw fault('missing', 'say what to keep back with --cores or --memory-mib', { field: 'cores' })
    return inOptions(async () =>
      options.ofZone
        ? hosts.parse(await admin.patch(pathTo('zones', name), keeps)).hosts
        : [host.parse(await admin.patch(pathTo('hosts', name), { keeps }))],
    )
  },
  show: (found) => found.map(details).join('\n'),
}
