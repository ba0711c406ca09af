/** A Xen host that is left for good: refused while anything of an owner's is there, and then nothing of ours stays. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endMachine, faultOf, machineOn, openBench, through } from '../../../../contract/driver/bench'
import { describeWithSshd } from '../../../../support/sshd'
import type { XenHost } from '../../../../support/xen-host'
import { openXenStage, type XenStage } from '../../../../support/xen-stage'

describeWithSshd('leaving a Xen host', () => {
  let opened: XenStage
  const bench = openBench(async () => {
    opened = await openXenStage({ way: 'login' })
    return opened
  }, [])
  const leave = (at: XenHost = opened.here_) => opened.driver.leave?.(at.target) ?? Promise.resolve()
  const all = (at: XenHost) => join(at.folder, '..')

  test('a machine keeps it, then its disk does; without them nothing stays', async () => {
    const { driver, here, here_, network } = opened
    const { name } = await machineOn(bench, 'on')
    expect((await faultOf(leave(), 'refused')).message).toBe(`the machine ${name} is still here`)
    expect(here_.domains().map((it) => it.name)).toEqual([name])
    await through(() => driver.power(here, bench.claim(name).effect('off'), { to: 'off', how: 'hard' }))
    const gone = bench.claim(name).effect()
    await through(() => driver.undefine(here, gone))
    expect((await faultOf(leave(), 'refused')).message).toMatch(new RegExp(`^disks/${name}-root\\S* is still here$`))
    await endMachine(bench, name)
    const wire = bench.claim(network.name).effect()
    await through(() => driver.network.ensure(here, wire, network))
    expect(here_.files().filter((file) => file.includes('/images/') || file.includes('/networks/'))).not.toEqual([])
    await leave()
    expect(existsSync(all(here_))).toBe(false)
  })

  test('left already is left; a host that comes again is taken again, and another site on it stays', async () => {
    const { driver, here_, there_ } = opened
    await leave()
    expect(existsSync(join(all(here_), 'guard', 'versions'))).toBe(false)
    const theirs = join(all(there_), 'elsewhere', 'disks', 'vol-1.raw')
    mkdirSync(join(theirs, '..'), { recursive: true })
    writeFileSync(theirs, 'a disk of another site')
    const volume = bench.claim('vol-00000000000000001')
    const [made, ended] = [volume.effect(), volume.effect()]
    const order = { name: 'vol-00000000000000001', sizeGiB: 1, source: { from: 'blank' } } as const
    await through(() => driver.disk.ensure(there_.target, made, order))
    expect((await faultOf(leave(there_), 'refused')).message).toMatch(/vol-00000000000000001\S* is still here/)
    await through(() => driver.disk.remove(there_.target, ended, order.name))
    await leave(there_)
    expect(existsSync(theirs)).toBe(true)
    expect(existsSync(there_.folder)).toBe(false)
  })
})
