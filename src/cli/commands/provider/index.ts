/** `provider …`: accounts at public providers, where machines go that no host here can take. */
import { fault } from '../../../faults'
import { addLeaf, type Family, type Leaf, pathTo } from '../../leaf'
import { table } from '../../output'
import { type Check, lacking, toldFindings, watched } from '../host/check'
import { remove } from '../host/orders'
import { allow, budget, image, pricesOf, secretIn, set, settingsIn, type } from './orders'
import { reconcile } from './reconcile'
import { amount, details, type Provider, provider, providers, state } from './shape'

const add: Leaf<Provider> = {
  usage: 'add <name>',
  description: 'an account at a provider; machines go there once it has types and images',
  options: [
    ['--kind <kind>', 'ec2, elastichosts or occi'],
    ['--endpoint <url>', 'where its API is'],
    ['--region <region>', 'region of the provider'],
    ['--zone <zone>', 'availability zone of this site that it makes up; otherwise its name'],
    ['--account <id>', 'access key id, or user'],
    ['--secret-file <file>', 'file whose first line is the secret; - for standard input'],
    ['--setting <name=value,...>', 'what its driver is told beside'],
    ['--currency <code>', 'of its prices, as EUR (default USD)'],
  ],
  needs: ['kind', 'endpoint', 'region', 'account'],
  async run(admin, { args: [name = ''], options }) {
    const { kind, endpoint, region, zone, account, currency } = options
    const secret = secretIn(options.secretFile)
    if (secret === undefined) throw fault('missing', '--secret-file names the file that holds its secret')
    const settings = settingsIn(options.setting)
    const given = { zone, currency, settings }
    const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    return provider.parse(await admin.post('/providers', { name, kind, endpoint, region, account, secret, ...said }))
  },
  show: details,
}

/** A provider is a host: it is turned on and off as one. */
const turn = (word: 'enable' | 'disable', description: string): Leaf<Provider> => ({
  usage: `${word} <name>`,
  description,
  async run(admin, { args: [name = ''] }) {
    const path = pathTo('providers', name)
    await admin.get(path)
    await admin.post(`${pathTo('hosts', name)}/${word}`)
    return provider.parse(await admin.get(path))
  },
  show: (it) => `${it.name}: ${state(it)}\n`,
})

const check: Leaf<Check> = {
  usage: 'check <name>',
  description: 'ask it whether it knows us, the images and the types; fails as long as it does not',
  run: (admin, { args: [name = ''] }) => watched(admin, `${pathTo('providers', name)}/check`, name),
  show: toldFindings,
  fails: lacking,
}

export const providerCommands: Family = (root, cli) => {
  const family = root.command('provider').description('accounts at public providers')
  addLeaf(family, cli, add)
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all providers, with what runs there and what it costs',
    run: async (admin) => providers.parse(await admin.get('/providers')).providers,
    show: (found) =>
      table(
        ['name', 'kind', 'region', 'state', 'machines', 'spent', 'budget'],
        found.map((it) => [
          it.name,
          it.kind,
          it.region,
          state(it),
          it.machines,
          amount(it, it.spent),
          amount(it, it.budget),
        ]),
        'no providers',
      ),
  })
  addLeaf(family, cli, {
    usage: 'show <name>',
    description: 'one provider',
    run: async (admin, { args: [name = ''] }) => provider.parse(await admin.get(pathTo('providers', name))),
    show: details,
  })
  addLeaf(family, cli, check)
  addLeaf(family, cli, set)
  addLeaf(family, cli, type)
  addLeaf(family, cli, image)
  addLeaf(family, cli, allow)
  addLeaf(family, cli, budget)
  addLeaf(family, cli, pricesOf)
  addLeaf(family, cli, reconcile)
  addLeaf(family, cli, turn('enable', 'let new machines go there'))
  addLeaf(family, cli, turn('disable', 'let no new machines go there; those it has stay'))
  addLeaf(family, cli, { ...remove, description: 'let it go; refused while machines are there', options: [] })
}
