/** The faults that tests set: each does what it says, where it was set, and no more often. */

import { claim, definition, rootOrder, SMALL, startMachine } from '../../../support/simulated-machine'
import { type StartedSimulator, startSimulator } from '../../../support/simulator'
import { until } from '../../../support/until'

let simulator: StartedSimulator
beforeAll(async () => {
  simulator = await startSimulator({ hosts: 2, deadlineMs: 400 })
})
afterEach(() => simulator.admin.clearFaults())
afterAll(() => simulator.close())

const here = () => simulator.host(1)
const there = () => simulator.host(2)
const off = { to: 'off', how: 'hard' } as const

test('refuse: so many times, this verb, this host, with this message, and nothing happened', async () => {
  const { driver, admin } = simulator
  await startMachine(driver, here(), 'i-1')
  await startMachine(driver, there(), 'i-2')
  await admin.refuse({ verb: 'power.off', host: 'sim-1', times: 2, message: 'no power over it' })
  for (const _ of [1, 2])
    await expect(driver.power(here(), claim('i-1').effect(), off)).rejects.toMatchObject({
      kind: 'refused',
      message: 'no power over it',
    })
  expect((await driver.find(here(), claim('i-1'))).domain).toBe('running')
  expect(await driver.power(there(), claim('i-2').effect(), off)).toMatchObject({ state: 'done' })
  expect(await driver.power(here(), claim('i-1').effect(), off)).toMatchObject({ state: 'done' })
})

test('refuse of one resource leaves the others alone', async () => {
  const { driver, admin } = simulator
  await admin.refuse({ verb: 'disk.ensure', resource: 'i-3', times: 9 })
  await expect(driver.disk.ensure(here(), claim('i-3').effect(), rootOrder('i-3'))).rejects.toMatchObject({
    kind: 'refused',
  })
  expect(await driver.disk.ensure(here(), claim('i-4').effect(), rootOrder('i-4'))).toMatchObject({ state: 'done' })
})

test('lose-answer by silence: the caller times out, the effect is there, once', async () => {
  const { driver, admin } = simulator
  await admin.loseAnswer({ verb: 'disk.ensure', times: 1, how: 'silence' })
  const ticket = claim('i-5').effect()
  await expect(driver.disk.ensure(here(), ticket, rootOrder('i-5'))).rejects.toMatchObject({ kind: 'timeout' })
  expect((await driver.find(here(), claim('i-5'))).disks).toHaveLength(1)
  await driver.disk.ensure(here(), claim('i-5').effect(ticket.key), rootOrder('i-5'))
  const { hosts } = await admin.snapshot()
  expect(hosts[0]?.resources['i-5']?.effects).toEqual({ 'disk.ensure': 1 })
})

test('slow by the real clock: longer than the deadline is a timeout, and it is done all the same', async () => {
  const { driver, admin } = simulator
  await admin.slow({ verb: 'disk.ensure', host: 'sim-1', ms: 500 })
  await expect(driver.disk.ensure(here(), claim('i-6').effect(), rootOrder('i-6'))).rejects.toMatchObject({
    kind: 'timeout',
  })
  await until(async () => (await admin.snapshot()).hosts[0]?.resources['i-6']?.effects['disk.ensure'] === 1)
})

test('slow by the simulated clock: through as soon as it is moved', async () => {
  const { driver, admin } = simulator
  await admin.slow({ verb: 'capacity', ms: 60_000, by: 'simulated' })
  const asked = driver.capacity(here())
  let answered = ''
  void asked.then((probe) => {
    answered = probe.version
  })
  await until(async () => {
    await admin.advance(60_000)
    return answered === 'simulator 1'
  })
})

test('a newer claim ends the attached command of an older one before its effect', async () => {
  const { driver, admin } = simulator
  await admin.slow({ verb: 'disk.ensure', ms: 86_400_000, by: 'simulated' })
  const older = claim('i-7')
  const attached = driver.disk.ensure(here(), older.effect(), rootOrder('i-7'))
  const queued = driver.undefine(here(), older.effect())
  const ended = Promise.all([attached, queued].map((call) => call.catch((fault) => fault.kind)))
  await until(async () => (await admin.snapshot()).hosts[0]?.resources['i-7'])
  expect((await driver.find(here(), claim('i-7'))).disks).toEqual([])
  expect(await ended).toEqual(['stale', 'stale'])
  await admin.advance(86_400_000)
  expect((await driver.find(here(), claim('i-7'))).disks).toEqual([])
})

test('calls of one claim on one resource take their turns', async () => {
  const { driver, admin } = simulator
  await admin.slow({ verb: 'disk.ensure', ms: 50 })
  const mine = claim('i-8')
  const [, seen] = await Promise.all([
    driver.disk.ensure(here(), mine.effect(), rootOrder('i-8')),
    driver.find(here(), mine),
  ])
  expect(seen.disks).toHaveLength(1)
})

