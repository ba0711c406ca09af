/** What one script compares when several decisions go into it. */
import type { ComputeId, HostId, NetworkId, ProjectId } from '../../../../src/model/ids'
import { openMerge } from '../../../../src/operations/together/merge'

const network = { kind: 'network', id: 'n' as NetworkId } as const
const project = 'p' as ProjectId

const merged = (...parts: Parameters<ReturnType<typeof openMerge>['add']>[0][]) => {
  const merge = openMerge()
  parts.forEach(merge.add)
  return merge.change()
}

test('nothing that was decided is nothing to write', () => {
  expect(merged()).toBeUndefined()
})

test('what moved between two decisions is compared as the first of them read it', () => {
  const read = (revision: number) => ({
    holds: [{ ref: network, generation: revision }],
    groups: [{ group: 'g', revision }],
    unchanged: [{ project, revision }],
  })
  expect(merged(read(1), read(2))).toMatchObject(read(1))
})

test('a claim is compared as it was first read, and becomes what was decided last', () => {
  const reclaim = { host: 'h' as HostId, compute: 'c' as ComputeId }
  const first = { reclaims: [{ ...reclaim, revision: 1, claim: 'small', begins: true as const }] }
  const last = { reclaims: [{ ...reclaim, revision: 2, claim: 'large' }] }
  expect(merged(first, last)?.reclaims).toEqual([{ ...reclaim, revision: 1, claim: 'large', begins: true }])
})
