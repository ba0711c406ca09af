/** Whether a machine that runs may be given another size: by name why not, before anything changes. */
import { fault } from '../../faults'
import { mostOf, whyNotGrown } from '../../model/headroom'
import type { Amounts } from '../../model/machine'
import type { ComputeRecord } from '../../model/records'
import type { Context } from '../context'

/** What was given to it already, or is about to be. */
const hasOrComes = (now: Amounts, coming: Amounts): Amounts => ({
  cores: coming.cores,
  memoryMiB: Math.max(now.memoryMiB, coming.memoryMiB),
})

const ELSE = 'stop it, and it can have any size'

/** Faults: 'unsupported' (its host resizes nothing that runs), 'state' (it is beyond what it was started to have). */
export function refuseUnlessGrown({ mirror }: Context, record: ComputeRecord, wanted: Amounts): void {
  const { wish, seen, place, id } = record
  const subject = { kind: 'compute', id } as const
  const host = mirror.get('host', place.host ?? '')
  const lack = host?.seen.capabilities?.lacks.find(({ verb }) => verb === 'resize')
  if (lack) throw fault('unsupported', `${wish.name} runs and keeps its size: ${lack.because}; ${ELSE}`, { subject })
  const image = mirror.get('image', wish.image ?? '')
  const because =
    seen.sized === undefined || image === undefined
      ? 'it is not known how large it was started'
      : seen.machine?.domain !== 'running'
        ? 'its guest is paused'
        : whyNotGrown(hasOrComes(seen.sized.now, wish.size), mostOf(seen.sized.defined, image), wanted)
  if (because !== undefined)
    throw fault('state', `${wish.name} runs and cannot have that size now: ${because}; ${ELSE}`, { subject })
}
