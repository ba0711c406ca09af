/** `quote`: where machines would go, and what they would cost there. Nothing is ordered. */
import { fault } from '../../faults'
import { addLeaf, type Family, type Leaf } from '../leaf'
import { money } from '../money'
import { amountIn, table } from '../output'
import { answered, type Study } from './study'

const machines = (count: number): string => `${count} ${count === 1 ? 'machine' : 'machines'}`

export function toldQuote({ quote }: Study): string {
  if (!quote) return 'no answer\n'
  const { type, count, hours, project, parts, left, totals } = quote
  const whose = project === '' ? '' : ` of ${project}`
  const rows = parts.map((it) => [it.count, it.host, it.offer ?? '', money(it.hour), money(it.cost)])
  const sums = Object.entries(totals).map(([currency, amount]) => money({ amount, currency }))
  const unpriced = parts.filter(({ cost }) => cost === null).reduce((sum, it) => sum + it.count, 0)
  return [
    `${machines(count)} ${type}${whose} for ${hours} h: ${sums.join(' + ') || 'nothing that has a price'}\n`,
    rows.length === 0 ? '' : `\n${table(['machines', 'host', 'as', 'an hour', 'in all'], rows, '')}`,
    unpriced === 0 ? '' : `no price is known for ${machines(unpriced)}: see prices, provider type\n`,
    ...left.map((it) => `${machines(it.count)} would wait: ${it.because}\n`),
  ].join('')
}

const whole = (option: string, given: string | true | undefined): number => {
  const value = amountIn(option, given)
  if (value === undefined) throw fault('missing', `--${option} is needed`)
  return value
}

const quote: Leaf<Study> = {
  usage: 'quote',
  description: 'where so many machines would go now, and what they would cost; nothing is ordered',
  options: [
    ['--type <type>', 'instance type'],
    ['--image <image>', 'ami-… or the name of an image of the site'],
    ['--count <n>', 'machines'],
    ['--hours <n>', 'so long each'],
    ['--project <project>', 'whose they would be'],
    ['--zone <zone>', 'where they would have to be'],
  ],
  needs: ['type', 'image', 'count', 'hours'],
  run: (admin, { options: { type, image, count, hours, project, zone } }) =>
    answered(admin, '/studies/quote', {
      ...{ type, image, count: whole('count', count), hours: whole('hours', hours) },
      ...(project === undefined ? {} : { project }),
      ...(zone === undefined ? {} : { zone }),
    }),
  show: toldQuote,
}

export const quoteCommand: Family = (root, cli) => addLeaf(root, cli, quote)
