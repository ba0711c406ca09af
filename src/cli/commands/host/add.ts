/** `host add` and `host trust`: a host joins by a check that found it fit, and under the ssh host key that it showed then. */
import { z } from 'zod'
import { fault } from '../../../faults'
import type { AdminClient } from '../../admin-client'
import { type Leaf, pathTo } from '../../leaf'
import { type Check, type CheckOrder, checked, lacking, toldFindings, unfit } from './check'
import { details, type Host, host } from './shape'

const SIMULATOR = 'simulator'

/** A host that joined, or only what a dry run found. */
export type Added =
  | { readonly added: Host; readonly findings: Check['findings'] }
  | { readonly added: null; readonly findings: Check['findings']; readonly hostKeys: readonly string[] }

export const add: Leaf<Added> = {
  usage: 'add <name>',
  description: 'let machines run on another host, once it was found fit',
  options: [
    ['--zone <zone>', 'availability zone it belongs to'],
    ['--address <address>', 'what the driver connects to: ssh://user@host[:port]'],
    ['--driver <driver>', 'how it is driven: xl (default), simulator'],
    ['--host-key <fingerprint>', 'its ssh host key, SHA256:…; otherwise the one that it shows now is trusted'],
    ['--dry-run', 'only look: nothing is changed on the host, and it does not join'],
    ['--retire-simulated', 'for the first real host: the simulated ones go'],
  ],
  needs: ['zone', 'address'],
  async run(admin, { args: [name = ''], options }) {
    const { zone, address = '', driver = 'xl', hostKey, dryRun, retireSimulated } = options
    const retire = retireSimulated ? ({ retireSimulated: true } as const) : {}
    const order = { name, zone, driver, address, ...retire }
    if (driver === SIMULATOR) return { added: host.parse(await admin.post('/hosts', order)), findings: [] }
    const pinned = typeof hostKey === 'string' ? { hostKeys: [hostKey] } : {}
    const wanted = { name, driver: String(driver), address: String(address), ...pinned, ...retire }
    const found = await checked(admin, { ...wanted, how: dryRun ? 'looks' : 'mends' })
    if (dryRun) return { added: null, findings: found.findings, hostKeys: found.hostKeys }
    if (!found.fit) throw unfit(found)
    return { added: host.parse(await admin.post('/hosts', { ...order, check: found.id })), findings: found.findings }
  },
  show(found) {
    if (found.added === null) return `${toldFindings(found)}nothing was changed there; the host did not join\n`
    const trusted = found.added.hostKeys.map((key) => `trusted by its host key ${key}\n`).join('')
    return `${toldFindings(found)}${trusted}${details(found.added)}`
  },
  // Without --dry-run it would not join.
  fails: (found) => (found.added === null ? lacking(found) : undefined),
}

const known = z.looseObject({ name: z.string(), driver: z.string(), address: z.string() })

async function orderFor(admin: AdminClient, name: string): Promise<Omit<CheckOrder, 'how'>> {
  const { driver, address } = known.parse(await admin.get(pathTo('hosts', name)))
  return { name, driver, address }
}

export const trust: Leaf<Host> = {
  usage: 'trust <name>',
  description: 'trust the ssh host key that it shows now, and no other any more',
  options: [['--host-key <fingerprint>', 'only if it shows this one, SHA256:…']],
  async run(admin, { args: [name = ''], options: { hostKey } }) {
    const found = await checked(admin, { ...(await orderFor(admin, name)), how: 'looks' })
    if (found.hostKeys.length === 0) throw unfit(found)
    if (typeof hostKey === 'string' && !found.hostKeys.includes(hostKey))
      throw fault('refused', `${name} shows ${found.hostKeys.join(', ')}, not ${hostKey}: nothing was changed`)
    return host.parse(await admin.post(`${pathTo('hosts', name)}/trust`, { check: found.id }))
  },
  show: (it) => `${it.name} is trusted by its host key ${it.hostKeys.join(', ')}\n`,
}

export const check: Leaf<Check> = {
  usage: 'check <name>',
  description: 'look at a host that joined before; nothing is changed; fails as long as something is missing',
  async run(admin, { args: [name = ''] }) {
    const { hostKeys } = host.parse(await admin.get(pathTo('hosts', name)))
    return checked(admin, { ...(await orderFor(admin, name)), hostKeys, how: 'looks' })
  },
  show: toldFindings,
  fails: lacking,
}
