/** DescribeInstances of 1,000 machines, 20 of which change each second: what it costs beside sending the same bytes. */
import { startChanging } from './support/changing'
import { signed } from './support/ec2'
import type { Figure } from './support/figure'
import { listBesideBytes } from './support/list-beside-bytes'
import { makeMachines } from './support/machines'
import { openSite } from './support/site'

const MACHINES = 1_000

export async function describeInstances(): Promise<readonly Figure[]> {
  const site = await openSite()
  try {
    const tenant = await site.tenant('ann')
    await makeMachines(site, tenant, MACHINES, (order) => ({ Name: `web-${order}`, stage: 'production' }))
    const servers = { gateway: await site.gateway(), express: await site.express() }
    const machines = await site.operations.listComputes(tenant.caller)
    const changing = await startChanging(site, tenant, { what: 'tags', perSecond: 20, machines })
    try {
      const shot = await signed(tenant, servers.gateway.port, 'DescribeInstances')
      const what = `DescribeInstances of ${MACHINES} machines`
      const warmUp = await signed(tenant, servers.gateway.port, 'DescribeInstances', { MaxResults: '5' })
      const listing = { what, shot, warmUp, shows: 'changes', members: MACHINES, memberMark: '<instanceId>' } as const
      return [await listBesideBytes(site, { ...servers, changing }, listing)]
    } finally {
      await changing.stop()
    }
  } finally {
    await site.close()
  }
}
