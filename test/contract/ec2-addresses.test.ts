/** Public addresses at EC2 by the driver, against the EC2 front of a partner gateway of ours, while the wire breaks. */
import type { AddressKeeper, AddressSighting, Effect, HostTarget } from '../../workers/drivers/driver'
import { asks, closeEc2Partner, openEc2Stage } from '../support/ec2-stage'
import type { WireFault } from '../support/provider-wire'
import { until } from '../support/until'
import { endMachine, faultOf, machineOn, openBench, through } from './driver/bench'
import type { WiredStage } from './provider-contract'

const answer = (code: string): string =>
  `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><RequestID>r</RequestID></Response>`
const FAULTS: readonly (readonly [string, WireFault])[] = [
  ['the connection is cut before it was done', { kind: 'cut-before' }],
  ['the connection is cut after it was done', { kind: 'cut-after' }],
  ['it answers 503 after it was done', { kind: 'answer-after', status: 503, body: answer('InternalError') }],
]

afterAll(closeEc2Partner)

const bench = openBench(openEc2Stage, [])
const wired = () => bench.stage() as WiredStage
const keeper = (): AddressKeeper => {
  const { addresses } = wired().driver
  if (addresses === undefined) throw new Error('the driver keeps no addresses')
  return addresses
}
const here = (): HostTarget => wired().here
/** Again under its key, whatever is not known. */
const persist = async <T>(order: () => Promise<Effect<T>>): Promise<T> => {
  let done: Extract<Effect<T>, { readonly state: 'done' }> | undefined
  const isDone = async () => {
    const came = await order().catch(() => undefined)
    if (came?.state === 'done') done = came
    return done !== undefined
  }
  await until(isDone, { timeoutMs: 20_000, everyMs: 50, what: 'it to be through' })
  if (done === undefined) throw new Error('it is not through')
  return done.value
}
const fresh = (): string => bench.fresh().replace('i-', 'eipalloc-')
const effectOn = (resource: string) => bench.claim(resource).effect()
const listed = async (name: string): Promise<readonly AddressSighting[]> =>
  ((await wired().driver.list(here())).addresses ?? []).filter((one) => one.name === name)
const publicsOf = async (machine: string) =>
  (await wired().driver.find(here(), bench.claim(machine).look)).publics?.map(({ ip }) => ip) ?? []
async function given(name = fresh()): Promise<AddressSighting> {
  const ticket = effectOn(name)
  const done = await keeper().allocate(here(), ticket)
  if (done.state !== 'done') throw new Error('it was not given')
  return done.value
}
const giveBack = async ({ name, object }: AddressSighting): Promise<void> => {
  const ticket = effectOn(name)
  await through(() => keeper().release(here(), ticket, object))
}
const order = (ip: string) => ({ ip, privateAddress: '10.0.0.4' })

test.each(FAULTS)('one is had, led to a machine, taken away and given back although %s', async (_what, broken) => {
  const { driver, wire } = wired()
  const { name: machine } = await machineOn(bench, 'on')
  const name = fresh()
  const [have, back] = [effectOn(name), effectOn(name)]
  const [lead, take] = [effectOn(machine), effectOn(machine)]
  const broke = (action: string) => wire.next(broken, asks(action))

  broke('AllocateAddress')
  const value = await persist(() => keeper().allocate(here(), have))
  expect(value).toMatchObject({ name, ip: expect.stringMatching(/^203\.0\.113\./) })
  expect(await listed(name)).toEqual([value])
  broke('AssociateAddress')
  await persist(() => driver.network.publish(here(), lead, 'mac', [order(value.ip)]))
  expect(await publicsOf(machine)).toEqual([value.ip])
  broke('DisassociateAddress')
  await persist(() => driver.network.publish(here(), take, 'mac', []))
  expect(await publicsOf(machine)).toEqual([])
  broke('ReleaseAddress')
  await persist(() => keeper().release(here(), back, value.object))
  expect(await keeper().find(here(), name)).toEqual([])
  // Each fault was met.
  wire.calm()
  const asked = wire.requests.filter((request) => asks('AllocateAddress')(request) && request.body.includes(name))
  expect(asked).toHaveLength(broken.kind === 'cut-before' ? 2 : 1)
  await endMachine(bench, machine)
})

