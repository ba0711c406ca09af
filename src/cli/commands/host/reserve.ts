/** `host reserve`: what is kept back of hosts, or given away more than once. */
import { fault } from '../../../faults'
import { type Leaf, pathTo } from '../../leaf'
import { details, type Host, host, hosts } from './shape'

const kept = (given: string | true | undefined): string | null | undefined =>
  given === undefined ? undefined : given === 'none' ? null : String(given)

export const reserve: Leaf<readonly Host[]> = {
  usage: 'reserve <name>',
  description: 'keep some of it back from placement; less than nothing gives it away more than once',
  options: [
    ['--cpu <amount>', 'hundredths of a core, or a share: 100, 10%, -50%; or none'],
    ['--memory <amount>', 'MiB, or a share; or none'],
    ['--of-zone', 'the name is a zone: of each of its hosts that does not say it itself'],
  ],
  async run(admin, { args: [name = ''], options }) {
    const given = Object.entries({ cpu: kept(options.cpu), memory: kept(options.memory) })
    const keeps = Object.fromEntries(given.filter(([, text]) => text !== undefined))
    if (Object.keys(keeps).length === 0)
      throw fault('missing', 'say what to keep back with --cpu or --memory', { field: 'cpu' })
    if (options.ofZone) return hosts.parse(await admin.patch(pathTo('zones', name), keeps)).hosts
    return [host.parse(await admin.patch(pathTo('hosts', name), { keeps }))]
  },
  show: (found) => found.map(details).join('\n'),
}
