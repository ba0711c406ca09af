/** Decisions made one after the other, as one change. */
import type { ComputeId, HostId, NetworkId, ProjectId } from '../../../../src/model/ids'
import { openMerge } from '../../../../src/operations/together/merge'

const [HOST, COMPUTE, GROUP] = ['h1' as HostId, 'c1' as ComputeId, 'g1']
const hold = (generation: number) => ({ ref: { kind: 'network', id: 'n1' as NetworkId } as const, generation })
const reclaim = (revision: number, claim: string) => ({ host: HOST, revision, compute: COMPUTE, claim })
const unchanged = (revision: number) => ({ project: 'p1' as ProjectId, revision })

test('what Redis compares is what the first of them read, what it writes the last one decided', () => {
  const merge = openMerge()
  for (const read of [5, 6])
    merge.add({
      holds: [hold(read)],
      groups: [{ group: GROUP, revision: read }],
      unchanged: [unchanged(read)],
      reclaims: [reclaim(read, `claim ${read}`)],
    })
  expect(merge.change()).toMatchObject({
    holds: [hold(5)],
    groups: [{ group: GROUP, revision: 5 }],
    unchanged: [unchanged(5)],
    reclaims: [reclaim(5, 'claim 6')],
  })
})
