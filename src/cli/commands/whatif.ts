/** `whatif`: what would become of machines if hosts were lost, drained or added. Nothing is changed. */
import { fault } from '../../faults'
import { addLeaf, type Family, type Leaf } from '../leaf'
import { table } from '../output'
import { answered, type Fate, type Study } from './study'

const words = (given: string | true | undefined): readonly string[] =>
  typeof given === 'string' ? given.split(',').filter((word) => word !== '') : []

/** `4xhost-1`: four more like host-1. */
function added(given: string | true | undefined): readonly { readonly like: string; readonly count: number }[] {
  return words(given).map((word) => {
    const found = /^(\d{1,6})x(.+)$/.exec(word)
    if (!found)
      throw fault('unknown-field', `--add: "${word}" is no number of hosts; four more like host-1 are 4xhost-1`)
    return { count: Number(found[1]), like: found[2] ?? '' }
  })
}

const PARTS = [
  ['move', 'would get another place'],
  ['stay', 'would stay unknown on a host that is lost'],
  ['wait', 'would wait for a place'],
  ['unfit', 'would fit no host, however empty'],
] as const

const row = (what: string) => (it: Fate) => [it.instance, it.project, what, it.from, it.to, it.because]

export function told({ whatif }: Study): string {
  if (!whatif) return 'no answer\n'
  const { hosts, counts } = whatif
  const head = `${hosts.after} hosts in place of ${hosts.before}\n${PARTS.map(([part, means]) => `${counts[part]} machines ${means}\n`).join('')}`
  const rows = PARTS.flatMap(([part]) => whatif[part].map(row(part === 'unfit' ? 'fits nowhere' : `${part}s`)))
  const listed =
    rows.length === 0 ? '' : `\n${table(['machine', 'project', 'what', 'from', 'to', 'because'], rows, '')}`
  const all = PARTS.reduce((sum, [part]) => sum + counts[part], 0)
  return `${head}${listed}${all > rows.length ? `and ${all - rows.length} more\n` : ''}`
}

const whatif: Leaf<Study> = {
  usage: 'whatif',
  description: 'who would move, wait or not fit if hosts were lost, drained or added; nothing is changed',
  options: [
    ['--lose <hosts>', 'hosts that die, by name or label, with commas: host-1,rack=r1'],
    ['--drain <hosts>', 'hosts that are drained, likewise'],
    ['--add <hosts>', 'so many more like one that is there: 4xhost-1'],
  ],
  run: (admin, { options: { lose, drain, add } }) =>
    answered(admin, '/studies/whatif', { lose: words(lose), drain: words(drain), add: added(add) }),
  show: told,
}

export const whatifCommand: Family = (root, cli) => addLeaf(root, cli, whatif)