test('two of one mark are told in the order in which they were asked for, and one is given back by its own id', async () => {
  const name = fresh()
  const { wire } = wired()
  // The look before shows nothing yet, as a service does that is eventually consistent.
  const nothing = { kind: 'answer', status: 200, body: '<DescribeAddressesResponse/>' } as const
  wire.next(nothing, asks('DescribeAddresses'), 2)
  const ticket = (attempt: number) => ({ ...effectOn(name), key: `a/address/up/${attempt}` })
  const second = await keeper().allocate(here(), ticket(2))
  const first = await keeper().allocate(here(), ticket(1))
  wire.calm()
  const all = [first, second].flatMap((one) => (one.state === 'done' ? [one.value] : []))
  expect(await keeper().find(here(), name)).toEqual(all)
  expect(await listed(name)).toHaveLength(2)
  const [kept, spare] = all
  if (!kept || !spare) throw new Error('two were not given')
  await giveBack(spare)
  expect(await keeper().find(here(), name)).toEqual([kept])
  // Gone already is done.
  await giveBack(spare)
  await giveBack(kept)
  expect(await listed(name)).toEqual([])
})

test('it stays with its machine while that is stopped, and goes to another one only from it', async () => {
  const { driver } = wired()
  const [{ name: one }, { name: other }] = [await machineOn(bench, 'on'), await machineOn(bench, 'on')]
  const address = await given()
  const publish = async (machine: string, ips: readonly string[]): Promise<void> => {
    const ticket = effectOn(machine)
    await through(() => driver.network.publish(here(), ticket, 'mac', ips.map(order)))
  }
  await publish(one, [address.ip])
  const [off, on] = [effectOn(one), effectOn(one)]
  await through(() => driver.power(here(), off, { to: 'off', how: 'hard' }))
  expect(await publicsOf(one)).toEqual([address.ip])
  await through(() => driver.power(here(), on, { to: 'on' }))
  expect(await publicsOf(one)).toEqual([address.ip])
  await publish(other, [address.ip])
  expect([await publicsOf(one), await publicsOf(other)]).toEqual([[], [address.ip]])
  // The list shows the same as looks do.
  const { machines } = await driver.list(here())
  expect(machines.find(({ name }) => name === other)?.publics).toEqual([{ ip: address.ip, mac: '' }])
  // What leads to a machine is given back too.
  await giveBack(address)
  expect(await publicsOf(other)).toEqual([])
  await endMachine(bench, one)
  await endMachine(bench, other)
})

test('what is none of the account, and a machine that is not there, are refused by name, and nothing is asked for', async () => {
  const { driver, wire } = wired()
  const { name: machine } = await machineOn(bench, 'on')
  const lead = (resource: string, ips: readonly string[]) =>
    driver.network.publish(here(), effectOn(resource), 'mac', ips.map(order))
  const before = wire.requests.filter(asks('AssociateAddress')).length
  await faultOf(lead(machine, ['198.51.100.9']), 'unsupported')
  const address = await given()
  await faultOf(lead(bench.fresh(), [address.ip]), 'refused')
  expect(await lead(bench.fresh(), [])).toMatchObject({ state: 'done' })
  expect(wire.requests.filter(asks('AssociateAddress'))).toHaveLength(before)
  await giveBack(address)
  await endMachine(bench, machine)
})

test('a limit of the account is a refusal in words', async () => {
  const { wire } = wired()
  const name = fresh()
  wire.next({ kind: 'answer', status: 400, body: answer('AddressLimitExceeded') }, asks('AllocateAddress'))
  const fault = await keeper()
    .allocate(here(), effectOn(name))
    .catch((thrown: unknown) => thrown)
  expect(fault).toMatchObject({ kind: 'refused', message: expect.stringContaining('no more addresses') })
})

test.each([
  [403, 'UnauthorizedOperation', 'to a user that may not ask'],
  [400, 'InvalidAction', 'by a service that has none'],
  [400, 'UnsupportedOperation', 'by a service that has none yet'],
])('neither volumes nor addresses are told (%s %s) %s, and all else goes on', async (status, code) => {
  const { driver, wire } = wired()
  const { name: machine } = await machineOn(bench, 'on')
  for (const action of ['DescribeAddresses', 'DescribeVolumes'])
    wire.next({ kind: 'answer', status, body: answer(code) }, asks(action))
  const listing = await driver.list(here())
  expect(listing).not.toHaveProperty('addresses')
  expect(listing).not.toHaveProperty('volumes')
  expect(listing.machines.map(({ name }) => name)).toContain(machine)
  await endMachine(bench, machine)
})
