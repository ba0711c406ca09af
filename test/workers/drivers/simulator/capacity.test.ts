/** CPU, memory and disk are really counted. */

import { claim, definition, rootOrder, SMALL, startMachine } from '../../../support/simulated-machine'
import { startSimulator } from '../../../support/simulator'

const open = () => startSimulator({ capacity: { cpuHundredths: 200, memoryMiB: 2_048, diskGiB: 5 } })

test('machines fit up to the brim, and one more is refused, also one that was off and is started again', async () => {
  const { driver, host, close, admin } = await open()
  await startMachine(driver, host(1), 'i-1')
  await startMachine(driver, host(1), 'i-2')
  await driver.disk.ensure(host(1), claim('i-3').effect(), rootOrder('i-3'))
  const third = driver.define(host(1), claim('i-3').effect(), definition('i-3'))
  await expect(third).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('CPU') })
  // What is off takes nothing of its host.
  await driver.power(host(1), claim('i-2').effect(), { to: 'off', how: 'hard' })
  await driver.define(host(1), claim('i-3').effect(), definition('i-3'))
  await driver.power(host(1), claim('i-3').effect(), { to: 'on' })
  expect((await admin.snapshot()).hosts[0]?.used).toEqual({ cpuHundredths: 200, memoryMiB: 1_024, diskGiB: 3 })
  const again = driver.power(host(1), claim('i-2').effect(), { to: 'on' })
  await expect(again).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('CPU') })
  await close()
})

test('memory has its own limit', async () => {
  const { driver, host, close } = await open()
  await startMachine(driver, host(1), 'i-1', { ...SMALL, memoryMiB: 2_000 })
  const second = driver.define(host(1), claim('i-2').effect(), definition('i-2'))
  await expect(second).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('memory') })
  await close()
})

test('a copy under way holds its space already', async () => {
  const { driver, host, admin, close } = await open()
  await admin.duration({ verb: 'disk.ensure', ms: 60_000 })
  const copy = await driver.disk.ensure(host(1), claim('i-1').effect(), rootOrder('i-1', 4))
  expect(copy.state).toBe('running')
  const second = driver.disk.ensure(host(1), claim('i-2').effect(), rootOrder('i-2', 2))
  await expect(second).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('no space') })
  await close()
})

test('a move that no longer fits when it is through comes to nothing, and the machine wakes where it was', async () => {
  const simulator = await startSimulator({ hosts: 2, capacity: { cpuHundredths: 100, memoryMiB: 512, diskGiB: 5 } })
  const { driver, host, admin, close } = simulator
  await startMachine(driver, host(1), 'i-1')
  await admin.duration({ verb: 'move', ms: 60_000 })
  const ticket = claim('i-1').effect()
  expect((await driver.move(host(1), ticket, { to: host(2), how: 'cold' })).state).toBe('running')
  expect((await driver.find(host(1), claim('i-1'))).domain).toBe('saved')
  await driver.define(host(2), claim('i-2').effect(), { ...definition('i-2'), disks: [] })
  await driver.power(host(2), claim('i-2').effect(), { to: 'on' })
  await admin.advance(60_000)
  const repeated = driver.move(host(1), claim('i-1').effect(ticket.key), { to: host(2), how: 'cold' })
  await expect(repeated).rejects.toMatchObject({ kind: 'refused' })
  expect(await driver.find(host(1), claim('i-1'))).toMatchObject({ domain: 'running', work: null })
  expect((await driver.find(host(2), claim('i-1'))).domain).toBe('absent')
  await close()
})

test('a cancelled cold move wakes the machine; a volume moves with its machine', async () => {
  const { driver, host, admin, close } = await startSimulator({ hosts: 2 })
  await startMachine(driver, host(1), 'i-1')
  const volume = { name: 'vol-1', sizeGiB: 2, source: { from: 'blank' } } as const
  await driver.disk.ensure(host(1), claim('vol-1').effect(), volume)
  await driver.disk.attach(host(1), claim('i-1').effect(), { name: 'vol-1', device: '/dev/sdf' })
  await admin.duration({ verb: 'move', ms: 60_000 })
  const ticket = claim('i-1').effect()
  await driver.move(host(1), ticket, { to: host(2), how: 'cold' })
  await driver.cancel(host(1), claim('i-1').effect(ticket.key))
  expect((await driver.find(host(1), claim('i-1'))).domain).toBe('running')
  await admin.clearFaults()
  await driver.move(host(1), claim('i-1').effect(), { to: host(2), how: 'live' })
  expect((await driver.find(host(2), claim('i-1'))).disks).toEqual([
    { name: 'i-1-root', sizeGiB: 1, attached: true },
    { name: 'vol-1', sizeGiB: 2, attached: true },
  ])
  expect((await driver.find(host(1), claim('vol-1'))).disks).toEqual([])
  await close()
})
