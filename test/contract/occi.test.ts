/**
 * The OCCI driver under the contract of all drivers and that of providers, against the OCCI front of a partner gateway of ours: in JSON of
 * OCCI 1.2, in text of OCCI 1.1 as bodies and as headers, and with a server that chooses the paths of what it makes itself.
 */
import { OCCI_LACKS } from '../../workers/drivers/providers/occi'
import { openOcciStage } from '../support/occi-stage'
import { type Partner, startPartner } from '../support/partner'
import type { WireRequest } from '../support/provider-wire'
import type { Lack } from './driver/bench'
import { driverContract } from './driver-contract'
import { type ProviderContract, providerContract, type WiredStage } from './provider-contract'

const LACKS: readonly Lack[] = [
  ...OCCI_LACKS.map(({ verb, because }) => ({ what: verb as Lack['what'], because })),
  { what: 'pause', because: 'OCCI suspends, which writes the memory away' },
  { what: 'own disks', because: 'disks come and go with the machine' },
]

let shared: Promise<Partner> | undefined
afterAll(async () => (await shared)?.close())

const opening =
  (rendering?: string, ids: 'ours' | 'its own' = 'ours') =>
  async (): Promise<WiredStage> => {
    shared ??= startPartner()
    const stage = await openOcciStage(await shared, rendering === undefined ? {} : { rendering })
    if (ids === 'its own') {
      // As a server of OCCI 1.1 that picks paths itself (GFD.185 §3.4.5).
      const { wire } = stage
      const picky = () =>
        wire.next({ kind: 'answer', status: 400, body: 'no' }, ({ method }) => method === 'PUT', 1_000_000)
      const calm = () => {
        wire.calm()
        picky()
      }
      picky()
      return { ...stage, wire: { ...wire, calm } }
    }
    return stage
  }

const whole = { because: 'a provider has no such parts, and no guard' }
driverContract({ name: 'occi, found out to be 1.2 in JSON', open: opening(), lacks: LACKS, whole })
driverContract({ name: 'occi 1.1 in text/plain', open: opening('text/plain'), lacks: LACKS, whole })
driverContract({ name: 'occi 1.1 in text/occi', open: opening('text/occi'), lacks: LACKS, whole })

const asks = (path: RegExp) => (request: WireRequest) => path.test(`${request.method} ${request.path}`)
const throttle = { kind: 'answer', status: 429, body: 'slow down' } as const
const is: ProviderContract['is'] = {
  create: asks(/^PUT \/compute\/./),
  end: asks(/^DELETE \/compute\/./),
  stop: asks(/^POST \/compute\/[^/]+\?action=stop/),
  list: asks(/^GET \/compute\/$/),
}

providerContract({ name: 'occi 1.2 in JSON', open: opening(), is, throttle, idempotent: 'yes' })
providerContract({ name: 'occi 1.1 in text', open: opening('text/plain'), is, throttle, idempotent: 'yes' })
providerContract({
  name: 'occi, at a server that chooses paths itself',
  open: opening(undefined, 'its own'),
  is: { ...is, create: asks(/^POST \/compute\/$/) },
  throttle,
  idempotent: 'no',
})
