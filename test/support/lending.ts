/** Gateways of ours that lend each other machines, for tests: partners made, accounts added, hosts filled. */
import { z } from 'zod'
import { OS_TPL_SCHEME, RESOURCE_TPL_SCHEME } from '../../src/occi/model/names'
import { occiClient } from './occi-client'
import type { Partner } from './partner'
import { startWire } from './provider-wire'
import { until } from './until'

const credential = z.object({ user: z.string(), password: z.string() })
const HOSTS = [1, 2, 3, 4, 5, 6, 7, 8]

export interface Lending {
  readonly from: Partner
  readonly to: Partner
  /** What the account is called at the one that orders; its partnership there bears the same name. */
  readonly name: string
  /** Where the one that orders finds it; its own address where nothing is said. */
  readonly through?: string
  /** More of the partnership. */
  readonly terms?: object
  /** More of the account. */
  readonly account?: object
}

/** `from` lends to `to`: by OCCI, one type at one price, no more than twenty machines. */
export async function lend({ from, to, name, through = from.url, terms = {}, account = {} }: Lending): Promise<void> {
  const quota = { instances: 20, cores: 40, memoryMiB: 100_000 }
  const { user, password } = credential.parse(await from.admin.post('/partners', { name, quota, ...terms }))
  await to.admin.post('/providers', {
    ...{ name, kind: 'occi', endpoint: through, region: from.region, account: user, secret: password },
    ...account,
  })
  const type = { name: 't2.nano', cores: 1, memoryMiB: 512, diskGiB: null, price: 5_800, count: 20 }
  await to.admin.patch(`/providers/${name}`, { type, images: { [to.image]: from.image } })
}

/** No host of its own takes machines any more. */
export async function fill(site: Partner): Promise<void> {
  for (const number of HOSTS) await site.admin.post(`/hosts/sim-${number}/disable`)
}
export const empty = (site: Partner): Promise<unknown> => site.admin.post('/hosts/sim-1/enable')

const isOurs = (name: string): boolean =>
  name.startsWith('org.occi-gateway.federation.') || name.endsWith('federation#order')

/** What stands between two gateways and takes all from an order that says where it comes from. */
export const startStripper = (target: string) =>
  startWire(target, (body) => {
    if (!body.toString('utf8').startsWith('{')) return body
    const order = JSON.parse(body.toString('utf8')) as { mixins?: string[]; attributes?: Record<string, unknown> }
    const { mixins = [], attributes = {} } = order
    const kept = Object.fromEntries(Object.entries(attributes).filter(([name]) => !isOurs(name)))
    return Buffer.from(JSON.stringify({ ...order, mixins: mixins.filter((one) => !isOurs(one)), attributes: kept }))
  })

const machines = z.object({
  instances: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      state: z.string(),
      host: z.string().nullable(),
      project: z.string(),
    }),
  ),
})
export type Listed = z.infer<typeof machines>['instances'][number]

/** All machines of a site, whosever they are; what is gone is not told. */
export const machinesOf = async ({ admin }: Partner): Promise<readonly Listed[]> =>
  machines
    .parse(await admin.get('/instances'))
    .instances.filter(({ state }) => state !== 'done' && state !== 'stopping')

/** One machine, ordered by a tenant of that site; its id. */
export async function orderAt({ url, account, image }: Partner): Promise<string> {
  const answer = await occiClient({ ...account, occiUrl: `${url}/` })('POST', 'compute/', {
    'content-type': 'text/occi',
    category:
      'compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind",' +
      `t2_nano; scheme="${RESOURCE_TPL_SCHEME}"; class="mixin",` +
      `${image}; scheme="${OS_TPL_SCHEME}"; class="mixin"`,
  })
  const location = answer.headers.get('location') ?? ''
  if (answer.status !== 201) throw new Error(`${answer.status}: ${answer.body}`)
  return location.slice(location.lastIndexOf('/') + 1)
}

/** Its owner wants it no more. */
export async function endAt({ url, account }: Partner, id: string): Promise<void> {
  await occiClient({ ...account, occiUrl: `${url}/` })('DELETE', `compute/${id}`)
}

const explained = z.object({
  state: z.string(),
  hosts: z.array(z.object({ host: z.string(), because: z.array(z.string()) })),
})
/** Why a host or account does not take a machine. */
export async function whyNot({ admin }: Partner, id: string, host: string): Promise<string> {
  const { hosts } = explained.parse(await admin.get(`/instances/${id}/explain`))
  return hosts.find((one) => one.host === host)?.because.join('; ') ?? 'it is not told of'
}

export const untilWhyNot = (site: Partner, id: string, host: string, because: RegExp): Promise<boolean> =>
  until(
    async () => {
      const said = await whyNot(site, id, host)
      if (!because.test(said)) throw new Error(said)
      return true
    },
    { timeoutMs: 60_000, everyMs: 300, what: `${host} not to take it because ${because}` },
  )
