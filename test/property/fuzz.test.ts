/** A few thousand of the mutated requests that `npm run fuzz` sends by the hundred thousand: the same ones at each run. */
import { fuzz, toldResult } from '../support/fuzz/harness'
import { type FuzzSite, startFuzzSite } from '../support/fuzz/site'

let site: FuzzSite
beforeAll(async () => {
  site = await startFuzzSite()
})
afterAll(() => site.close())

test.each([
  ['OCCI', 2_000],
  ['EC2', 2_000],
] as const)(
  '%s: %i mutated, authenticated requests are answered, none with 500, most past the parser',
  async (name, requests) => {
    const corpus = site.corpora.find((one) => one.name === name)
    if (corpus === undefined) throw new Error(`there is no corpus ${name}`)
    const result = await fuzz({ url: site.url, corpus, requests, seed: 20_261_121 })
    expect(result.failures.length === 0 || toldResult(name, result)).toBe(true)
    expect([...result.statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(requests)
    expect(result.statuses.get(401) ?? 0).toBe(0)
    expect(result.passed).toBeGreaterThan(requests / 2)
    // What is understood is done, too.
    expect(result.statuses.get(200) ?? 0).toBeGreaterThan(requests / 20)
  },
  300_000,
)
