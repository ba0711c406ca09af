/**
 * Three gateways that lend in a circle: what a cannot take goes to b, what b cannot take to c, what c cannot take to a. All are full: an
 * order ends where it began, with the reason, and nothing goes round; not with its signature, and not where somebody on the way takes
 * from orders what they say of themselves.
 */
import { empty, fill, lend, machinesOf, orderAt, startStripper, untilWhyNot, whyNot } from '../support/lending'
import { type Partner, startPartner } from '../support/partner'
import type { ProviderWire } from '../support/provider-wire'
import { until } from '../support/until'

jest.setTimeout(120_000)

const POLL_MS = 500
/** Longer than a partner's machine waits for a place. */
const WAITED_MS = 30_000
const SIGNED = 'b-signed'
const STRIPPED = 'b-stripped'
let a: Partner
let b: Partner
let c: Partner
const strippers: ProviderWire[] = []

beforeAll(async () => {
  ;[a, b, c] = await Promise.all(['a-1', 'b-1', 'c-1'].map((site) => startPartner(site, POLL_MS)))
  const circle = [
    [b, a, SIGNED],
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
const untilCounts = (wanted: readonly number[], what: string): Promise<true> =>
  until(async () => JSON.stringify(await counts()) === JSON.stringify(wanted), {
    ...{ timeoutMs: 60_000, everyMs: 200, what },
  })
const stateAt = async (site: Partner, id: string) => (await machinesOf(site)).find((one) => one.id === id)?.state

async function ended(id: string): Promise<void> {
  await a.admin.post(`/instances/${id}/delete`)
}

test('signed all the way: what goes round is refused where it began, each gives it up, and it waits at home with the reason', async () => {
  await by({ a: 'signed', b: 'signed', c: 'signed' })
  const id = await orderAt(a)
  await untilCounts([1, 1, 1], 'it to have come to c')
  const [atC] = await machinesOf(c)
  await untilWhyNot(c, atC?.id ?? '', 'a-signed', /refused it before.*409 no-capacity/)
  // Nobody calls running what does not run.
  expect(await stateAt(a, id)).not.toBe('running')
  await c.advance(WAITED_MS)
  await untilCounts([1, 1, 0], 'c to have none')
  await b.advance(WAITED_MS)
  await untilCounts([1, 0, 0], 'b to have none')
  await untilWhyNot(a, id, SIGNED, /refused it before.*found no place/)
  expect(await stateAt(a, id)).toBe('pending')
  expect(most).toBe(1)
  await empty(a)
  await until(async () => (await stateAt(a, id)) === 'running', { timeoutMs: 30_000, what: 'it to run at home' })
  await ended(id)
  await a.admin.post('/hosts/sim-1/disable')
})
