import type { HostId } from '../../../../src/model/ids'
import { formatClaim } from '../../../../src/model/placement'
import { viewsOf } from '../../../../workers/reconcile/placement/snapshot'
import type { Work } from '../../../../workers/reconcile/work'
import { hostRecord, sizeOf } from '../../../support/host-record'

test('claims are those that were read, though a server that was put back has another state of the same revision', async () => {
  const host = hostRecord('h1')
  const machinesWith = async (claims: Readonly<Record<string, string>>) => {
    const held = [{ host: host.id as HostId, revision: 7, claims }]
    const [view] = await viewsOf(work, { hosts: [host], held, demands: [], now: 0 })
    return view?.machines
  }
  const work = {} as Work
  expect(await machinesWith({})).toBe(0)
  expect(await machinesWith({ m: formatClaim(sizeOf(1, 512)) })).toBe(1)
})
