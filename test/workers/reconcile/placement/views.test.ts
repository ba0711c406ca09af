import type { HostId } from '../../../../src/model/ids'
import { type Demand, formatClaim, hostViews, parseClaim } from '../../../../src/model/placement'
import type { HostRecord } from '../../../../src/model/records'
import type { HostClaims } from '../../../../src/store/store'
import { viewsOf } from '../../../../workers/reconcile/placement/views'
import type { Work } from '../../../../workers/reconcile/work'
import { demand, hostRecord, sizeOf } from '../../../support/host-record'
import { providerRecord } from '../../../support/provider-record'
import { at, firm, reserved } from '../../../support/reserved-hosts'

const work = {} as Work
const heldOn = (host: HostRecord, claims: HostClaims['claims'] = {}): HostClaims => ({
  ...{ host: host.id, revision: 7, claims },
})
const seen = async (
  hosts: readonly HostRecord[],
  held: readonly HostClaims[],
  now = 0,
  demands: readonly Demand[] = [],
) => viewsOf(work, { hosts, held, demands, now })
/** Thought out anew. */
const anew = (hosts: readonly HostRecord[], held: readonly HostClaims[], now = 0) =>
  hostViews(
    hosts.map((record, index) => ({ record, claims: Object.values(held[index]?.claims ?? {}).map(parseClaim) })),
    now,
  )

test('claims are those that were read, though a server that was put back has another state of the same revision', async () => {
  const host = hostRecord('h1')
  const machinesWith = async (claims: Readonly<Record<string, string>>) => {
    const [view] = await seen([host], [heldOn(host, claims)])
    return view?.machines
  }
  expect(await machinesWith({})).toBe(0)
  expect(await machinesWith({ m: formatClaim(sizeOf(1, 512)) })).toBe(1)
})

test('a host whose record and claims are the ones that they were is not looked at again', async () => {
  const [a, b] = [hostRecord('a'), hostRecord('b')]
  const held = [heldOn(a, { m: formatClaim(firm()) }), heldOn(b)]
  const before = await seen([a, b], held)
  const after = await seen([a, b], held, 5)
  expect(before).toEqual(anew([a, b], held))
  expect(after[0]).toBe(before[0])
  expect(after[1]).toBe(before[1])
})

test('what changed is seen: the record, the claims, and that a real host serves the site', async () => {
  const host = hostRecord('a')
  const held = heldOn(host, { m: formatClaim(firm()) })
  await seen([host], [held])
  const disabled = hostRecord('a', { wish: { enabled: false } })
  expect(await seen([disabled], [held])).toEqual(anew([disabled], [held]))
  const more = heldOn(host, { m: formatClaim(firm()), n: formatClaim(firm()) })
  expect(await seen([host], [more])).toEqual(anew([host], [more]))
  const real = hostRecord('r', { wish: { simulated: false, driver: 'xl' } })
  const [view] = await seen([host, real], [held, heldOn(real)])
  expect(view?.retired).toBe(true)
  expect((await seen([host], [held]))[0]?.retired).toBe(false)
})

test('what the time changes is thought out each time: reservations, and what a provider costs', async () => {
  const host = hostRecord('a')
  const held = heldOn(host, { r: formatClaim(reserved('r', 2, at(1))) })
  expect(await seen([host], [held], at(0))).toEqual(anew([host], [held], at(0)))
  expect(await seen([host], [held], at(1))).toEqual(anew([host], [held], at(1)))
  const provider = providerRecord('9')
  const none = heldOn(provider)
  for (const now of [at(0), at(9000)])
    expect(await seen([provider], [none], now)).toEqual(anew([provider], [none], now))
})

test('a host of which no claims were read has none', async () => {
  const host = hostRecord('a')
  expect(await seen([host], [])).toEqual(anew([host], []))
})

test('what is measured is asked for by expressions only, and stays with the plan that asked', async () => {
  const host = hostRecord('a' as HostId)
  const held = [heldOn(host)]
  const usage = { load: 1, uptimeSeconds: 1, cpuSeconds: 1, freeMemoryMiB: 77 }
  const rates = { cpuCores: 0.5, load: 1, freeMemoryMiB: 77 }
  const window = { at: 0, host: { usage, rates, slots: { hour: null, day: null } }, machines: {} }
  const asking = { store: { readUsage: async () => [window] } } as unknown as Work
  const share = { rank: 'FREE_CPU', weight: 1 }
  const asks = [demand('m', sizeOf(1, 1), { preference: { requirements: [], shares: [share], priority: 0 } })]
  const [plain] = await seen([host], held)
  const [measured] = await viewsOf(asking, { hosts: [host], held, demands: asks, now: 0 })
  expect(measured?.traits?.measured).toMatchObject({ freeMemoryMiB: 77 })
  expect(measured).toEqual({ ...plain, traits: { ...plain?.traits, measured: measured?.traits?.measured } })
  expect((await seen([host], held))[0]).toBe(plain)
})
