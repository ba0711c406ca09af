/** What goes wrong with moves between Xen hosts. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endMachine, faultOf, machineOn, rootOf, through } from '../../../../contract/driver/bench'
import { describeWithSshd } from '../../../../support/sshd'
import type { XenHost } from '../../../../support/xen-host'
import { openTraps } from './trap-bench'

jest.setTimeout(120_000)

describeWithSshd('moves of Xen hosts', () => {
  const { bench, stage, see, power, domainsOf, define, kernelBoot } = openTraps()

  const move = (name: string, how: 'live' | 'cold') => {
    const ticket = bench.claim(name).effect()
    return through(() => stage().driver.move(stage().here, ticket, { to: stage().there, how }))
  }

  /** The worker reaches the other host, its peer does not: nothing is sent, and nobody turns anything away. */
  const unreachable = async (meanwhile: () => Promise<void>) => {
    const config = join(stage().here_.folder, 'ssh_config')
    const way = readFileSync(config)
    writeFileSync(config, 'Host *\n  HostName 127.0.0.1\n  Port 1\n')
    try {
      await meanwhile()
    } finally {
      writeFileSync(config, way)
    }
  }

  test('a PV machine does not move live, for a reason', async () => {
    const name = await define(kernelBoot('pv'))
    await power(name, { to: 'on' })
    expect((await faultOf(move(name, 'live'), 'unsupported')).message).toMatch(/shadow paging/)
    expect((await see(name)).domain).toBe('running')
    await move(name, 'cold')
    await endMachine(bench, name, stage().there)
  })

  test.each(['live', 'cold'] as const)(
    '%s to a host that cannot start it: it goes on here, nothing is left there',
    async (how) => {
      const { name } = await machineOn(bench, 'on')
      const before = stage().there_.files()
      stage().there_.knob(how === 'live' ? 'migrate-receive' : 'restore', 'fail err-not-enough-memory')
      await faultOf(move(name, how), 'refused')
      expect((await see(name)).domain).toBe('running')
      expect(domainsOf(name)).toHaveLength(1)
      expect(stage().there_.domains()).toEqual([])
      expect(stage().there_.files()).toEqual(before)
      await endMachine(bench, name)
    },
  )

  test('one that is suspended sleeps on where it was, when the other host cannot be reached', async () => {
    const { name } = await machineOn(bench, 'on')
    const saved = bench.claim(name).effect()
    await through(() => stage().driver.save(stage().here, saved))
    await unreachable(async () => void (await faultOf(move(name, 'cold'), 'refused')))
    expect((await see(name)).domain).toBe('saved')
    await power(name, { to: 'on' })
    expect((await see(name)).domain).toBe('running')
    // What it left there goes with the next try.
    await move(name, 'cold')
    await endMachine(bench, name, stage().there)
  })

  const listed = async (name: string) =>
    (await stage().driver.list(stage().there)).machines.find((one) => one.name === name)
  const folderOf = (host: XenHost, name: string) => join(host.folder, 'machines', name)

  test('what a broken one has left on the other host is listed there, and goes as any leftover does', async () => {
    const { name, id } = await machineOn(bench, 'off')
    expect(await listed(name)).toBeUndefined()
    const before = stage().there_.files()
    await unreachable(async () => void (await faultOf(move(name, 'cold'), 'refused')))
    expect((await see(name)).domain).toBe('off')
    expect(await listed(name)).toMatchObject({ id, domain: 'off', disks: [] })
    const gone = bench.claim(name).effect()
    await through(() => stage().driver.undefine(stage().there, gone))
    expect(await listed(name)).toBeUndefined()
    expect(stage().there_.files()).toEqual(before)
    // Broken later, with its folder and its disk there.
    cpSync(folderOf(stage().here_, name), folderOf(stage().there_, name), { recursive: true })
    writeFileSync(join(folderOf(stage().there_, name), 'mark'), 'arriving\n')
    mkdirSync(join(stage().there_.folder, 'disks'), { recursive: true })
    writeFileSync(join(stage().there_.folder, 'disks', `${rootOf(name)}.raw`), 'a half of it')
    expect(await listed(name)).toMatchObject({ id, domain: 'off', disks: [{ name: rootOf(name) }] })
    await endMachine(bench, name, stage().there)
    expect(stage().there_.files()).toEqual(before)
    expect((await see(name)).domain).toBe('off')
    await endMachine(bench, name)
  })

  test('one that came, and whose former host did not live to say so, runs there in every list', async () => {
    const { name, id } = await machineOn(bench, 'on')
    await move(name, 'live')
    const mark = join(folderOf(stage().there_, name), 'mark')
    writeFileSync(mark, 'arriving\n')
    rmSync(join(folderOf(stage().there_, name), 'started'))
    expect(await listed(name)).toMatchObject({ id, domain: 'running' })
    const on = bench.claim(name).effect()
    await through(() => stage().driver.power(stage().there, on, { to: 'on' }))
    expect(existsSync(mark)).toBe(false)
    expect(await listed(name)).toMatchObject({ id, domain: 'running', startedAt: expect.any(Number) })
    await endMachine(bench, name, stage().there)
  })

  test('one that was cut while the other host was taking it says so', async () => {
    const { name } = await machineOn(bench, 'off')
    expect((await see(name)).handing).toBeUndefined()
    const mark = join(folderOf(stage().here_, name), 'mark')
    writeFileSync(mark, 'handing\n')
    expect(await see(name)).toMatchObject({ domain: 'off', handing: true })
    rmSync(mark)
    expect((await see(name)).handing).toBeUndefined()
    await endMachine(bench, name)
  })

  test('to a host that has a domain of that name is refused before anything happens', async () => {
    const { name } = await machineOn(bench, 'on')
    stage().there_.foreign(name, 128)
    expect((await faultOf(move(name, 'live'), 'refused')).message).toBe(
      `another domain on the host is already called ${name}`,
    )
    expect((await see(name)).domain).toBe('running')
    stage().there_.dropDomain(name)
    await endMachine(bench, name)
  })
})
