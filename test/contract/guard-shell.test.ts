/** The guard of a real host under the rules of all guards, over ssh: by the system's sh and by busybox alone. */
import { ShellGuard } from '../support/guard/shell-guard'
import { type GuardStage, startGuardStage } from '../support/guard/stage'
import { describeByShell } from '../support/host-tools'
import { describeWithSshd } from '../support/sshd'
import { guardContract } from './guard-vectors'

describeByShell(([shell]) =>
  describeWithSshd(`a real host, ${shell}`, () => {
    let stage: GuardStage
    let count = 0
    beforeAll(async () => {
      stage = await startGuardStage({ shell })
    })
    afterAll(() => stage.close())
    guardContract(`shell guard under ${shell}`, async (floor) => {
      const guard = stage.worker()
      await guard.install(stage.host)
      return new ShellGuard(stage, guard, `r-${++count}`, floor)
    })
  }),
)
