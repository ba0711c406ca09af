/**
 * The OCCI driver under the contract of all drivers and that of providers, against the OCCI front of a partner gateway of ours: in JSON of
 * OCCI 1.2, in text of OCCI 1.1 as bodies and as headers, and with a server that chooses the paths of what it makes itself; as its customer
 * and as its partner, whose orders are signed.
 */
import { OCCI_LACKS } from '../../workers/drivers/providers/occi'
import { openOcciStage, partnership } from '../support/occi-stage'
import { type Partner, startPartner } from '../support/partner'
import type { WireRequest } from '../support/provider-wire'
import { definitionOf, endMachine, type Lack, openBench, through } from './driver/bench'
import { driverContract } from './driver-contract'
import { type ProviderContract, providerContract, type WiredStage } from './provider-contract'

const LACKS: readonly Lack[] = [
  ...OCCI_LACKS.map(({ verb, because }) => ({ what: verb as Lack['what'], because })),
  { what: 'pause', because: 'OCCI suspends, which writes the memory away' },
  { what: 'own disks', because: 'disks come and go with the machine' },
]

let shared: Promise<Partner> | undefined
afterAll(async () => (await shared)?.close())

let lent: ReturnType<typeof partnership> | undefined
const ACCOUNTS = {
  customer: async (partner: Partner) => partner.account,
  partner: (partner: Partner) => (lent ??= partnership(partner, 'lent')),
}

const opening =
  (rendering?: string, ids: 'ours' | 'its own' = 'ours', as: keyof typeof ACCOUNTS = 'customer') =>
  async (): Promise<WiredStage> => {
    shared ??= startPartner()
    const partner = await shared
    const account = await ACCOUNTS[as](partner)
    const stage = await openOcciStage({ ...partner, account }, rendering === undefined ? {} : { rendering })
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

const asPartner = opening(undefined, 'ours', 'partner')
providerContract({ name: 'occi 1.2 in JSON, as a partner', open: asPartner, is, throttle, idempotent: 'yes' })
providerContract({ name: 'occi 1.1 in text', open: opening('text/plain'), is, throttle, idempotent: 'yes' })
providerContract({
  name: 'occi, at a server that chooses paths itself',
  open: opening(undefined, 'its own'),
  is: { ...is, create: asks(/^POST \/compute\/$/) },
  throttle,
  idempotent: 'no',
})

describe('of a server that chooses paths itself', () => {
  const bench = openBench(opening(undefined, 'its own'), [])

  test('what is listed late is ordered once', async () => {
    const { driver, here, wire } = bench.stage() as WiredStage
    const definition = definitionOf(bench.stage(), bench.fresh())
    const { key } = bench.claim(definition.name).effect()
    const empty = { kind: 'answer', status: 200, type: 'application/occi+json', body: '{"resources":[]}' } as const
    wire.next(empty, is.list, 1_000_000)
    const order = () => driver.define(here, bench.claim(definition.name).effect(key), definition)
    for (let job = 0; job < 3; job += 1) expect(await order()).toMatchObject({ state: 'running' })
    wire.calm()
    await through(order)
    expect(wire.requests.filter(({ method, path }) => method === 'POST' && path === '/compute/')).toHaveLength(1)
    await endMachine(bench, definition.name)
  })
})

describe.each([
  ['a customer, in JSON', opening(), 'application/occi+json', '{"resources":[]}'],
  ['a customer, in text', opening('text/plain'), 'text/plain', ''],
  ['a partner, in JSON', asPartner, 'application/occi+json', '{"resources":[]}'],
  ['a partner, in text', opening('text/plain', 'ours', 'partner'), 'text/plain', ''],
])('of %s', (_whose, open, type, empty) => {
  const bench = openBench(open, [])

  test('an order that arrives again, at its id, makes no second machine', async () => {
    const { driver, here, wire } = bench.stage() as WiredStage
    const definition = definitionOf(bench.stage(), bench.fresh())
    const { key } = bench.claim(definition.name).effect()
    await driver.define(here, bench.claim(definition.name).effect(key), definition)
    // As to a worker that looked before the first one arrived.
    wire.next({ kind: 'answer', status: 200, type, body: empty }, is.list)
    await driver.define(here, bench.claim(definition.name).effect(key), definition)
    const made = wire.requests.filter(
      ({ method, path }) => method === 'PUT' || (method === 'POST' && !path.includes('?')),
    )
    expect(made.map(({ method }) => method)).toEqual(['PUT', 'PUT'])
    expect(new Set(made.map(({ path }) => path)).size).toBe(1)
    const { machines, surplus = [] } = await driver.list(here)
    expect(machines.filter(({ name }) => name === definition.name)).toHaveLength(1)
    expect(surplus.filter(({ machine }) => machine === definition.name)).toEqual([])
    await endMachine(bench, definition.name)
  })
})
