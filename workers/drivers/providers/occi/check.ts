/** Whether an account can be used as its operator says: its password, what its server speaks, its templates, its network. */
import { fault } from '../../../../src/faults'
import { AVAILABILITY_ZONE, OS_TPL, RESOURCE_TPL } from '../../../../src/model/occi/names'
import type { ProviderTarget } from '../../../../src/model/providers/target'
import type { HostFinding, HostFindings } from '../../driver'
import { finding } from '../finding'
import type { Client } from './api/client'
import { templateNamed } from './make'
import { offerFindings, offersIn } from './offers'
import { settingsOf } from './settings'

/** `name`: of the account here; `title`: one that no machine bears, so that nothing is listed. */
export async function check(
  client: Client,
  { name, account, title }: { readonly name: string; readonly account: ProviderTarget; readonly title: string },
): Promise<HostFindings> {
  client.forget()
  const entered = await finding('credentials', 'accepted', () => client.list(title))
  const more = entered.verdict === 'ok' ? await offered(client, name, account) : []
  const findings = [entered, ...more]
  return { findings, hostKeys: [], fit: findings.every(({ verdict }) => verdict !== 'missing') }
}

async function offered(client: Client, name: string, account: ProviderTarget): Promise<readonly HostFinding[]> {
  const { rendering, version, model } = await client.spoken()
  const { zone, network } = settingsOf(account)
  const named = (base: string, what: string, name: string): Promise<HostFinding> =>
    finding(`${what} ${name}`, 'there', async () => templateNamed(model, base, what, name))
  const looks = [
    finding(`OCCI ${version}`, `spoken, in ${rendering}`, async () => undefined),
    ...Object.values(account.images).map((image) => named(OS_TPL, 'image', image)),
    ...account.types.map(({ name }) => named(RESOURCE_TPL, 'type', name)),
    ...(zone === null ? [] : [named(AVAILABILITY_ZONE, 'zone', zone)]),
    ...(network === null ? [] : [finding(`network ${network}`, 'there', () => networkThere(client, network))]),
  ]
  const offers = offersIn(model)
  const told = offers === undefined ? [] : offerFindings(offers, { name, ...account })
  return [...(await Promise.all(looks)), ...told]
}

async function networkThere(client: Client, network: string): Promise<void> {
  if (!(await client.isThere(network))) throw fault('refused', 'there is no such network')
}
