/** The guard of a real host answers any sequence of calls as the decision functions do. */
import fc from 'fast-check'
import type { GuardedHost } from '../../workers/drivers/guard/guarded-host'
import type { GuardCall } from '../contract/guard-vectors'
import { ShellGuard } from '../support/guard/shell-guard'
import { type GuardStage, startGuardStage } from '../support/guard/stage'
import { ModelGuard } from '../support/model-guard'
import { describeWithSshd } from '../support/sshd'

const call = fc.record({
  ask: fc.constantFrom('look', 'effect', 'effect', 'cancel'),
  epoch: fc
    .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 12 }))
    .map(([era, number]) => `${era}.${number}`),
  key: fc.constantFrom('a', 'b', 'c'),
  runs: fc.constantFrom('done', 'refused', 'detached'),
}) satisfies fc.Arbitrary<GuardCall>
const step = fc.oneof({ weight: 6, arbitrary: call }, { weight: 1, arbitrary: fc.constant('finished' as const) })

describeWithSshd('the shell guard beside the decision functions', () => {
  let stage: GuardStage
  let guard: GuardedHost
  let count = 0
  beforeAll(async () => {
    stage = await startGuardStage()
    guard = stage.worker()
    await guard.install(stage.host)
  })
  afterAll(async () => {
    await guard.close()
    await stage.close()
  })

  test('they say the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const model = new ModelGuard('1.2')
        const shell = new ShellGuard(stage, guard, `r-${++count}`, '1.2')
        for (const one of steps)
          if (one !== 'finished') expect(await shell.call(one)).toEqual(await model.call(one))
          else if (model.held?.work) {
            await shell.finished()
            await model.finished(model.held.work)
          }
      }),
      { numRuns: 25, endOnFailure: true },
    )
  }, 120_000)
})
