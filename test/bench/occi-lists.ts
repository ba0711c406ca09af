/** Listing 1,000 computes by OCCI, 20 of which change each second: what it costs beside sending the same bytes. */
import { startChanging } from './support/changing'
import type { Figure } from './support/figure'
import { type Listing, listBesideBytes } from './support/list-beside-bytes'
import { openClient } from './support/load'
import { makeMachines } from './support/machines'
import { type BenchSite, openSite, type Tenant } from './support/site'

/** text/occi puts all of them into one header line: it is refused where clients could not read that (GFD.229 §5). */
const LISTS = [
  { accept: 'text/plain', machines: 1_000, shows: 'members', memberMark: '/compute/' },
  { accept: 'text/uri-list', machines: 1_000, shows: 'members', memberMark: '/compute/' },
  { accept: 'application/occi+json', machines: 1_000, shows: 'changes', memberMark: '"occi.compute.state"' },
  { accept: 'text/occi', machines: 500, shows: 'members', memberMark: '/compute/', header: 'x-occi-location' },
] as const

const basic = ({ user, password }: Tenant): string =>
  `Basic ${Buffer.from(`${user.wish.name}:${password}`).toString('base64')}`

async function listsOf(site: BenchSite, machines: number): Promise<readonly Figure[]> {
  const tenant = await site.tenant(`ann-${machines}`)
  await makeMachines(site, tenant, machines, (order) => ({ Name: `web-${order}` }))
  const servers = { gateway: await site.gateway(), express: await site.express() }
  const all = await site.operations.listComputes(tenant.caller)
  const changing = await startChanging(site, tenant, { what: 'title', perSecond: 20, machines: all })
  const figures: Figure[] = []
  const shotOf = (accept: string): Listing['shot'] => ({
    ...{ method: 'GET', path: '/compute/' },
    headers: { host: `127.0.0.1:${servers.gateway.port}`, authorization: basic(tenant), accept },
  })
  try {
    for (const { accept, ...rest } of LISTS.filter((list) => list.machines === machines)) {
      const what = `${accept} of ${machines} computes`
      const warmUp = { ...shotOf(accept), path: '/compute/?number=5' }
      const listing = { ...rest, what, shot: shotOf(accept), warmUp, members: machines }
      figures.push(await listBesideBytes(site, { ...servers, changing }, listing))
    }
    return machines === 1_000 ? [...figures, await refused(servers.gateway.port, shotOf('text/occi'))] : figures
  } finally {
    await changing.stop()
  }
}

async function refused(port: number, shot: Listing['shot']): Promise<Figure> {
  const client = openClient(port)
  const { status } = await client.send(shot)
  client.close()
  return { what: 'text/occi of 1000 computes', figure: `status ${status}`, bar: '406', isMet: status === 406 }
}

export async function occiLists(): Promise<readonly Figure[]> {
  const site = await openSite()
  try {
    return [...(await listsOf(site, 1_000)), ...(await listsOf(site, 500))]
  } finally {
    await site.close()
  }
}
