/** Whether an account can be used as its operator says: its key, its settings, its images. */
import { fault } from '../../../../src/faults'
import type { ProviderTarget } from '../../../../src/model/providers/target'
import type { HostFinding, HostFindings } from '../../driver'
import { finding } from '../finding'
import type { Client } from './api/client'
import { vlanNamed } from './make'
import { imageOf, settingsOf } from './settings'

export async function check(client: Client, account: ProviderTarget): Promise<HostFindings> {
  const entered = await finding('credentials', 'accepted', async () => void (await client.resources('ip')))
  const more = entered.verdict === 'ok' ? await offered(client, account) : []
  const findings = [entered, ...more]
  return { findings, hostKeys: [], fit: findings.every(({ verdict }) => verdict === 'ok') }
}

async function offered(client: Client, account: ProviderTarget): Promise<readonly HostFinding[]> {
  const { vlan } = settingsOf(account)
  const looks = Object.values(account.images).map((image) =>
    finding(`image ${image}`, 'there', async () => void (await client.drive(imageOf(image).drive))),
  )
  if (vlan !== null)
    looks.push(
      finding(`VLAN ${vlan}`, 'there', async () => {
        if ((await vlanNamed(client, vlan)) === undefined) throw fault('refused', 'there is no such VLAN')
      }),
    )
  return Promise.all(looks)
}
