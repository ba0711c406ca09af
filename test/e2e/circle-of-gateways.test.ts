/**
 * Three gateways that lend in a circle: what a cannot take goes to b, what b cannot take to c, what c cannot take to a. All are full: an
 * order ends where it began, with the reason, and nothing goes round; not with its signature, and not where somebody on the way takes
 * from orders what they say of themselves.
 */
import { z } from 'zod'
import { empty, endAt, fill, lend, machinesOf, orderAt, startStripper, untilWhyNot } from '../support/lending'
import { type Partner, startPartner } from '../support/partner'
import { type ProviderWire, startWire } from '../support/provider-wire'
import { until } from '../support/until'

jest.setTimeout(120_000)

/** Longer than a partner's machine waits for a place. */
const WAITED_MS = 30_000
let a: Partner
let b: Partner
let c: Partner
const strippers: ProviderWire[] = []

beforeAll(async () => {
  const start = (site: string) => startPartner(site, ['--host-poll-ms', '500'])
  a = await start('a-1')
  b = await start('b-1')
  c = await start('c-1')
  const circle = [
    [b, a, 'b-signed'],
    [c, b, 'c-signed'],
    [a, c, 'a-signed'],
  ] as const
  for (const [from, to, name] of circle) await lend({ from, to, name, terms: { onward: 'allowed' } })
  for (const [from, to, name] of circle) {
    const stripper = await startStripper(from.url)
    strippers.push(stripper)
    const other = name.replace('signed', 'stripped')
    await lend({ from, to, name: other, through: stripper.url, terms: { onward: 'allowed' } })
  }
  for (const site of [a, b, c]) await fill(site)
})
beforeEach(() => {
  most = 0
})
afterEach(async () => {
  for (const { id } of await machinesOf(a)) await endAt(a, id)
  await untilCounts([0, 0, 0], 'all to be gone')
})
afterAll(async () => {
  for (const wire of strippers) await wire.close()
  for (const site of [a, b, c]) await site?.close()
})

/** Which of the two ways orders take between each two. */
async function by(ways: Readonly<Record<'a' | 'b' | 'c', 'signed' | 'stripped'>>): Promise<void> {
  for (const [site, to] of [
    [a, 'b'],
    [b, 'c'],
    [c, 'a'],
  ] as const) {
    const way = ways[to]
    await site.admin.post(`/hosts/${to}-${way}/enable`)
    await site.admin.post(`/hosts/${to}-${way === 'signed' ? 'stripped' : 'signed'}/disable`)
  }
}

/** More machines at one site at a time than ever may be. */
let most = 0
const counts = async (): Promise<readonly number[]> => {
  const found = await Promise.all([a, b, c].map(async (site) => (await machinesOf(site)).length))
  most = Math.max(most, ...found)
  return found
}
const untilCounts = (wanted: readonly number[], what: string): Promise<boolean> =>
  until(
    async () => {
      const found = await counts()
      if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${found} machines, not ${wanted}`)
      return true
    },
    { timeoutMs: 60_000, everyMs: 200, what },
  )
const stateAt = async (site: Partner, id: string) => (await machinesOf(site)).find((one) => one.id === id)?.state
const untilPending = (id: string): Promise<boolean> =>
  until(async () => (await stateAt(a, id)) === 'pending', { what: 'it to wait at home' })

test.each([
  ['signed all the way', 'signed'],
  ['stripped on the last way back', 'stripped'],
] as const)(
  '%s: what goes round is refused where it began, each gives it up, and it waits at home with the reason',
  async (_how, back) => {
    await by({ b: 'signed', c: 'signed', a: back })
    const id = await orderAt(a)
    await untilCounts([1, 1, 1], 'it to have come to c')
    const [atC] = await machinesOf(c)
    await untilWhyNot(c, atC?.id ?? '', `a-${back}`, /refused it before.*409 no-capacity/)
    // Nobody calls running what does not run.
    expect(await stateAt(a, id)).not.toBe('running')
    await c.advance(WAITED_MS)
    await untilCounts([1, 1, 0], 'c to have none')
    await b.advance(WAITED_MS)
    await untilCounts([1, 0, 0], 'b to have none')
    await untilWhyNot(a, id, 'b-signed', /refused it before.*found no place/)
    expect([await stateAt(a, id), most]).toEqual(['pending', 1])
    await empty(a)
    await until(async () => (await stateAt(a, id)) === 'running', { timeoutMs: 30_000, what: 'it to run at home' })
    await a.admin.post('/hosts/sim-1/disable')
  },
)

test('stripped from the beginning: an order that does not say where it comes from goes no further, and is refused where there is no room', async () => {
  await by({ b: 'stripped', c: 'signed', a: 'signed' })
  const id = await orderAt(a)
  await untilWhyNot(a, id, 'b-stripped', /refused it before.*409 no-capacity/)
  await untilPending(id)
  expect([await counts(), most]).toEqual([[1, 0, 0], 1])
})

describe('why a partner does not take it is told where it was ordered:', () => {
  let hanging: ProviderWire
  const also = (name: string, more: Partial<Parameters<typeof lend>[0]>) => lend({ from: b, to: a, name, ...more })
  const only = async (name: string) => {
    for (const other of ['capped', 'expired', 'regional', 'gone', 'hanging'])
      await a.admin.post(`/hosts/${other}/${other === name ? 'enable' : 'disable'}`)
  }
  beforeAll(async () => {
    await empty(b)
    for (const way of ['signed', 'stripped']) await a.admin.post(`/hosts/b-${way}/disable`)
    hanging = await startWire(b.url)
    strippers.push(hanging)
    await also('capped', { terms: { quota: { instances: 0, cores: 0, memoryMiB: 0 } } })
    await also('expired', { terms: { expiresInSeconds: 60 } })
    await also('regional', { terms: { regions: ['c-1'] } })
    // Nobody listens at port 9 (discard).
    await also('gone', { through: 'http://127.0.0.1:9' })
    await also('hanging', { through: hanging.url })
    await b.advance(61_000)
  })

  test.each([
    ['capped', /refused it before.*quota/],
    ['expired', /refused it before.*403 forbidden/],
    ['regional', /refused it before.*403 forbidden/],
    ['gone', /does not answer|was never heard of/],
  ])('%s', async (name, because) => {
    await only(name)
    const id = await orderAt(a)
    await untilWhyNot(a, id, name, because)
    await untilPending(id)
    expect(await machinesOf(b)).toEqual([])
  })

  test('silent in the middle of its making: it is told, nothing is made elsewhere, and it is made once', async () => {
    await only('hanging')
    hanging.next({ kind: 'hang' }, ({ method }) => method === 'PUT', 1_000)
    const id = await orderAt(a)
    const told = z.object({ host: z.string().nullable(), message: z.string().nullable() })
    const shown = async () => told.parse(await a.admin.get(`/instances/${id}`))
    await until(
      async () => {
        const { message } = await shown()
        if (!/does not answer in time; it is tried again/.test(message ?? ''))
          throw new Error(`its message is ${message}`)
        return true
      },
      { timeoutMs: 60_000, everyMs: 500, what: 'its silence to be told' },
    )
    expect([(await shown()).host, await counts()]).toEqual(['hanging', [1, 0, 0]])
    hanging.calm()
    await until(async () => (await stateAt(a, id)) === 'running', {
      timeoutMs: 60_000,
      everyMs: 500,
      what: 'it to run',
    })
    expect(await counts()).toEqual([1, 1, 0])
  })
})
