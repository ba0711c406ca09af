/**
 * Machines at Amazon EC2 or any service that is compatible, ours included. There is no guard: a claim's epoch is not asked. What
 * stands in for it are ClientToken, our tags on each instance, and looks (docs/bursting.md says what that promises).
 */
import { fault } from '../../../../src/faults'
import type { Driver } from '../../driver'
import { accountAt, accountProbe } from '../probe'
import { REFUSING } from '../refusing'
import { addressKeeper } from './addresses/keep'
import { lead } from './addresses/lead'
import { check } from './check'
import type { Accounts } from './client'
import { create } from './create'
import { hibernate } from './hibernate'
import { EC2_LACKS } from './lacks'
import { found, listed } from './look'
import { objectsOf } from './lookup'
import { power, terminate, terminateObjects } from './power'
import type { Roots } from './root-disk'
import { volumeVerbs } from './volumes'

const VERSION = 'EC2 2016-11-15'
/** The newest of a console. */
const CONSOLE_BYTES = 65_536

export interface Ec2Options {
  /** The site whose mark our machines bear. */
  readonly site: string
  readonly accounts: Accounts
}

export function ec2Driver({ site, accounts }: Ec2Options): Driver {
  const resetting = new Set<string>()
  const roots: Roots = new Map()
  return {
    ...REFUSING,
    disk: volumeVerbs(site, accounts),
    network: {
      ...REFUSING.network,
      publish: (host, ticket, _mac, publics) => lead(accounts.of(host), site, ticket, publics),
    },
    addresses: addressKeeper(site, accounts),
    kind: 'ec2',
    async capacity(host) {
      accountAt(host)
      await accounts.of(host)((sdk, client, abortSignal) =>
        client.send(new sdk.DescribeInstancesCommand({ MaxResults: 5 }), { abortSignal }),
      )
      return accountProbe(host, EC2_LACKS, VERSION)
    },
    list: async (host) => ({ ...accountProbe(host, EC2_LACKS, VERSION), ...(await listed(accounts.of(host), site)) }),
    find: (host, { resource }) => found(accounts.of(host), site, resource),
    define: (host, ticket, definition) => create({ call: accounts.of(host), host, roots }, ticket, definition),
    undefine: (host, { resource }) => terminate(accounts.of(host), site, resource),
    power: (host, ticket, order) => power({ call: accounts.of(host), site, ticket, resetting }, order),
    save: (host, ticket) => hibernate(accounts.of(host), site, ticket),
    async console(host, { resource }) {
      const call = accounts.of(host)
      const [instance] = await objectsOf(call, site, resource)
      const id = instance?.InstanceId
      if (id === undefined) throw fault('refused', `${resource} is not at its provider`)
      const { Output = '', Timestamp } = await call((sdk, client, abortSignal) =>
        client.send(new sdk.GetConsoleOutputCommand({ InstanceId: id }), { abortSignal }),
      )
      const text = Buffer.from(Output, 'base64').subarray(-CONSOLE_BYTES).toString('utf8')
      return { text, at: Timestamp?.getTime() ?? 0 }
    },
    discard: (host, { object }) => terminateObjects(accounts.of(host), [object]),
    check: (host) => check(accounts.of(host), accountAt(host)),
    close: async () => accounts.close(),
  }
}
