/**
 * What goes wrong on Xen hosts (each was seen on a real one: docs/xen.md), against the fake xl behind a real sshd. After each: one
 * domain or none, the right state, and nothing left on the host.
 */
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MachineDefinition } from '../../../../../workers/drivers/driver'
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

jest.setTimeout(120_000)

describeWithSshd('traps of Xen hosts', () => {
  let opened: XenStage
  const bench = openBench(async () => {
    opened = await openXenStage()
    return opened
  }, [])
  afterEach(() => {
    opened.here_.clearKnobs()
    opened.there_.clearKnobs()
  })

  const see = (name: string) => opened.driver.find(opened.here, bench.claim(name).look)
  const power = (name: string, order: Parameters<XenStage['driver']['power']>[2]) => {
    const ticket = bench.claim(name).effect()
    return through(() => opened.driver.power(opened.here, ticket, order))
  }
  const domainsOf = (name: string) => opened.here_.domains().filter((domain) => domain.name === name)
  /** Words of xl that were called since. */
  const since = (before: number): string[] =>
    opened.here_
      .calls()
      .slice(before)
      .map((call) => call.split(' ')[0] ?? '')
  const define = async (change: Partial<MachineDefinition>) => {
    const name = bench.fresh()
    const definition = { ...definitionOf(opened, name), ...change, name }
    const ticket = bench.claim(name).effect()
    await through(() => opened.driver.define(opened.here, ticket, definition))
    return name
  }
  const kernelBoot = (mode: 'pv' | 'pvh' | 'hvm') => ({
    boot: { mode, cmdline: 'console=hvc0', kernel: opened.kernel, initramfs: opened.initramfs },
    disks: [],
  })

  describe('a start', () => {
    test.each([
      ['err-not-enough-memory', 'the host has not enough free memory for it'],
      ['err-missing-bridge', 'the host has no bridge nosuchbr'],
      ['err-invalid-kernel', 'its kernel is none that Xen can start in this mode'],
      ['err-duplicate-name', 'another domain on the host is already called pv1'],
      ['err-bad-syntax', 'the host does not understand its configuration'],
      ['err-missing-disk', 'a disk of it is not there: /guest/nosuch.img'],
    ])('that fails (%s) leaves no domain and says why', async (recorded, message) => {
      const { name } = await machineOn(bench, 'off')
      const before = opened.here_.files()
      opened.here_.knob('create', `fail ${recorded}`)
      expect((await faultOf(power(name, { to: 'on' }), 'refused')).message).toBe(message)
      expect(domainsOf(name)).toEqual([])
      expect(await see(name)).toMatchObject({ domain: 'off', work: null })
      expect(opened.here_.files().filter((file) => !file.endsWith('/xl.cfg'))).toEqual(before)
      await power(name, { to: 'on' })
      expect(domainsOf(name)).toHaveLength(1)
      await endMachine(bench, name)
    })

    test('that is killed half way leaves a paused domain: shown as off, and the next start makes one', async () => {
      const { name } = await machineOn(bench, 'off')
      opened.here_.knob('create', 'half')
      const ticket = bench.claim(name).effect()
      await opened.driver.power(opened.here, ticket, { to: 'on' }).catch(() => undefined)
      await power(name, { to: 'on' }).catch(() => undefined)
      await power(name, { to: 'on' })
      expect(domainsOf(name)).toHaveLength(1)
      expect((await see(name)).domain).toBe('running')
      await endMachine(bench, name)
    })

    test('that hangs is work, is cancelled, and the next one makes one domain', async () => {
      const { name } = await machineOn(bench, 'off')
      opened.here_.knob('create', 'hang')
      const ticket = bench.claim(name).effect()
      const begun = await opened.driver.power(opened.here, ticket, { to: 'on' })
      expect(begun.state).toBe('running')
      expect(await see(name)).toMatchObject({ domain: 'off', work: { key: ticket.key, what: 'power.on' } })
      await faultOf(opened.driver.undefine(opened.here, bench.claim(name).effect()), 'busy')
      await opened.driver.cancel(opened.here, bench.claim(name).effect(ticket.key))
      expect(await see(name)).toMatchObject({ domain: 'off', work: null })
      await power(name, { to: 'on' })
      expect(domainsOf(name)).toHaveLength(1)
      await endMachine(bench, name)
    })

    test('over what is left of an earlier domain takes that away first', async () => {
      const { name } = await machineOn(bench, 'on')
      opened.here_.setDomain(name, 'flags', '--ps--')
      expect((await see(name)).domain).toBe('off')
      await power(name, { to: 'on' })
      expect(domainsOf(name)).toMatchObject([{ flags: '-b----' }])
      await endMachine(bench, name)
    })

    test('of a machine whose kernel and initramfs come from the image store', async () => {
      const name = await define(kernelBoot('pvh'))
      await power(name, { to: 'on' })
      expect(domainsOf(name)[0]?.cfg).toMatch(/^kernel = ".*\/machines\/i-[0-9a-f]+\/kernel"$/m)
      await endMachine(bench, name)
    })
  })

  describe('guests that stop, restart or crash by themselves', () => {
    test('off when it powered off; no domain is left behind', async () => {
      const { name } = await machineOn(bench, 'on')
      opened.here_.dropDomain(name)
      expect(await see(name)).toMatchObject({ domain: 'off', startedAt: null })
      await endMachine(bench, name)
    })

    test('running between two starts of a restart, while xl’s monitor lives', async () => {
      const { name } = await machineOn(bench, 'on')
      const [before] = domainsOf(name)
      opened.here_.knob('reboot', 'gap 2')
      const restarting = power(name, { again: 'reboot' })
      await until(() => domainsOf(name).length === 0)
      expect((await opened.driver.list(opened.here)).machines.find((one) => one.name === name)?.domain).toBe('running')
      await restarting
      expect(domainsOf(name)).toHaveLength(1)
      expect(domainsOf(name)[0]?.domid).not.toBe(before?.domid)
      await endMachine(bench, name)
    })

    test('a restart that nobody does any more is a crash, and a reset mends it', async () => {
      const { name } = await machineOn(bench, 'on')
      opened.here_.setDomain(name, 'flags', '---sr-')
      expect((await see(name)).domain).toBe('crashed')
      await power(name, { again: 'reset' })
      expect(await see(name)).toMatchObject({ domain: 'running' })
      expect(domainsOf(name)).toHaveLength(1)
      await endMachine(bench, name)
    })

    test('crashed is crashed: it is neither saved nor asked to shut down, and is cut', async () => {
      const { name } = await machineOn(bench, 'on')
      opened.here_.setDomain(name, 'flags', '---sc-')
      expect((await see(name)).domain).toBe('crashed')
      const before = opened.here_.calls().length
      await faultOf(opened.driver.save(opened.here, bench.claim(name).effect()), 'refused')
      await power(name, { to: 'off', how: 'graceful' })
      // xl shutdown and xl save of a crashed domain never come back.
      expect(since(before)).not.toContain('shutdown')
      expect(since(before)).not.toContain('save')
      expect(domainsOf(name)).toEqual([])
      await endMachine(bench, name)
    })

    test('a paused guest cannot be asked to shut down; it is saved after it went on', async () => {
      const { name } = await machineOn(bench, 'on')
      await power(name, { to: 'paused' })
      await faultOf(power(name, { to: 'off', how: 'graceful' }), 'refused')
      const ticket = bench.claim(name).effect()
      await through(() => opened.driver.save(opened.here, ticket))
      expect((await see(name)).domain).toBe('saved')
      await endMachine(bench, name)
    })

    test('a guest that does not obey stays running and shown as work, until its power is cut', async () => {
      const { name } = await machineOn(bench, 'on')
      opened.here_.knob('shutdown', 'deaf', 'always')
      const ticket = bench.claim(name).effect()
      const asked = await opened.driver.power(opened.here, ticket, { to: 'off', how: 'graceful' })
      expect(asked.state).toBe('running')
      expect(await see(name)).toMatchObject({ domain: 'running', work: { what: 'power.off' } })
      await opened.driver.cancel(opened.here, bench.claim(name).effect(ticket.key))
      await power(name, { to: 'off', how: 'hard' })
      expect(domainsOf(name)).toEqual([])
      await endMachine(bench, name)
    })

    test('a guest that shut down with nobody to clean up after it is cleaned up', async () => {
      const { name } = await machineOn(bench, 'on')
      opened.here_.knob('shutdown', 'carcass')
      await power(name, { to: 'off', how: 'graceful' })
      expect(domainsOf(name)).toEqual([])
      await endMachine(bench, name)
    })

    test('xl says 0 of an unpause that did nothing: a look decides', async () => {
      const { name } = await machineOn(bench, 'on')
      await power(name, { to: 'paused' })
      opened.here_.knob('unpause', 'fail err-unpause-running')
      await faultOf(power(name, { to: 'unpaused' }), 'refused')
      expect((await see(name)).domain).toBe('paused')
      await endMachine(bench, name)
    })
  })

  describe('saved memory', () => {
    const save = async (name: string) => {
      const ticket = bench.claim(name).effect()
      return through(() => opened.driver.save(opened.here, ticket))
    }

    test('a restore that is killed half way keeps the file, and the next one uses it', async () => {
      const { name } = await machineOn(bench, 'on')
      await save(name)
      const before = opened.here_.calls().length
      opened.here_.knob('restore', 'half')
      await power(name, { to: 'on' })
      expect(since(before).filter((word) => word === 'restore')).toHaveLength(2)
      expect(since(before)).toContain('destroy')
      expect(domainsOf(name)).toHaveLength(1)
      expect(opened.here_.files().filter((file) => file.includes(name) && file.includes('memory'))).toEqual([])
      await endMachine(bench, name)
    })

    test('a damaged file is told, and a stop drops it', async () => {
      const { name } = await machineOn(bench, 'on')
      await save(name)
      opened.here_.knob('restore', 'fail err-restore-garbage')
      expect((await faultOf(power(name, { to: 'on' }), 'refused')).message).toBe('its saved memory cannot be read')
      expect((await see(name)).domain).toBe('saved')
      await power(name, { to: 'off', how: 'hard' })
      expect((await see(name)).domain).toBe('off')
      await endMachine(bench, name)
    })

    test('a host without room for it refuses before anything happens', async () => {
      const { name } = await machineOn(bench, 'on')
      const df = join(opened.here_.sshd.bin, 'df')
      writeFileSync(df, '#!/bin/sh\necho Filesystem\necho x 1000 1000 1 100% /\n')
      chmodSync(df, 0o755)
      const before = opened.here_.calls().length
      expect((await faultOf(save(name), 'refused')).message).toMatch(/no space left on device/)
      rmSync(df)
      expect(since(before)).not.toContain('save')
      expect((await see(name)).domain).toBe('running')
      await endMachine(bench, name)
    })

    test('a save that fails leaves the machine running and no file', async () => {
      const { name } = await machineOn(bench, 'on')
      opened.here_.knob('save', 'fail err-save-bad-path')
      expect((await faultOf(save(name), 'refused')).message).toBe('the host has no space left on its disk')
      expect((await see(name)).domain).toBe('running')
      expect(opened.here_.files().filter((file) => file.includes('memory'))).toEqual([])
      await endMachine(bench, name)
    })
  })

  describe('devices', () => {
    const volume = async () => {
      const name = bench.fresh().replace('i-', 'vol-')
      const ticket = bench.claim(name).effect()
      await through(() =>
        opened.driver.disk.ensure(opened.here, ticket, { name, sizeGiB: 1, source: { from: 'blank' } }),
      )
      return name
    }

    test('a disk that its guest holds on to stays attached', async () => {
      const { name } = await machineOn(bench, 'on')
      const disk = await volume()
      await opened.driver.disk.attach(opened.here, bench.claim(name).effect(), { name: disk, device: '/dev/sdf' })
      opened.here_.knob('block-detach', 'deaf')
      await faultOf(opened.driver.disk.detach(opened.here, bench.claim(name).effect(), disk), 'refused')
      expect((await see(name)).disks).toContainEqual({ name: disk, sizeGiB: 1, attached: true })
      await endMachine(bench, name)
    })

    test('a hot attach that was cut is looked up, keeps the disk from being removed, and is done again', async () => {
      const { name } = await machineOn(bench, 'on')
      const disk = await volume()
      writeFileSync(
        join(opened.here_.folder, 'machines', name, 'disks'),
        `${rootOf(name)} xvda on\n${disk} xvdf adding\n`,
      )
      expect((await see(name)).disks).toContainEqual({ name: rootOf(name), sizeGiB: 1, attached: true })
      expect((await see(name)).disks.map((one) => one.name)).not.toContain(disk)
      await faultOf(opened.driver.disk.remove(opened.here, bench.claim(disk).effect(), disk), 'refused')
      const { machines } = await opened.driver.list(opened.here)
      expect(machines.find((one) => one.name === name)).toEqual(await see(name))
      await opened.driver.disk.attach(opened.here, bench.claim(name).effect(), { name: disk, device: '/dev/sdf' })
      expect((await see(name)).disks).toContainEqual({ name: disk, sizeGiB: 1, attached: true })
      await endMachine(bench, name)
    })

    test('what was attached while it ran is in its configuration, for the guest’s next restart', async () => {
      const { name } = await machineOn(bench, 'on')
      const disk = await volume()
      const mac = freshMac()
      await opened.driver.disk.attach(opened.here, bench.claim(name).effect(), { name: disk, device: '/dev/sdf' })
      const order = { mac, address: null, network: opened.network }
      await opened.driver.network.attach(opened.here, bench.claim(name).effect(), order)
      expect(domainsOf(name)[0]?.cfg).toContain('vdev=xvdf')
      expect(domainsOf(name)[0]?.cfg).toContain(mac)
      await endMachine(bench, name)
    })

    test('an interface on a bridge that is not there is refused and not kept', async () => {
      const { name, interfaces } = await machineOn(bench, 'on')
      const order = {
        mac: freshMac(),
        address: null,
        network: { ...opened.network, name: 'subnet-9', bridge: 'nobr0' },
      }
      const refused = await faultOf(
        opened.driver.network.attach(opened.here, bench.claim(name).effect(), order),
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
      opened.here_.foreign(name, 256)
      expect((await see(name)).domain).toBe('off')
      expect((await faultOf(power(name, { to: 'on' }), 'refused')).message).toBe(
        `another domain on the host is already called ${name}`,
      )
      await power(name, { to: 'off', how: 'hard' })
      expect(domainsOf(name)).toHaveLength(1)
      const { foreign } = await opened.driver.list(opened.here)
      expect(foreign.find((one) => one.name === name)?.size.memoryMiB).toBe(256)
      opened.here_.dropDomain(name)
      await endMachine(bench, name)
    })

    test('dom0 counts too: its memory, and a quarter of the processors where nobody limited it', async () => {
      const { foreign, capacity } = await opened.driver.list(opened.here)
      expect(foreign[0]).toMatchObject({ name: 'Domain-0', size: { memoryMiB: 512, cpuHundredths: 100 } })
      expect(capacity).toMatchObject({ cpuHundredths: 400, memoryMiB: 16_384 - 164 })
    })
  })

  test('what a machine uses', async () => {
    const { name } = await machineOn(bench, 'on')
    const { usage } = await opened.driver.list(opened.here)
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
    opened.here_.knob('xentop', 'fail err-unknown-command')
    expect((await opened.driver.list(opened.here)).usage?.machines.find((one) => one.name === name)?.sentBytes).toBe(0)
    await endMachine(bench, name)
  })

  test('a list that hangs is a timeout, never an empty host', async () => {
    opened.here_.knob('list', 'hang')
    await faultOf(opened.driver.list(opened.here), 'timeout')
  })

  test('a console whose reader would hang answers in time', async () => {
    const { name } = await machineOn(bench, 'on')
    const before = Date.now()
    expect((await opened.driver.console(opened.here, bench.claim(name).look)).text).toContain(`${name} booted`)
    expect(Date.now() - before).toBeLessThan(10_000)
    await endMachine(bench, name)
  })

  describe('moving', () => {
    const move = (name: string, how: 'live' | 'cold') => {
      const ticket = bench.claim(name).effect()
      return through(() => opened.driver.move(opened.here, ticket, { to: opened.there, how }))
    }

    test('a PV machine does not move live, for a reason', async () => {
      const name = await define(kernelBoot('pv'))
      await power(name, { to: 'on' })
      expect((await faultOf(move(name, 'live'), 'unsupported')).message).toMatch(/shadow paging/)
      expect((await see(name)).domain).toBe('running')
      await move(name, 'cold')
      await endMachine(bench, name, opened.there)
    })

    test.each(['live', 'cold'] as const)(
      '%s to a host that cannot start it: it goes on here, nothing is left there',
      async (how) => {
        const { name } = await machineOn(bench, 'on')
        const before = opened.there_.files()
        opened.there_.knob(how === 'live' ? 'migrate-receive' : 'restore', 'fail err-not-enough-memory')
        await faultOf(move(name, how), 'refused')
        expect((await see(name)).domain).toBe('running')
        expect(domainsOf(name)).toHaveLength(1)
        expect(opened.there_.domains()).toEqual([])
        expect(opened.there_.files()).toEqual(before)
        await endMachine(bench, name)
      },
    )

    test('to a host that has a domain of that name is refused before anything happens', async () => {
      const { name } = await machineOn(bench, 'on')
      opened.there_.foreign(name, 128)
      expect((await faultOf(move(name, 'live'), 'refused')).message).toBe(
        `another domain on the host is already called ${name}`,
      )
      expect((await see(name)).domain).toBe('running')
      opened.there_.dropDomain(name)
      await endMachine(bench, name)
    })
  })

  test('the whole life of a machine leaves nothing on its host', async () => {
    const before = opened.here_.files().filter((file) => !/\/images\/|\.reflink$/.test(file))
    const name = await define({ ...kernelBoot('pvh'), seed: Buffer.from('CD001').toString('base64') })
    await power(name, { to: 'on' })
    expect(opened.here_.files()).toContain(`local-1/machines/${name}/seed.iso`)
    expect(domainsOf(name)[0]?.cfg).toContain('vdev=xvdzz,access=ro')
    await endMachine(bench, name)
    expect(domainsOf(name)).toEqual([])
    expect(opened.here_.files().filter((file) => !/\/images\/|\.reflink$/.test(file))).toEqual(before)
  })

  test('the way cut after each piece of a start: the same order again makes one domain', async () => {
    const proxy = await startSshProxy(opened.here_.sshd)
    const here = { ...proxy.target, id: opened.here.id, name: opened.here.name }
    try {
      const { name } = await machineOn(bench, 'off')
      const start = async () => {
        const ticket = bench.claim(name).effect()
        return through(() => opened.driver.power(here, ticket, { to: 'on' }))
      }
      await start()
      await power(name, { to: 'off', how: 'hard' })
      for (const direction of ['there', 'back'] as const)
        for (const pieces of [1, 2, 3]) {
          const { key } = bench.claim(name).effect()
          const again = () => opened.driver.power(here, bench.claim(name).effect(key), { to: 'on' })
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
    expect(capabilities.lacks.map((lack) => lack.verb)).toEqual(['rules', 'move-live'])
    const name = bench.fresh()
    const definition = { ...definitionOf(stage, name), disks: [] }
    await faultOf(stage.driver.define(stage.here, bench.claim(name).effect(), definition), 'unsupported')
    expect((await stage.driver.find(stage.here, bench.claim(name).look)).domain).toBe('absent')
  })
})
