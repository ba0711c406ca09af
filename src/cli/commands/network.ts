/** `network …`: what machines are connected to. */
import { z } from 'zod'
import { addLeaf, type Family, type Leaf, pathTo } from '../leaf'
import { amountIn, fields, table } from '../output'

const network = z.looseObject({
  name: z.string(),
  subnet: z.string(),
  title: z.string(),
  cidr: z.string(),
  gateway: z.string().nullable(),
  range: z.object({ first: z.string(), last: z.string() }).nullable(),
  dns: z.array(z.string()),
  bridge: z.string(),
  vlan: z.number().nullable(),
  state: z.string(),
  message: z.string().nullable(),
  public: z.boolean(),
  default: z.boolean(),
  machines: z.number().optional(),
  leased: z.number().optional(),
})
type Network = z.infer<typeof network>
const networks = z.object({ networks: z.array(network) })

const range = (it: Network): string | null => it.range && `${it.range.first} to ${it.range.last}`

/** What it is for: the default one is what machines get. */
const purpose = (it: Network): string =>
  it.public ? 'public addresses' : it.default ? 'machines (default)' : 'machines'

const details = (it: Network): string =>
  fields({
    name: it.name,
    'EC2 name': it.subnet,
    title: it.title,
    cidr: it.cidr,
    gateway: it.gateway,
    'leased from': range(it) ?? 'all of it',
    dns: it.dns.join(', '),
    bridge: it.bridge,
    VLAN: it.vlan,
    state: it.state,
    message: it.message,
    public: it.public,
    default: it.default,
    ...(it.public ? { 'leased to projects': it.leased } : { machines: it.machines }),
  })

/** `10.0.0.10-10.0.0.99`; what is wrong with the addresses themselves the gateway says. */
function rangeIn(given: string | true | undefined): { first: string; last: string } | undefined {
  if (given === undefined) return undefined
  const [first = '', last = ''] = String(given).split('-')
  return { first: first.trim(), last: last.trim() }
}

const listIn = (given: string | true | undefined): readonly string[] | undefined =>
  given === undefined
    ? undefined
    : String(given)
        .split(',')
        .map((one) => one.trim())

const add: Leaf<Network> = {
  usage: 'add <name>',
  description: 'a network for everybody; the first one is what machines get',
  options: [
    ['--cidr <range>', 'its IPv4 range, as in 10.0.0.0/16'],
    ['--bridge <name>', 'bridge on every host: yours, or with --vlan the one whose uplink carries it'],
    ['--gateway <address>', 'where its machines find the way out; none if not given'],
    ['--vlan <id>', '802.1Q tag, 1 to 4094; untagged if not given'],
    ['--dns <addresses>', 'up to three name servers, with commas between'],
    ['--range <first-last>', 'addresses to lease; all of them if not given'],
    ['--public', 'its addresses are leased to projects, for their machines to be reached by'],
    ['--title <text>', 'what it is called for people'],
  ],
  needs: ['cidr', 'bridge'],
  run: async (
    admin,
    { args: [name], options: { cidr, bridge, gateway, vlan, dns, range: from, title, public: isPublic } },
  ) =>
    network.parse(
      await admin.post('/networks', {
        name,
        cidr,
        bridge,
        gateway,
        vlan: amountIn('vlan', vlan),
        dns: listIn(dns),
        range: rangeIn(from),
        title,
        ...(isPublic ? { public: true } : {}),
      }),
    ),
  show: details,
}

export const networkCommands: Family = (root, cli) => {
  const family = root.command('network').description('networks that machines are connected to')
  addLeaf(family, cli, add)
  addLeaf(family, cli, {
    usage: 'list',
    description: 'all networks that are for everybody',
    run: async (admin) => networks.parse(await admin.get('/networks')).networks,
    show: (found) =>
      table(
        ['network', 'name', 'range', 'gateway', 'bridge', 'VLAN', 'state', 'for'],
        found.map((it) => [it.subnet, it.name, it.cidr, it.gateway, it.bridge, it.vlan, it.state, purpose(it)]),
        'no networks',
      ),
  })
  addLeaf(family, cli, {
    usage: 'show <name>',
    description: 'one network, and how many machines are connected',
    run: async (admin, { args: [name = ''] }) => network.parse(await admin.get(pathTo('networks', name))),
    show: details,
  })
  addLeaf(family, cli, {
    usage: 'remove <name>',
    description: 'order it away, from all hosts too; refused while machines are connected',
    run: async (admin, { args: [name = ''] }) => {
      await admin.delete(pathTo('networks', name))
      return { removed: name }
    },
    show: ({ removed }) => `${removed} is being removed from all hosts; network show tells how far it is\n`,
  })
}
