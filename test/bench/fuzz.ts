/**
 * 100,000 mutated, authenticated requests to each front: none may be answered 500, none may hang, half and more must be past the
 * parser, and the heap after a forced collection may grow by no more than a tenth from a quarter of the run to its end.
 *
 *     npm run fuzz
 *     FUZZ_REQUESTS=5000 FUZZ_SEED=7 FUZZ_FRONT=EC2 npm run fuzz
 */
import { fuzz, toldResult } from '../support/fuzz/harness'
import { startFuzzSite } from '../support/fuzz/site'

const requests = Number(process.env.FUZZ_REQUESTS ?? 100_000)
const seed = Number(process.env.FUZZ_SEED ?? 1)
const front = process.env.FUZZ_FRONT

async function main(): Promise<void> {
  const site = await startFuzzSite()
  try {
    for (const corpus of site.corpora.filter(({ name }) => front === undefined || name === front)) {
      const progress = (sent: number) => console.log(`${corpus.name}: ${sent} sent`)
      const result = await fuzz({ url: site.url, corpus, requests, seed, progress })
      console.log(toldResult(corpus.name, result))
      const grew = result.heap ? result.heap.late / result.heap.early : 1
      if (result.failures.length > 0 || result.passed < requests / 2 || grew > 1.1) {
        console.log(`${corpus.name}: NOT WITHIN ITS BAR`)
        process.exitCode = 1
      }
    }
  } finally {
    await site.close()
  }
}

main().catch((thrown: unknown) => {
  console.error(thrown)
  process.exitCode = 1
})
