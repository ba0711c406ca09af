/**
 * Machines at ElasticHosts and at resellers of the same platform. There is no guard and no idempotency: a claim's epoch stops nobody. What
 * stands in for them are our marks on each object, looks before each effect, and the rule which of two objects of one machine it is
 * (marks.ts); docs/elastichosts.md says what that promises and what it cannot.
 */
import type { Capabilities } from '../../../../src/model/machine'
import type { Driver, HostTarget } from '../../driver'
import { openSender } from '../http'
import { lacking, PROVIDER_LACKS } from '../lacking'
import { accountAt, accountProbe } from '../probe'
import { REFUSING } from '../refusing'
import { type Machine, machineNamed, machinesIn, sightingOf, surplusIn } from './account'
import { type Client, openClient } from './api/client'
import { openCarrier } from './carry'
import { check } from './check'
import { PACE, type Pace } from './copy'
import { shareLooks } from './look'
import { make } from './make'
import { end, endObject, isGone, power } from './power'
import { settingsOf } from './settings'

export const ELASTICHOSTS_LACKS: Capabilities['lacks'] = [
  ...PROVIDER_LACKS,
  { verb: 'console', because: 'its provider shows a screen by VNC only' },
]

const VERSION = 'ElasticHosts API'
/** ms that one call may take. */
const PATIENCE_MS = 20_000

export interface ElasticHostsOptions {
  /** The site whose mark our machines bear. */
  readonly site: string
  readonly patienceMs?: number
  /** How copies are watched. */
  readonly pace?: Pace
  /** ms since 1970. */
  readonly now?: () => number
}

export function openElasticHostsDriver(options: ElasticHostsOptions): Driver {
  const { site, patienceMs = PATIENCE_MS, pace = PACE, now = Date.now } = options
  const sender = openSender(patienceMs)
  const looks = shareLooks()
  const clientOf = (host: HostTarget): Client => {
    const account = accountAt(host)
    const { format } = settingsOf(account)
    return openClient({ endpoint: host.address, format, credentials: account.credentials }, sender)
  }
  const lookAt = async (host: HostTarget): Promise<ReadonlyMap<string, Machine>> =>
    machinesIn(await looks.at(JSON.stringify([host.id, host.address]), clientOf(host)), site)
  const machineAt = async (host: HostTarget, name: string): Promise<Machine> => machineNamed(await lookAt(host), name)

  return {
    ...REFUSING,
    kind: 'elastichosts',
    images: openCarrier(site, clientOf),
    async capacity(host) {
      await clientOf(host).resources('ip')
      return accountProbe(host, ELASTICHOSTS_LACKS, VERSION)
    },
    async list(host) {
      const machines = [...(await lookAt(host)).values()]
      const seen = { machines: machines.map(sightingOf), surplus: surplusIn(machines), foreign: [] }
      return { ...accountProbe(host, ELASTICHOSTS_LACKS, VERSION), ...seen }
    },
    find: async (host, { resource }) => sightingOf(await machineAt(host, resource)),
    async define(host, { resource, epoch }, definition) {
      const settings = settingsOf(accountAt(host), definition.order?.section)
      const machine = await machineAt(host, resource)
      return make({ client: clientOf(host), settings, definition, epoch, now: now(), pace }, machine)
    },
    async undefine(host, { resource }) {
      const machine = await machineAt(host, resource)
      if (!isGone(machine)) await end(clientOf(host), machine)
      const isOver = isGone(machine) || isGone(await machineAt(host, resource))
      return isOver ? { state: 'done', value: null } : { state: 'running', percent: 0, lookAgainMs: 1_000 }
    },
    power: async (host, { resource, key }, order) => power(clientOf(host), await machineAt(host, resource), key, order),
    console: () => Promise.reject(lacking('console', ELASTICHOSTS_LACKS)),
    async discard(host, { machine, object }) {
      // The list that told of it may be old by now: it goes only if it still is one too many.
      const { surplus } = await machineAt(host, machine)
      const [kind = '', id = ''] = object.split('/')
      if (surplus.some((one) => one.kind === kind && one.id === id)) await endObject(clientOf(host), kind, id)
    },
    check: (host) => check(clientOf(host), accountAt(host)),
    close: async () => sender.close(),
  }
}
