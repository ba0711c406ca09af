/** What goes wrong with devices and hosts: another third of traps.test.ts. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  definitionOf,
  endMachine,
  faultOf,
  freshMac,
  machineOn,
  openBench,
  rootOf,
  through,
} from '../../../../contract/driver/bench'
import { startSshProxy } from '../../../../support/ssh-proxy'
import { describeWithSshd } from '../../../../support/sshd'
import { until } from '../../../../support/until'
import { openXenStage, type XenStage } from '../../../../support/xen-stage'
import { openTraps } from './trap-bench'

jest.setTimeout(120_000)

describeWithSshd('traps of Xen hosts', () => {
  const { bench, stage, see, power, domainsOf, define, kernelBoot } = openTraps()

  // xl vcpu-set counts the host's processors, xl create does not.
  test('a machine that runs may get more cores than its host has', async () => {
    const { driver, here, size } = stage()
    const name = await define({ ...kernelBoot('pvh'), most: { cores: 8, memoryMiB: size.memoryMiB } })
    await power(name, { to: 'on' })
    const { capacity } = await driver.capacity(here)
    expect(capacity.cpuHundredths).toBeLessThan(800)
    expect(await driver.resize?.(here, bench.claim(name).effect(), { ...size, cores: 8 })).toMatchObject({
      state: 'done',
    })
    expect((await see(name)).running).toMatchObject({ cores: 8 })
    await endMachine(bench, name)
  })

  describe('devices', () => {
    const volume = async () => {
      const name = bench.fresh().replace('i-', 'vol-')
      const ticket = bench.claim(name).effect()
      await through(() =>
        stage().driver.disk.ensure(stage().here, ticket, { name, sizeGiB: 1, source: { from: 'blank' } }),
      )
      return name
    }

    test('a disk that its guest holds on to stays attached', async () => {
      const { name } = await machineOn(bench, 'on')
      const disk = await volume()
      await stage().driver.disk.attach(stage().here, bench.claim(name).effect(), { name: disk, device: '/dev/sdf' })
      stage().here_.knob('block-detach', 'deaf')
      await faultOf(stage().driver.disk.detach(stage().here, bench.claim(name).effect(), disk), 'refused')
      expect((await see(name)).disks).toContainEqual({ name: disk, sizeGiB: 1, attached: true })
      await endMachine(bench, name)
    })

    test('a hot attach that was cut is looked up, keeps the disk from being removed, and is done again', async () => {
      const { name } = await machineOn(bench, 'on')
      const disk = await volume()
      writeFileSync(
        join(stage().here_.folder, 'machines', name, 'disks'),
        `${rootOf(name)} xvda on\n${disk} xvdf adding\n`,
      )
      expect((await see(name)).disks).toContainEqual({ name: rootOf(name), sizeGiB: 1, attached: true })
      expect((await see(name)).disks.map((one) => one.name)).not.toContain(disk)
      await faultOf(stage().driver.disk.remove(stage().here, bench.claim(disk).effect(), disk), 'refused')
      const { machines } = await stage().driver.list(stage().here)
      expect(machines.find((one) => one.name === name)).toEqual(await see(name))
      await stage().driver.disk.attach(stage().here, bench.claim(name).effect(), { name: disk, device: '/dev/sdf' })
      expect((await see(name)).disks).toContainEqual({ name: disk, sizeGiB: 1, attached: true })
      await endMachine(bench, name)
    })

    test('a guest that takes a part only of its new size has its old one again, and is refused', async () => {
      const { driver, here, size } = stage()
      const name = bench.fresh()
      const most = { cores: 2, memoryMiB: 2 * size.memoryMiB }
      const { effect } = bench.claim(name)
      const [defined, on] = [effect(), effect()]
      const definition = { ...definitionOf(stage(), name), disks: [], most }
      await through(() => driver.define(here, defined, definition))
      await through(() => driver.power(here, on, { to: 'on' }))
      const { running } = await see(name)
      stage().here_.knob('vcpu-set', 'deaf')
      const resized = bench.claim(name).effect()
      const resize = async () => driver.resize?.(here, resized, { ...size, ...most }) ?? Promise.reject()
      await faultOf(through(resize), 'refused')
      expect(await see(name)).toMatchObject({ domain: 'running', running })
      const off = bench.claim(name).effect()
      await through(() => driver.power(here, off, { to: 'off', how: 'hard' }))
      const gone = bench.claim(name).effect()
      await through(() => driver.undefine(here, gone))
    })

    test('a disk that is listed but never connected is not attached, and is attached anew', async () => {
      const { name } = await machineOn(bench, 'on')
      const disk = await volume()
      const attach = () =>
        stage().driver.disk.attach(stage().here, bench.claim(name).effect(), { name: disk, device: '/dev/sdf' })
      const numbers = async () => (await see(name)).disks.filter((one) => one.attached).map((one) => one.name)
      // libxl gave its script up and took nothing back: nothing of it stays.
      stage().here_.knob('block-attach', 'half')
      await faultOf(attach(), 'refused')
      expect(await numbers()).toEqual([rootOf(name)])
      // Nor could it be taken back.
      stage().here_.knob('block-attach', 'half')
      stage().here_.knob('block-detach', 'deaf')
      await faultOf(attach(), 'refused')
      expect(await numbers()).toEqual([rootOf(name)])
      await faultOf(stage().driver.disk.remove(stage().here, bench.claim(disk).effect(), disk), 'refused')
      await attach()
      expect(await numbers()).toEqual([rootOf(name), disk])
      await endMachine(bench, name)
    })

    test('what was attached while it ran is in its configuration, for the guest’s next restart', async () => {
      const { name } = await machineOn(bench, 'on')
      const disk = await volume()
      const mac = freshMac()
      await stage().driver.disk.attach(stage().here, bench.claim(name).effect(), { name: disk, device: '/dev/sdf' })
      const order = { mac, address: null, network: stage().network }
      await stage().driver.network.attach(stage().here, bench.claim(name).effect(), order)
      expect(domainsOf(name)[0]?.cfg).toContain('vdev=xvdf')
      expect(domainsOf(name)[0]?.cfg).toContain(mac)
      await endMachine(bench, name)
    })

    test('an interface on a bridge that is not there is refused and not kept', async () => {
      const { name, interfaces } = await machineOn(bench, 'on')
      const order = {
        mac: freshMac(),
        address: null,
        network: { ...stage().network, name: 'subnet-9', bridge: 'nobr0' },
      }
      const refused = await faultOf(
        stage().driver.network.attach(stage().here, bench.claim(name).effect(), order),
        'refused',
      )
      expect(refused.message).toMatch(/^the host has no bridge nobr0/)
      expect((await see(name)).interfaces).toEqual(interfaces.map((one) => one.mac))
      await endMachine(bench, name)
    })
  })

  describe('domains of others', () => {
    test('one named alike is foreign: counted, never touched, and in the way of a start', async () => {
      const { name } = await machineOn(bench, 'off')
      stage().here_.foreign(name, 256)
      expect((await see(name)).domain).toBe('off')
      expect((await faultOf(power(name, { to: 'on' }), 'refused')).message).toBe(
        `another domain on the host is already called ${name}`,
      )
      await power(name, { to: 'off', how: 'hard' })
      expect(domainsOf(name)).toHaveLength(1)
      const { foreign } = await stage().driver.list(stage().here)
      expect(foreign.find((one) => one.name === name)?.size.memoryMiB).toBe(256)
      stage().here_.dropDomain(name)
      await endMachine(bench, name)
    })

    test('dom0 counts too: its memory, and a quarter of the processors where nobody limited it', async () => {
      const { foreign, capacity } = await stage().driver.list(stage().here)
      expect(foreign[0]).toMatchObject({ name: 'Domain-0', size: { memoryMiB: 512, cpuHundredths: 100 } })
      expect(capacity).toMatchObject({ cpuHundredths: 400, memoryMiB: 16_384 - 332 })
    })
  })

  test('what a machine uses', async () => {
    const { name } = await machineOn(bench, 'on')
    const { usage } = await stage().driver.list(stage().here)
    expect(usage).toMatchObject({ load: expect.any(Number), cpuSeconds: expect.any(Number) })
    expect(usage?.uptimeSeconds).toBeGreaterThan(0)
    expect(usage?.freeMemoryMiB).toBeLessThan(16_384 - 512)
    expect(usage?.machines.find((one) => one.name === name)).toEqual({
      name,
      cpuSeconds: 1.5,
      memoryMiB: 64,
      receivedBytes: 0,
      sentBytes: 1024,
      readBytes: 8 * 512,
      writtenBytes: 0,
    })
    stage().here_.knob('xentop', 'fail err-unknown-command')
    const silent = (await stage().driver.list(stage().here)).usage
    expect(silent?.machines.find((one) => one.name === name)).toEqual({
      ...{ name, cpuSeconds: 1.5, memoryMiB: 64 },
      ...{ receivedBytes: null, sentBytes: null, readBytes: null, writtenBytes: null },
    })
    await endMachine(bench, name)
  })

  test('a list that hangs is a timeout, never an empty host', async () => {
    stage().here_.knob('list', 'hang')
    await faultOf(stage().driver.list(stage().here), 'timeout')
  })

  const consoleOf = async (name: string) => (await stage().driver.console(stage().here, bench.claim(name).look)).text

  test('a serial line is kept until it is asked for, and what it showed once is shown again', async () => {
    const { name } = await machineOn(bench, 'on')
    expect(await consoleOf(name)).toBe(`${name} booted\n`)
    stage().here_.says(name, 'C:\\u000D\tcolour \u001b[1m\r\nlogin: ')
    expect(await consoleOf(name)).toBe(`${name} booted\nC:\\u000D\tcolour \u001b[1m\nlogin: `)
    stage().here_.says(name, 'root\n')
    expect(await consoleOf(name)).toBe(`${name} booted\nC:\\u000D\tcolour \u001b[1m\nlogin: root\n`)
    await endMachine(bench, name)
  })

  test('a console whose reader would hang answers in time', async () => {
    const name = await define(kernelBoot('pvh'))
    await power(name, { to: 'on' })
    const before = Date.now()
    expect(await consoleOf(name)).toContain(`${name} booted`)
    expect(Date.now() - before).toBeLessThan(10_000)
    // xl shows a line once, to whoever reads first.
    expect(await consoleOf(name)).toBe(`${name} booted\n`)
    await endMachine(bench, name)
  })

  test('the whole life of a machine leaves nothing on its host', async () => {
    const before = stage()
      .here_.files()
      .filter((file) => !/\/images\/|\.reflink$/.test(file))
    const name = await define({ ...kernelBoot('pvh'), seed: Buffer.from('CD001').toString('base64') })
    await power(name, { to: 'on' })
    expect(stage().here_.files()).toContain(`local-1/machines/${name}/seed.iso`)
    expect(domainsOf(name)[0]?.cfg).toContain('vdev=xvdzz,access=ro')
    await endMachine(bench, name)
    expect(domainsOf(name)).toEqual([])
    expect(
      stage()
        .here_.files()
        .filter((file) => !/\/images\/|\.reflink$/.test(file)),
    ).toEqual(before)
  })

  test('the way cut after each piece of a start: the same order again makes one domain', async () => {
    const proxy = await startSshProxy(stage().here_.sshd)
    const here = { ...proxy.target, id: stage().here.id, name: stage().here.name }
    try {
      const { name } = await machineOn(bench, 'off')
      const start = async () => {
        const ticket = bench.claim(name).effect()
        return through(() => stage().driver.power(here, ticket, { to: 'on' }))
      }
      await start()
      await power(name, { to: 'off', how: 'hard' })
      for (const direction of ['there', 'back'] as const)
        for (const pieces of [1, 2, 3]) {
          const { key } = bench.claim(name).effect()
          const again = () => stage().driver.power(here, bench.claim(name).effect(key), { to: 'on' })
          proxy.cutAfter(direction, pieces)
          await again().catch((thrown) => expect(thrown).toMatchObject({ kind: 'unreachable' }))
          proxy.mend()
          await until(async () => (await again()).state === 'done', { timeoutMs: 30_000, everyMs: 200 })
          expect(domainsOf(name)).toHaveLength(1)
          await power(name, { to: 'off', how: 'hard' })
          expect(domainsOf(name)).toEqual([])
        }
      await endMachine(bench, name)
    } finally {
      await proxy.close()
    }
  })
})

describeWithSshd('a host whose processors have no hvm', () => {
  const bench = openBench(() => openXenStage({ virtCaps: 'pv' }), [])

  test('says so, and refuses machines that need it before anything happens', async () => {
    const stage = bench.stage() as XenStage
    const { capabilities } = await stage.driver.capacity(stage.here)
    expect(capabilities.modes).toEqual(['pv'])
    expect(capabilities.lacks.map((lack) => lack.verb)).toEqual(['rules', 'addresses', 'move-live'])
    const name = bench.fresh()
    const definition = { ...definitionOf(stage, name), disks: [] }
    await faultOf(stage.driver.define(stage.here, bench.claim(name).effect(), definition), 'unsupported')
    expect((await stage.driver.find(stage.here, bench.claim(name).look)).domain).toBe('absent')
  })

  test('moves no machine live, and says so before anything happens', async () => {
    const stage = bench.stage() as XenStage
    const name = bench.fresh()
    const boot = { mode: 'pv' as const, cmdline: null, kernel: stage.kernel, initramfs: stage.initramfs }
    const definition = { ...definitionOf(stage, name), disks: [], boot }
    const [define, on] = [bench.claim(name).effect(), bench.claim(name).effect()]
    await through(() => stage.driver.define(stage.here, define, definition))
    await through(() => stage.driver.power(stage.here, on, { to: 'on' }))
    const live = stage.driver.move(stage.here, bench.claim(name).effect(), { to: stage.there, how: 'live' })
    expect((await faultOf(live, 'unsupported')).message).toMatch(/hap/)
    expect((await stage.driver.find(stage.here, bench.claim(name).look)).domain).toBe('running')
    expect(stage.there_.domains()).toEqual([])
    await endMachine(bench, name)
  })
})