test('a late order on a slow network is refused when a newer claim looked meanwhile', async () => {
  const { driver, admin } = simulator
  await admin.slow({ verb: 'disk.ensure', ms: 200, at: 'network' })
  const late = driver.disk.ensure(here(), claim('i-9').effect(), rootOrder('i-9'))
  await driver.find(here(), claim('i-9'))
  await expect(late).rejects.toMatchObject({ kind: 'stale' })
})

test('vanish: unreachable or silent; what runs goes on running', async () => {
  const { driver, admin } = simulator
  await startMachine(driver, there(), 'i-10')
  const before = await driver.find(there(), claim('i-10'))
  await admin.vanish('sim-2')
  await expect(driver.capacity(there())).rejects.toMatchObject({ kind: 'unreachable' })
  await expect(driver.find(there(), claim('i-10'))).rejects.toMatchObject({ kind: 'unreachable' })
  await admin.vanish('sim-2', 'silent')
  await expect(driver.list(there())).rejects.toMatchObject({ kind: 'timeout' })
  expect(await driver.capacity(here())).toMatchObject({ version: 'simulator 1' })
  await admin.giveBack('sim-2')
  expect(await driver.find(there(), claim('i-10'))).toEqual(before)
})

test('return after a restart: nothing runs, boot is another, saved memory and disks stay', async () => {
  const { driver, admin } = simulator
  await startMachine(driver, there(), 'i-11')
  await startMachine(driver, there(), 'i-12')
  await driver.save(there(), claim('i-12').effect())
  const { boot } = await driver.capacity(there())
  await admin.vanish('sim-2')
  await admin.giveBack('sim-2', 'restarted')
  expect((await driver.capacity(there())).boot).not.toBe(boot)
  expect(await driver.find(there(), claim('i-11'))).toMatchObject({ domain: 'off', startedAt: null })
  expect((await driver.find(there(), claim('i-12'))).domain).toBe('saved')
})

test('a restart ends detached work; the same key may be done once more', async () => {
  const { driver, admin } = simulator
  await admin.duration({ verb: 'disk.ensure', ms: 600_000 })
  const ticket = claim('i-13').effect()
  await driver.disk.ensure(there(), ticket, rootOrder('i-13'))
  await admin.vanish('sim-2')
  await admin.giveBack('sim-2', 'restarted')
  expect(await driver.find(there(), claim('i-13'))).toMatchObject({ work: null, disks: [] })
  await admin.clearFaults()
  const again = await driver.disk.ensure(there(), claim('i-13').effect(ticket.key), rootOrder('i-13'))
  expect(again.state).toBe('done')
})

test('freeze: the call waits at the host and is done when it thaws', async () => {
  const { driver, admin } = simulator
  await admin.freeze('sim-1')
  const waiting = driver.disk.ensure(here(), claim('i-14').effect(), rootOrder('i-14')).catch((fault) => fault.kind)
  expect(await waiting).toBe('timeout')
  await admin.giveBack('sim-1')
  await until(async () => (await admin.snapshot()).hosts[0]?.resources['i-14']?.effects['disk.ensure'] === 1)
})

test('a restart breaks off what was attached or waited at the frozen host; nothing of it is done', async () => {
  const { driver, admin } = simulator
  await admin.slow({ verb: 'disk.ensure', ms: 86_400_000, by: 'simulated' })
  const attached = driver.disk.ensure(there(), claim('i-30').effect(), rootOrder('i-30')).catch((fault) => fault.kind)
  await until(async () => (await admin.snapshot()).hosts[1]?.resources['i-30'])
  await admin.freeze('sim-2')
  const waiting = driver.disk.ensure(there(), claim('i-31').effect(), rootOrder('i-31')).catch((fault) => fault.kind)
  await until(async () => (await admin.snapshot()).hosts[1]?.calls === 2)
  await admin.giveBack('sim-2', 'restarted')
  expect(await Promise.all([attached, waiting])).toEqual(['unreachable', 'unreachable'])
  await admin.clearFaults()
  for (const name of ['i-30', 'i-31']) expect((await driver.find(there(), claim(name))).disks).toEqual([])
})

test('refuse of a look is only said, not kept', async () => {
  const { driver, admin } = simulator
  await admin.refuse({ verb: 'find', times: 1, message: 'xl list failed' })
  const mine = claim('i-32')
  await expect(driver.find(here(), mine)).rejects.toMatchObject({ kind: 'refused', message: 'xl list failed' })
  expect((await driver.find(here(), mine)).domain).toBe('absent')
})

test('a guest stops by itself, another crashes', async () => {
  const { driver, admin } = simulator
  await startMachine(driver, here(), 'i-15')
  await startMachine(driver, here(), 'i-16')
  await admin.guestStops('sim-1', 'i-15')
  await admin.guestCrashes('sim-1', 'i-16')
  expect(await driver.find(here(), claim('i-15'))).toMatchObject({ domain: 'off', startedAt: null })
  expect(await driver.find(here(), claim('i-16'))).toMatchObject({ domain: 'crashed', startedAt: null })
  await expect(admin.guestStops('sim-1', 'i-15')).rejects.toMatchObject({ kind: 'refused' })
  await driver.power(here(), claim('i-16').effect(), { to: 'on' })
  expect((await driver.find(here(), claim('i-16'))).domain).toBe('running')
})

