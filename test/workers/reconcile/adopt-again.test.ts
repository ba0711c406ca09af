/** A machine that was taken over is never taken over again: where its definition is gone, it is defined anew. */
import { plan } from '../../../workers/reconcile/plan'
import { type ComputeParts, computeRecord, placed, sighting } from '../../support/compute-record'

const boot = { mode: 'pvh', kernel: '/guest/vmlinuz', initramfs: null, cmdline: null, settings: {} } as const
const disk = { device: 'xvda', format: 'raw', path: '/srv/web.img', sizeGiB: 8 } as const
const wish = { image: null, adopted: { from: 'web', boot, disks: [disk] } }
const planned = (seen: ComputeParts['seen'], machine = sighting('off', { id: null, interfaces: [] })) =>
  plan(computeRecord({ wish, seen: { starts: 0, ...seen }, place: placed }), machine, 1)

test('one that nobody has seen as ours is taken over first', () => {
  expect(planned({})).toMatchObject({ kind: 'do', step: 'adopt', direction: 'up' })
})

test.each<[string, ComputeParts['seen']]>([
  ['it was defined', { defined: 'digest' }],
  ['it ran as ours', { startedAt: 5 }],
])('where %s, and a new definition was cut in the middle, the rest of the ladder is walked', (_what, seen) => {
  const steps = ['network', 'define']
  expect(steps).toContain((planned(seen) as { step?: string }).step)
})

test('once it is ours there is nothing to take over', () => {
  const ours = planned({ startedAt: 5, starts: 1 }, sighting('running'))
  expect(ours).not.toMatchObject({ step: 'adopt' })
})
