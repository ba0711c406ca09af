/**
 * Machines at any cloud that speaks OCCI 1.1 or 1.2, a gateway of our own kind too. There is no guard: a claim's epoch stops nobody. What
 * stands in for it are ids made from the intent's key where the server takes them, our mark on each compute, looks before each effect, and
 * the rule which of two computes of one machine it is (marks.ts, by-claim.ts); docs/occi-provider.md says what that promises.
 */
import type { Capabilities } from '../../../../src/model/machine'
import type { Driver, HostTarget } from '../../driver'
import { openSender } from '../http'
import { lacking, PROVIDER_LACKS } from '../lacking'
import { accountAt, accountProbe } from '../probe'
import { REFUSING } from '../refusing'
import { type Machine, machineNamed, machinesIn, sightingOf, surplusIn } from './account'
import { type Client, openClient, type Server } from './api/client'
import type { Spoken } from './api/discover'
import { statementOf } from './api/uses'
import { openCarrier } from './carry'
import { check } from './check'
import { type Habits, make, SOON } from './make'
import { titleOf } from './marks'
import { end, power } from './power'
import { settingsOf } from './settings'
import { openWalk, PACE, type Pace, type Walk } from './walk'

export const OCCI_LACKS: Capabilities['lacks'] = [
  ...PROVIDER_LACKS,
  { verb: 'console', because: 'OCCI knows no console' },
]

const VERSION = 'OCCI'
/** ms that one call may take. */
const PATIENCE_MS = 15_000
/** What a server can do is asked anew so often, ms. */
const MODEL_MS = 10 * 60_000

export interface OcciOptions {
  /** The site whose mark our machines bear. */
  readonly site: string
  readonly patienceMs?: number
  /** How computes are looked at one by one. */
  readonly pace?: Pace
  /** ms since 1970. */
  readonly now?: () => number
}

/** What is kept of an account between two calls; all of it can be found out again. */
interface Account {
  readonly known: { spoken?: Promise<Spoken> }
  readonly habits: Habits
  readonly walk: Walk
  since: number
}

export function openOcciDriver(options: OcciOptions): Driver {
  const { site, patienceMs = PATIENCE_MS, pace = PACE, now = Date.now } = options
  const sender = openSender(patienceMs)
  const accounts = new Map<string, Account>()

  const fresh = (): Account => {
    const habits: Habits = { ids: 'may be ours', made: new Map() }
    return { known: {}, habits, walk: openWalk(site, pace), since: now() }
  }
  const accountFor = (host: HostTarget): Account => {
    const { rendering } = settingsOf(accountAt(host))
    const key = JSON.stringify([host.id, host.address, rendering])
    const account = accounts.get(key) ?? fresh()
    accounts.set(key, account)
    if (now() - account.since > MODEL_MS) {
      delete account.known.spoken
      account.since = now()
    }
    return account
  }
  const serverOf = (host: HostTarget): Server => {
    const target = accountAt(host)
    return { endpoint: host.address, settings: settingsOf(target), credentials: target.credentials }
  }
  const clientOf = (host: HostTarget): Client => openClient(serverOf(host), sender, accountFor(host).known)
  const machinesAt = async (host: HostTarget): Promise<readonly Machine[]> => {
    const client = clientOf(host)
    const listed = await client.list()
    const computes =
      listed.as === 'computes' ? listed.computes : await accountFor(host).walk.all(listed.locations, client.look)
    return [...machinesIn(computes, site).values()]
  }
  const machineAt = async (host: HostTarget, name: string): Promise<Machine> => {
    const client = clientOf(host)
    const listed = await client.list(titleOf(site, name))
    const computes =
      listed.as === 'computes'
        ? listed.computes
        : await accountFor(host).walk.ofMachine(listed.locations, name, client.look)
    return machineNamed(machinesIn(computes, site), name)
  }

  return {
    ...REFUSING,
    kind: 'occi',
    images: openCarrier(site, serverOf, sender),
    async capacity(host) {
      // A title that no machine bears: the cheapest question that asks for the password.
      await clientOf(host).list(titleOf(site, ''))
      return accountProbe(host, OCCI_LACKS, VERSION)
    },
    async list(host) {
      const machines = await machinesAt(host)
      const seen = { machines: machines.map(sightingOf), surplus: surplusIn(machines), foreign: [] }
      return { ...accountProbe(host, OCCI_LACKS, VERSION), ...seen }
    },
    find: async (host, { resource }) => sightingOf(await machineAt(host, resource)),
    async define(host, ticket, definition) {
      const { habits } = accountFor(host)
      // What its owner's section says stands instead.
      const settings = settingsOf({ settings: { ...accountAt(host).settings, ...definition.order?.section } })
      const making = { client: clientOf(host), settings, definition, ticket, now: now(), habits }
      const look = () => machineAt(host, ticket.resource)
      return make(making, await look(), look)
    },
    async undefine(host, { resource }) {
      const machine = await machineAt(host, resource)
      if (isGone(machine)) return { state: 'done', value: null }
      await end(clientOf(host), machine)
      return isGone(await machineAt(host, resource)) ? { state: 'done', value: null } : SOON
    },
    power: async (host, { resource }, order) => power(clientOf(host), await machineAt(host, resource), order),
    console: () => Promise.reject(lacking('console', OCCI_LACKS)),
    async discard(host, { machine, object }) {
      // The list that told of it may be old by now: it goes only if it still is one too many.
      const { surplus } = await machineAt(host, machine)
      if (surplus.some(({ location }) => location === object)) await clientOf(host).remove(object)
    },
    statement: (host, month) => statementOf(clientOf(host), month),
    check: (host) => check(clientOf(host), { name: host.name, account: accountAt(host), title: titleOf(site, '') }),
    close: async () => sender.close(),
  }
}

const isGone = ({ compute, surplus }: Machine): boolean => compute === null && surplus.length === 0