test('a deaf guest: the shutdown runs on until it is cancelled, then a cut works', async () => {
  const { driver, admin } = simulator
  await startMachine(driver, here(), 'i-17')
  await admin.guestGoesDeaf('sim-1', 'i-17')
  const ticket = claim('i-17').effect()
  const asked = await driver.power(here(), ticket, { to: 'off', how: 'graceful' })
  expect(asked.state).toBe('running')
  await admin.advance(600_000)
  expect(await driver.find(here(), claim('i-17'))).toMatchObject({ domain: 'running', work: { key: ticket.key } })
  await expect(driver.power(here(), claim('i-17').effect(), off)).rejects.toMatchObject({ kind: 'busy' })
  await driver.cancel(here(), claim('i-17').effect(ticket.key))
  await driver.power(here(), claim('i-17').effect(), off)
  expect((await driver.find(here(), claim('i-17'))).domain).toBe('off')
})

test('save and shutdown take the time that was set', async () => {
  const { driver, admin } = simulator
  await startMachine(driver, here(), 'i-18')
  await admin.duration({ verb: 'save', ms: 10_000 })
  const ticket = claim('i-18').effect()
  expect((await driver.save(here(), ticket)).state).toBe('running')
  await admin.advance(5_000)
  const half = await driver.find(here(), claim('i-18'))
  expect(half).toMatchObject({ domain: 'running', work: { what: 'save' } })
  expect(half.work?.percent).toBeGreaterThanOrEqual(50)
  await admin.advance(5_000)
  expect(await driver.find(here(), claim('i-18'))).toMatchObject({ domain: 'saved', work: null })
})

test('a guest that stops while it is being saved leaves nothing saved', async () => {
  const { driver, admin } = simulator
  await startMachine(driver, here(), 'i-19')
  await admin.duration({ verb: 'save', ms: 10_000 })
  const ticket = claim('i-19').effect()
  await driver.save(here(), ticket)
  await admin.guestStops('sim-1', 'i-19')
  await admin.advance(10_000)
  await expect(driver.save(here(), claim('i-19').effect(ticket.key))).rejects.toMatchObject({ kind: 'refused' })
  expect((await driver.find(here(), claim('i-19'))).domain).toBe('off')
})

test('a foreign domain is counted and shown, and goes', async () => {
  const { driver, admin } = simulator
  const { capacity } = await driver.capacity(there())
  await driver.disk.ensure(there(), claim('i-20').effect(), rootOrder('i-20'))
  await driver.define(there(), claim('i-20').effect(), definition('i-20'))
  await admin.addForeign('sim-2', { name: 'theirs', size: { ...SMALL, memoryMiB: capacity.memoryMiB } })
  expect((await driver.list(there())).foreign.map((one) => one.name)).toEqual(['theirs'])
  await expect(driver.power(there(), claim('i-20').effect(), { to: 'on' })).rejects.toMatchObject({ kind: 'refused' })
  await admin.removeForeign('sim-2', 'theirs')
  expect((await driver.list(there())).foreign).toEqual([])
  expect(await driver.power(there(), claim('i-20').effect(), { to: 'on' })).toMatchObject({ state: 'done' })
})

test('an orphan bears our mark, is listed as a machine and obeys', async () => {
  const { driver, admin } = simulator
  await admin.addOrphan('sim-2', definition('i-21'))
  expect((await driver.list(there())).machines.find((one) => one.name === 'i-21')).toMatchObject({
    id: 'id-of-i-21',
    domain: 'running',
  })
  await driver.power(there(), claim('i-21').effect(), off)
  await driver.undefine(there(), claim('i-21').effect())
  await driver.disk.remove(there(), claim('i-21').effect(), 'i-21-root')
  expect((await driver.list(there())).machines.map((one) => one.name)).not.toContain('i-21')
})

test('what a guest says is on its console, the newest 64 KiB of it', async () => {
  const { driver, admin } = simulator
  await startMachine(driver, here(), 'i-22')
  expect((await driver.console(here(), claim('i-22'))).text).toMatch(/simulated guest i-22 started\n$/)
  await admin.guestSays('sim-1', 'i-22', `${'ä'.repeat(40_000)}end\u2028`)
  const { text } = await driver.console(here(), claim('i-22'))
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536)
  expect(text).toMatch(/^ä+end\u2028\n$/)
})

test('an unknown verb and malformed arguments are refused by name', async () => {
  const { admin } = simulator
  await expect(admin.refuse({ verb: 'define', times: 0 })).rejects.toMatchObject({ kind: 'refused' })
  await expect(admin.vanish('sim-99')).rejects.toMatchObject({ kind: 'unreachable' })
})
