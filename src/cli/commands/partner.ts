/** `partner …`: gateways of others that may order machines here. */
import { z } from 'zod'
import { fault } from '../../faults'
import { durationInSeconds } from '../duration'
import { addLeaf, type Family, type Given, type Leaf, pathTo } from '../leaf'
import { money, pricedTypes } from '../money'
import { type SiteTold, siteOf } from '../offers'
import { fields, memory, table } from '../output'

const amounts = z.looseObject({ instances: z.number(), cores: z.number(), memoryMiB: z.number() })
const partner = z.object({
  name: z.string(),
  accountId: z.string(),
  quota: amounts,
  used: amounts,
  onward: z.enum(['allowed', 'never']),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  regions: z.array(z.string()),
  offers: z.array(z.object({ type: z.string(), price: z.number() })),
  currency: z.string(),
})
type Partner = z.infer<typeof partner>
const partners = z.object({ partners: z.array(partner) })
const added = z.object({
  accountId: z.string(),
  user: z.string(),
  password: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
})
type Credential = z.infer<typeof added> & SiteTold

const words = (given: string | true | undefined): readonly string[] | undefined =>
  given === undefined ? undefined : String(given).split(',').filter(Boolean)

/** Types with what an hour costs. Fault: 'unknown-field' (wrong usage); a type without a price is not offered. */
function offersIn(given: string | true | undefined) {
  if (given === undefined) return undefined
  return pricedTypes('--offers', String(given)).map(([type, price]) => {
    if (price === null) throw fault('unknown-field', `--offers: ${type} is offered at a price, as ${type}=0.0058`)
    return { type, price }
  })
}

function limit(options: Given['options'], name: string, flag: string): number {
  const given = options[name]
  if (!/^\d{1,9}$/.test(String(given))) throw fault('invalid', `--${flag} takes a whole number`, { field: flag })
  return Number(given)
}

const add: Leaf<Credential> = {
  usage: 'add <name>',
  description: 'let another gateway order machines here; its credential is told once',
  options: [
    ['--machines <n>', 'machines that it may have at a time'],
    ['--cores <n>', 'cores of all of them'],
    ['--memory-mib <n>', 'MiB of all of them'],
    ['--expires <time>', 'as 90m, 12h or 30d, after which it orders nothing more; otherwise until it is revoked'],
    ['--regions <names>', 'regions that its machines may run in; otherwise any'],
    ['--offers <type=price,...>', 'what it may order, and what an hour costs; otherwise every type'],
    ['--currency <code>', 'of the prices, as EUR (default USD)'],
    ['--onward <when>', 'whether its machines may be sent on to providers of this site: never (default), or allowed'],
  ],
  needs: ['machines', 'cores', 'memoryMib'],
  async run(admin, { args: [name], options, site }) {
    const { currency, onward } = options
    const quota = {
      instances: limit(options, 'machines', 'machines'),
      cores: limit(options, 'cores', 'cores'),
      memoryMiB: limit(options, 'memoryMib', 'memory-mib'),
    }
    const expiresInSeconds =
      options.expires === undefined ? undefined : durationInSeconds(String(options.expires), 'expires')
    const given = {
      expiresInSeconds,
      regions: words(options.regions),
      offers: offersIn(options.offers),
      currency,
      onward,
    }
    const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    // Asked before: its secrets are told once, so nothing may fail once it is made.
    const { region, ...endpoints } = await siteOf(admin, site)
    const made = added.parse(await admin.post('/partners', { name, quota, ...said }))
    return { ...endpoints, ...made, region }
  },
  show: (credential) => fields({ ...credential }),
}

const state = ({ revokedAt, expiresAt }: Partner): string => {
  if (revokedAt !== null) return `revoked ${revokedAt}`
  return expiresAt === null ? 'until it is revoked' : `until ${expiresAt}`
}

const details = (it: Partner): string =>
  fields({
    name: it.name,
    account: it.accountId,
    state: state(it),
    machines: `${it.used.instances} of ${it.quota.instances}`,
    cores: `${it.used.cores} of ${it.quota.cores}`,
    memory: `${memory(it.used.memoryMiB)} of ${memory(it.quota.memoryMiB)}`,
    regions: it.regions.join(', ') || 'any',
    offers:
      it.offers.map(({ type, price }) => `${type} ${money({ amount: price, currency: it.currency })}`).join(', ') ||
      'every type',
    'sent on to providers': it.onward,
  })

export const partnerCommands: Family = (root, cli) => {
  const family = root.command('partner').description('gateways of others that may order machines here')
  addLeaf(family, cli, add)
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all partners, with what they have here',
    run: async (admin) => partners.parse(await admin.get('/partners')).partners,
    show: (found) =>
      table(
        ['name', 'account', 'machines', 'cores', 'memory', 'state'],
        found.map((it) => [
          it.name,
          it.accountId,
          `${it.used.instances} of ${it.quota.instances}`,
          `${it.used.cores} of ${it.quota.cores}`,
          `${memory(it.used.memoryMiB)} of ${memory(it.quota.memoryMiB)}`,
          state(it),
        ]),
        'no partners',
      ),
  })
  addLeaf(family, cli, {
    usage: 'show <name>',
    description: 'one partner',
    run: async (admin, { args: [name = ''] }) => partner.parse(await admin.get(pathTo('partners', name))),
    show: details,
  })
  addLeaf(family, cli, {
    usage: 'revoke <name>',
    description: 'it orders nothing more, from now on; what it has runs on (project purge ends that)',
    run: async (admin, { args: [name = ''] }) => partner.parse(await admin.post(`${pathTo('partners', name)}/revoke`)),
    show: details,
  })
}
