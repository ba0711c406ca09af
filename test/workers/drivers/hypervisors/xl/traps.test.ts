/**
 * What goes wrong with machines on Xen hosts (each was seen on a real one: docs/xen.md), against the fake xl behind a real sshd.
 * After each: one domain or none, the right state, and nothing left on the host.
 */
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endMachine, faultOf, machineOn, through } from '../../../../contract/driver/bench'
import { describeWithSshd } from '../../../../support/sshd'
import { until } from '../../../../support/until'
import { openTraps } from './trap-bench'

jest.setTimeout(120_000)

describeWithSshd('traps of machines on Xen hosts', () => {
  const { bench, stage, see, power, domainsOf, since, define, kernelBoot } = openTraps()

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
      const before = stage().here_.files()
      stage().here_.knob('create', `fail ${recorded}`)
      expect((await faultOf(power(name, { to: 'on' }), 'refused')).message).toBe(message)
      expect(domainsOf(name)).toEqual([])
      expect(await see(name)).toMatchObject({ domain: 'off', work: null })
      expect(
        stage()
          .here_.files()
          .filter((file) => !file.endsWith('/xl.cfg')),
      ).toEqual(before)
      await power(name, { to: 'on' })
      expect(domainsOf(name)).toHaveLength(1)
      await endMachine(bench, name)
    })

    test('that is killed half way leaves a paused domain: shown as off, and the next start makes one', async () => {
      const { name } = await machineOn(bench, 'off')
      stage().here_.knob('create', 'half')
      const ticket = bench.claim(name).effect()
      await stage()
        .driver.power(stage().here, ticket, { to: 'on' })
        .catch(() => undefined)
      await power(name, { to: 'on' }).catch(() => undefined)
      await power(name, { to: 'on' })
      expect(domainsOf(name)).toHaveLength(1)
      expect((await see(name)).domain).toBe('running')
      await endMachine(bench, name)
    })

    test('that hangs is work, is cancelled, and the next one makes one domain', async () => {
      const { name } = await machineOn(bench, 'off')
      stage().here_.knob('create', 'hang')
      const ticket = bench.claim(name).effect()
      const begun = await stage().driver.power(stage().here, ticket, { to: 'on' })
      expect(begun.state).toBe('running')
      expect(await see(name)).toMatchObject({ domain: 'off', work: { key: ticket.key, what: 'power.on' } })
      await faultOf(stage().driver.undefine(stage().here, bench.claim(name).effect()), 'busy')
      await stage().driver.cancel(stage().here, bench.claim(name).effect(ticket.key))
      expect(await see(name)).toMatchObject({ domain: 'off', work: null })
      await power(name, { to: 'on' })
      expect(domainsOf(name)).toHaveLength(1)
      await endMachine(bench, name)
    })

    test.each(['--ps--', '---s?-'])(
      'over what is left of an earlier domain (%s) takes that away first',
      async (flags) => {
        const { name } = await machineOn(bench, 'on')
        stage().here_.setDomain(name, 'flags', flags)
        expect((await see(name)).domain).toBe('off')
        await power(name, { to: 'on' })
        expect(domainsOf(name)).toMatchObject([{ flags: '-b----' }])
        await endMachine(bench, name)
      },
    )

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
      stage().here_.dropDomain(name)
      expect(await see(name)).toMatchObject({ domain: 'off', startedAt: null })
      await endMachine(bench, name)
    })

    test('running between two starts of a restart, while xl’s monitor lives', async () => {
      const { name } = await machineOn(bench, 'on')
      const [before] = domainsOf(name)
      stage().here_.knob('reboot', 'gap 2')
      const restarting = power(name, { again: 'reboot' })
      await until(() => domainsOf(name).length === 0)
      expect((await stage().driver.list(stage().here)).machines.find((one) => one.name === name)?.domain).toBe(
        'running',
      )
      await restarting
      expect(domainsOf(name)).toHaveLength(1)
      expect(domainsOf(name)[0]?.domid).not.toBe(before?.domid)
      await endMachine(bench, name)
    })

    test('a restart that nobody does any more is a crash, and a reset mends it', async () => {
      const { name } = await machineOn(bench, 'on')
      stage().here_.setDomain(name, 'flags', '---sr-')
      expect(await see(name)).toMatchObject({ domain: 'crashed', restarts: true })
      await power(name, { again: 'reset' })
      expect(await see(name)).toMatchObject({ domain: 'running' })
      expect(domainsOf(name)).toHaveLength(1)
      await endMachine(bench, name)
    })

    test.each(['pv', 'pvh', 'hvm'] as const)(
      'a reset of a guest of mode %s that hangs is another domain',
      async (mode) => {
        const name = await define(kernelBoot(mode))
        await power(name, { to: 'on' })
        const [before] = domainsOf(name)
        await power(name, { again: 'reset' })
        expect(await see(name)).toMatchObject({ domain: 'running' })
        expect(domainsOf(name)).toHaveLength(1)
        expect(domainsOf(name)[0]?.domid).not.toBe(before?.domid)
        await endMachine(bench, name)
      },
    )

    test('crashed is crashed: it is neither saved nor asked to shut down, and is cut', async () => {
      const { name } = await machineOn(bench, 'on')
      stage().here_.setDomain(name, 'flags', '---sc-')
      const crashed = await see(name)
      expect(crashed.domain).toBe('crashed')
      expect(crashed.restarts).toBeUndefined()
      const before = stage().here_.calls().length
      await faultOf(stage().driver.save(stage().here, bench.claim(name).effect()), 'refused')
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
      await through(() => stage().driver.save(stage().here, ticket))
      expect((await see(name)).domain).toBe('saved')
      await endMachine(bench, name)
    })

    test('a guest that does not obey stays running and shown as work, until its power is cut', async () => {
      const { name } = await machineOn(bench, 'on')
      stage().here_.knob('shutdown', 'deaf', 'always')
      const ticket = bench.claim(name).effect()
      const asked = await stage().driver.power(stage().here, ticket, { to: 'off', how: 'graceful' })
      expect(asked.state).toBe('running')
      expect(await see(name)).toMatchObject({ domain: 'running', work: { what: 'power.off' } })
      await stage().driver.cancel(stage().here, bench.claim(name).effect(ticket.key))
      await power(name, { to: 'off', how: 'hard' })
      expect(domainsOf(name)).toEqual([])
      await endMachine(bench, name)
    })

    test('a guest that shut down with nobody to clean up after it is cleaned up', async () => {
      const { name } = await machineOn(bench, 'on')
      stage().here_.knob('shutdown', 'carcass')
      await power(name, { to: 'off', how: 'graceful' })
      expect(domainsOf(name)).toEqual([])
      await endMachine(bench, name)
    })

    test('xl says 0 of an unpause that did nothing: a look decides', async () => {
      const { name } = await machineOn(bench, 'on')
      await power(name, { to: 'paused' })
      stage().here_.knob('unpause', 'fail err-unpause-running')
      await faultOf(power(name, { to: 'unpaused' }), 'refused')
      expect((await see(name)).domain).toBe('paused')
      await endMachine(bench, name)
    })
  })

  describe('saved memory', () => {
    const save = async (name: string) => {
      const ticket = bench.claim(name).effect()
      return through(() => stage().driver.save(stage().here, ticket))
    }

    test('a restore that is killed half way keeps the file, and the next one uses it', async () => {
      const { name } = await machineOn(bench, 'on')
      await save(name)
      const before = stage().here_.calls().length
      stage().here_.knob('restore', 'half')
      await power(name, { to: 'on' })
      expect(since(before).filter((word) => word === 'restore')).toHaveLength(2)
      expect(since(before)).toContain('destroy')
      expect(domainsOf(name)).toHaveLength(1)
      expect(
        stage()
          .here_.files()
          .filter((file) => file.includes(name) && file.includes('memory')),
      ).toEqual([])
      await endMachine(bench, name)
    })

    test('a damaged file is told, and a stop drops it', async () => {
      const { name } = await machineOn(bench, 'on')
      await save(name)
      stage().here_.knob('restore', 'fail err-restore-garbage')
      expect((await faultOf(power(name, { to: 'on' }), 'refused')).message).toBe('its saved memory cannot be read')
      expect((await see(name)).domain).toBe('saved')
      await power(name, { to: 'off', how: 'hard' })
      expect((await see(name)).domain).toBe('off')
      await endMachine(bench, name)
    })

    test('a host without room for it refuses before anything happens', async () => {
      const { name } = await machineOn(bench, 'on')
      const df = join(stage().here_.sshd.bin, 'df')
      writeFileSync(df, '#!/bin/sh\necho Filesystem\necho x 1000 1000 1 100% /\n')
      chmodSync(df, 0o755)
      const before = stage().here_.calls().length
      expect((await faultOf(save(name), 'refused')).message).toMatch(/no space left on device/)
      rmSync(df)
      expect(since(before)).not.toContain('save')
      expect((await see(name)).domain).toBe('running')
      await endMachine(bench, name)
    })

    test('a save that fails leaves the machine running and no file', async () => {
      const { name } = await machineOn(bench, 'on')
      stage().here_.knob('save', 'fail err-save-bad-path')
      expect((await faultOf(save(name), 'refused')).message).toBe('the host has no space left on its disk')
      expect((await see(name)).domain).toBe('running')
      expect(
        stage()
          .here_.files()
          .filter((file) => file.includes('memory')),
      ).toEqual([])
      await endMachine(bench, name)
    })
  })
})
