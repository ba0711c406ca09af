/**
 * The guard's rules as sequences of calls and replies (test/fixtures/guard/vectors.json), run against any guard: the decision
 * function here, the shell guard of a real host later.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const call = z.object({
  ask: z.enum(['look', 'effect', 'cancel']),
  /** `era.number` */
  epoch: z.string(),
  key: z.string().optional(),
  /** What the host does when it is let through. */
  runs: z.enum(['done', 'refused', 'detached']).default('done'),
  reply: z.enum(['seen', 'done', 'refused', 'running', 'busy', 'ended', 'stale']),
  held: z.string().optional(),
  /** Whether the host did anything (looked, acted, ended work). */
  ran: z.boolean(),
})
const event = z.object({ ask: z.enum(['finished', 'departed', 'dropped']), key: z.string().optional() })
const vectors = z.array(
  z.object({ rule: z.string(), floor: z.string().default('0.0'), steps: z.array(z.union([call, event])) }),
)

export type GuardCall = Pick<z.infer<typeof call>, 'ask' | 'epoch' | 'key' | 'runs'>
export type GuardReply = Pick<z.infer<typeof call>, 'reply' | 'held' | 'ran'>

/** One resource behind one guard. */
export interface GuardUnderTest {
  call(call: GuardCall): Promise<GuardReply>
  /** The detached work of this key is through. */
  finished(key: string): Promise<void>
  /** Nothing of the resource is left. */
  departed(): Promise<void>
  /** Its line is 30 days old and swept. */
  dropped(): Promise<void>
}

/** Declares a test per rule. `open` makes a guard that knows nothing, with that floor. */
export function guardContract(name: string, open: (floor: string) => Promise<GuardUnderTest>): void {
  const path = join(__dirname, '..', 'fixtures', 'guard', 'vectors.json')
  describe(`guard: ${name}`, () => {
    test.each(vectors.parse(JSON.parse(readFileSync(path, 'utf8'))))('$rule', async ({ floor, steps }) => {
      const guard = await open(floor)
      for (const step of steps) {
        if ('reply' in step) {
          const { ask, epoch, key, runs, reply, held, ran } = step
          const given = await guard.call({ ask, epoch, runs, ...(key === undefined ? {} : { key }) })
          expect(given).toEqual({ reply, ran, ...(held === undefined ? {} : { held }) })
        } else if (step.ask === 'finished') await guard.finished(step.key ?? '')
        else if (step.ask === 'departed') await guard.departed()
        else await guard.dropped()
      }
    })
  })
}
