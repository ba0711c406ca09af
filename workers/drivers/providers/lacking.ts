/** What no provider can do for us, with the reason: there is no access to what runs machines there. */
import { type Fault, fault } from '../../../src/faults'
import type { Capabilities, Verb } from '../../../src/model/machine'

type Lacks = Capabilities['lacks']

const NO_HYPERVISOR = 'at a provider there is no access to the hypervisor'
const WHOLE = 'at a provider a machine keeps what it was made with'

/** What every provider lacks; a driver adds its own. */
export const PROVIDER_LACKS: Lacks = [
  { verb: 'suspend', because: `${NO_HYPERVISOR}: memory cannot be saved` },
  { verb: 'move-live', because: `${NO_HYPERVISOR}: a machine there cannot be moved` },
  { verb: 'move-cold', because: `${NO_HYPERVISOR}: a machine there cannot be moved` },
  { verb: 'attach-disk', because: 'volumes of this site cannot hang on a machine at a provider' },
  { verb: 'detach-disk', because: 'volumes of this site cannot hang on a machine at a provider' },
  { verb: 'grow-disk', because: WHOLE },
  { verb: 'snapshot-disk', because: 'its disk lies at a provider, not in the image store' },
  { verb: 'attach-network', because: WHOLE },
  { verb: 'detach-network', because: WHOLE },
  { verb: 'rules', because: "its traffic is filtered by the provider's rules, not by this site's" },
  { verb: 'resize', because: WHOLE },
  { verb: 'addresses', because: "public addresses of this site do not lead to a provider's machines" },
  { verb: 'adopt', because: 'machines that others made at a provider are not taken over' },
]

/** The refusal of a verb, before anything happens. */
export function lacking(verb: Verb, lacks: Lacks = PROVIDER_LACKS): Fault {
  const because = lacks.find((one) => one.verb === verb)?.because
  return fault('unsupported', because ?? `its provider lacks ${verb}`)
}
