/** `host …`: where machines run. */
import { addLeaf, type Family, type Leaf, pathTo } from '../../leaf'
import { table } from '../../output'
import { add, check, trust } from './add'
import { adopt, foreign } from './adopt'
import { drainHost } from './drain'
import { fence, label, remove, set } from './orders'
import { reserve } from './reserve'
import { details, HEAD, type Host, host, hosts, row, state } from './shape'

/** `enable` and `disable` differ in one word. */
const turn = (word: 'enable' | 'disable', description: string): Leaf<Host> => ({
  usage: `${word} <name>`,
  description,
  run: async (admin, { args: [name = ''] }) => host.parse(await admin.post(`${pathTo('hosts', name)}/${word}`)),
  show: (it) => `${it.name} is ${state(it)}\n`,
})

export const hostCommands: Family = (root, cli) => {
  const family = root.command('host').description('hosts that machines run on')
  addLeaf(family, cli, add)
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all hosts, with what is used of them',
    run: async (admin) => hosts.parse(await admin.get('/hosts')).hosts,
    show: (found) => table(HEAD, found.map(row), 'no hosts'),
  })
  addLeaf(family, cli, {
    usage: 'show <name>',
    description: 'one host',
    run: async (admin, { args: [name = ''] }) => host.parse(await admin.get(pathTo('hosts', name))),
    show: details,
  })
  addLeaf(family, cli, check)
  addLeaf(family, cli, set)
  addLeaf(family, cli, label)
  addLeaf(family, cli, reserve)
  addLeaf(family, cli, turn('enable', 'let new machines be placed on it'))
  addLeaf(family, cli, turn('disable', 'place no new machines on it; those it has stay'))
  addLeaf(family, cli, drainHost)
  addLeaf(family, cli, trust)
  addLeaf(family, cli, fence)
  addLeaf(family, cli, foreign)
  addLeaf(family, cli, adopt)
  addLeaf(family, cli, remove)
}
