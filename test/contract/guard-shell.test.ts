/** The guard of a real host under the rules of all guards, over ssh: by the system's sh and by busybox alone. */
import { spawnSync } from 'node:child_process'
import { ShellGuard } from '../support/guard/shell-guard'
import { type GuardStage, startGuardStage } from '../support/guard/stage'
import { describeWithSshd } from '../support/sshd'
import { guardContract } from './guard-vectors'

const busybox = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim()
const SHELLS = [{ shell: 'sh' as const }, ...(busybox ? [{ shell: 'busybox' as const, busybox }] : [])]

for (const { shell, ...more } of SHELLS)
  describeWithSshd(`a real host, ${shell}`, () => {
    let stage: GuardStage
    let count = 0
    beforeAll(async () => {
      stage = await startGuardStage({ shell, ...more })
    })
    afterAll(() => stage.close())
    guardContract(`shell guard under ${shell}`, async (floor) => {
      const guard = stage.worker()
      await guard.install(stage.host)
      return new ShellGuard(stage, guard, `r-${++count}`, floor)
    })
  })
