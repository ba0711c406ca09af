/**
 * Taking a domain over on a (fake) Xen host behind a real sshd, cut where it hurts: the domain is never lost, doubled, or anybody's
 * by halves.
 */
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { MachineDefinition } from '../../../../../../workers/drivers/driver'
import { endMachine, faultOf, through } from '../../../../../contract/driver/bench'
import { describeWithSshd } from '../../../../../support/sshd'
import { xenForeign } from '../../../../../support/xen-stage'
import { openTraps } from '../trap-bench'

jest.setTimeout(120_000)

describeWithSshd('taking over, cut', () => {
  const { bench, stage, see, power } = openTraps()
  const host = () => stage().here_
  const names = () =>
    host()
      .domains()
      .map(({ name }) => name)
  const machines = () => readdirSync(join(host().folder, 'machines')).filter((name) => name.startsWith('i-'))

  afterEach(() => {
    for (const name of names()) host().dropDomain(name)
    for (const name of machines()) rmSync(join(host().folder, 'machines', name), { recursive: true })
  })

  let called = 0
  async function foreign() {
    called += 1
    const made = xenForeign(host(), `web-${called}`)
    const told = await stage().driver.foreign?.(stage().here, `web-${called}`)
    if (!told) throw new Error('nothing was told of it')
    const name = bench.fresh()
    const disks = told.disks.map(({ device, format, path }) => ({ name: `${name}-root`, device, format, path }))
    const definition: MachineDefinition = {
      name,
      id: told.uuid,
      site: stage().site,
      size: told.size,
      disks: disks.map(({ name: disk, device }) => ({ name: disk, device })),
      interfaces: told.interfaces.map(({ mac, address }) => ({ mac, address, network: stage().network })),
      takenOver: { boot: told.boot, disks },
      seed: null,
    }
    return { ...made, called: `web-${called}`, name, definition }
  }
  const adopt = (definition: MachineDefinition) => {
    const ticket = bench.claim(definition.name).effect()
    return through(
      () => stage().driver.adopt?.(stage().here, ticket, definition) ?? Promise.reject(new Error('no verb')),
    )
  }

  test('killed right behind the renaming: foreign under its new name, and taken over by the next try', async () => {
    const { name, definition, called: was, uuid } = await foreign()
    host().knob('rename', 'half')
    await faultOf(adopt(definition), 'timeout')
    expect(names()).toEqual([name])
    expect(await see(name)).toMatchObject({
      id: null,
      domain: 'off',
      disks: [{ name: `${name}-root`, attached: false }],
    })
    expect((await stage().driver.list(stage().here)).foreign.map((one) => one.name)).toContain(name)
    await adopt(definition)
    expect(await see(name)).toMatchObject({ id: uuid, domain: 'running', disks: [{ attached: true }] })
    expect(readFileSync(join(host().folder, 'machines', name, 'was'), 'utf8')).toBe(`${was}\n`)
    await endMachine(bench, name)
  })

  test('cut there and then not wanted any more: what is left of ours goes, and the domain runs on', async () => {
    const { name, definition, isKept } = await foreign()
    host().knob('rename', 'half')
    await faultOf(adopt(definition), 'timeout')
    await endMachine(bench, name)
    expect(await see(name)).toMatchObject({ id: null, domain: 'absent', disks: [] })
    expect([names(), isKept()]).toEqual([[name], true])
  })

  test('a renaming that hangs or fails: foreign under its old name, and nothing of ours', async () => {
    const { name, definition, called: was } = await foreign()
    for (const [word, kind] of [
      ['fail err-unknown-command', 'unsupported'],
      ['hang', 'timeout'],
    ] as const) {
      host().knob('rename', word)
      await faultOf(adopt(definition), kind)
      expect([names(), machines()]).toEqual([[was], []])
    }
    await endMachine(bench, name)
    expect(readdirSync(join(host().folder, 'disks'))).toEqual([])
  })

  test('its disk is a link that is never followed when it goes, and its file is what it starts from', async () => {
    const { name, definition, disk, isKept } = await foreign()
    await adopt(definition)
    expect(readlinkSync(join(host().folder, 'disks', `${name}-root.raw`))).toBe(disk)
    await power(name, { to: 'off', how: 'hard' })
    await power(name, { to: 'on' })
    expect(host().domains()[0]?.cfg).toContain(`target=${disk}`)
    await endMachine(bench, name)
    expect([isKept(), existsSync(join(host().folder, 'disks', `${name}-root.raw`))]).toEqual([true, false])
  })

  test('a disk that went away meanwhile is refused, and the domain is as it was', async () => {
    const { name, definition, disk, called: was } = await foreign()
    rmSync(disk)
    expect((await faultOf(adopt(definition), 'refused')).message).toMatch(/a disk of it is not there/)
    expect([names(), machines()]).toEqual([[was], []])
    await endMachine(bench, name)
  })

  test('what another site of this host has is refused', async () => {
    const { name, definition, called: was, uuid } = await foreign()
    const other = join(host().folder, '..', 'lyon-1', 'machines', 'i-1')
    mkdirSync(other, { recursive: true })
    writeFileSync(join(other, 'machine'), `id ${uuid}\n`)
    expect((await faultOf(adopt(definition), 'refused')).message).toMatch(
      /is the machine i-1 of the site lyon-1 already/,
    )
    rmSync(join(host().folder, '..', 'lyon-1'), { recursive: true })
    expect([names(), machines()]).toEqual([[was], []])
    await endMachine(bench, name)
  })

  test('started by other hands under its old name, it is not started a second time', async () => {
    const { name, definition, called: was } = await foreign()
    await adopt(definition)
    host().setDomain(name, 'name', was)
    expect((await see(name)).domain).toBe('off')
    expect((await faultOf(power(name, { to: 'on' }), 'refused')).message).toBe(
      `it runs already, as the domain ${was}: rename that (xl rename ${was} ${name}), or end it`,
    )
    expect(names()).toEqual([was])
    host().setDomain(was, 'name', name)
    expect((await see(name)).domain).toBe('running')
    await endMachine(bench, name)
  })

  test('its guest restarts: it runs as long as the xl that it came with lives', async () => {
    const { name, definition, called: was } = await foreign()
    const log = join(host().folder, '..', `xl-${was}.log`)
    const monitor = spawn('sleep', ['1000'], { stdio: ['ignore', openSync(log, 'w'), 'ignore'] })
    try {
      await adopt(definition)
      expect(readFileSync(join(host().folder, 'machines', name, 'monitor'), 'utf8')).toMatch(
        new RegExp(`^${monitor.pid} \\d+\\n$`),
      )
      host().setDomain(name, 'flags', '---sr-')
      expect((await see(name)).domain).toBe('running')
    } finally {
      const ended = new Promise((resolve) => monitor.once('exit', resolve))
      monitor.kill('SIGKILL')
      await ended
    }
    expect((await see(name)).domain).toBe('crashed')
    host().setDomain(name, 'flags', '-b----')
    await endMachine(bench, name)
    rmSync(log)
  })
})
