/** Looks at computes one by one: at a bounded rate, and nothing told before all is known. */
import type { Compute } from '../../../../../workers/drivers/providers/occi/api/compute'
import { titleOf } from '../../../../../workers/drivers/providers/occi/marks'
import { openWalk } from '../../../../../workers/drivers/providers/occi/walk'
import { faultOf } from '../../../../contract/driver/bench'

const SITE = 'local-1'
const QUICK = { perSecond: 100_000, most: 1_000 }

/** A server with ours at every path but those that say otherwise. */
function server() {
  const looked: string[] = []
  const gone = new Set<string>()
  return {
    looked,
    gone,
    look: async (location: string): Promise<Compute | undefined> => {
      looked.push(location)
      if (gone.has(location)) return undefined
      const title = location.includes('other') ? 'web' : titleOf(SITE, `i-${location.split('/').at(-1)}`)
      return { location, title, summary: null, state: 'active', actions: new Set(), addresses: [], start: null }
    },
  }
}
const paths = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `/compute/${index}`)
const locationsOf = (found: readonly Compute[]) => found.map(({ location }) => location)

test('all of ours, each looked at; what is not ours is looked at once for ever', async () => {
  const there = server()
  const walk = openWalk(SITE, QUICK)
  const locations = ['/compute/1', '/compute/other', '/compute/2']
  expect(locationsOf(await walk.all(locations, there.look))).toEqual(['/compute/1', '/compute/2'])
  there.looked.length = 0
  expect(locationsOf(await walk.all(locations, there.look))).toEqual(['/compute/1', '/compute/2'])
  expect(there.looked.toSorted()).toEqual(['/compute/1', '/compute/2'])
})

test('what is listed no more is gone without a look; what is gone by the time of its look too', async () => {
  const there = server()
  const walk = openWalk(SITE, QUICK)
  await walk.all(paths(3), there.look)
  there.gone.add('/compute/0')
  expect(locationsOf(await walk.all(paths(2), there.look))).toEqual(['/compute/1'])
})

test('with more than one list may look at, nothing is told until all are known; then the oldest looks are renewed first', async () => {
  const there = server()
  const walk = openWalk(SITE, { ...QUICK, most: 4 })
  for (const left of [6, 2]) {
    const { message } = await faultOf(walk.all(paths(10), there.look), 'unreachable')
    expect(message).toContain(`${left} of 10 machines`)
  }
  expect(await walk.all(paths(10), there.look)).toHaveLength(10)
  expect(there.looked).toHaveLength(12)
  const renewed = there.looked.slice(10)
  there.looked.length = 0
  expect(await walk.all(paths(10), there.look)).toHaveLength(10)
  expect(there.looked).toHaveLength(4)
  for (const location of renewed) expect(there.looked).not.toContain(location)
})

test('a look that fails fails the list, and what was seen by then stays known', async () => {
  const there = server()
  const walk = openWalk(SITE, { ...QUICK, most: 5 })
  let isBroken = true
  const broken = (location: string) =>
    isBroken && location === '/compute/2' ? Promise.reject(new Error('cut')) : there.look(location)
  await expect(walk.all(paths(4), broken)).rejects.toThrow('cut')
  isBroken = false
  expect(await walk.all(paths(4), broken)).toHaveLength(4)
})

test("one machine's are looked at now, and others that are known are left alone", async () => {
  const there = server()
  const walk = openWalk(SITE, QUICK)
  await walk.all(paths(5), there.look)
  there.looked.length = 0
  expect(locationsOf(await walk.ofMachine(paths(6), 'i-3', there.look))).toEqual(['/compute/3'])
  expect(there.looked.toSorted()).toEqual(['/compute/3', '/compute/5'])
})

test('of a large account that was not listed yet one machine is told once all are known, so many looks in one call', async () => {
  const there = server()
  const walk = openWalk(SITE, { ...QUICK, most: 4 })
  for (const left of [6, 2]) {
    const { message } = await faultOf(walk.ofMachine(paths(10), 'i-9', there.look), 'unreachable')
    expect(message).toContain(`${left} of 10 machines`)
  }
  expect(locationsOf(await walk.ofMachine(paths(10), 'i-9', there.look))).toEqual(['/compute/9'])
  expect(there.looked).toHaveLength(10)
})

test('never more looks than its rate', async () => {
  const there = server()
  const walk = openWalk(SITE, { perSecond: 200, most: 1_000 })
  const began = performance.now()
  await Promise.all([walk.all(paths(21), there.look), walk.ofMachine(paths(21), 'i-3', there.look)])
  // So many looks need so many intervals less one.
  expect(performance.now() - began).toBeGreaterThanOrEqual(((there.looked.length - 1) * 1000) / 200 - 5)
  expect(there.looked.length).toBeGreaterThanOrEqual(21)
})
