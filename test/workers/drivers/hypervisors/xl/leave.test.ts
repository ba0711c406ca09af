/** A host is left as it was found: on a fake Xen host, over a real ssh. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { endMachine, faultOf, machineOn } from '../../../../contract/driver/bench'
import { describeWithSshd } from '../../../../support/sshd'
import { openTraps } from './trap-bench'

jest.setTimeout(120_000)

describeWithSshd('leaving a Xen host', () => {
  const { bench, stage } = openTraps()
  const leave = async (): Promise<void> => stage().driver.leave?.(stage().here)

  test('is refused while a machine is there; then nothing of ours stays', async () => {
    const { name } = await machineOn(bench, 'on')
    expect((await faultOf(leave(), 'refused')).message).toContain(name)
    await endMachine(bench, name)
    // The file of the slow cp (xen-stage) is the operator's, and goes with the folder.
    expect(readdirSync(stage().here_.folder)).toContain('settings')
    await leave()
    const root = join(stage().here_.folder, '..')
    expect(existsSync(root) ? readdirSync(root) : []).toEqual([])
  })
})
