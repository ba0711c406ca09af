/** Whose machines are listed, what is no machine, and what the snapshot tells. */
import { openSimulatorDriver } from '../../../../workers/drivers/simulator'
import { claim, definition, SMALL, startMachine } from '../../../support/simulated-machine'
import { startSimulator } from '../../../support/simulator'

test('a volume of its own is no machine, and a machine with another mark is foreign', async () => {
  const { driver, host, admin, socket, close } = await startSimulator()
  await startMachine(driver, host(1), 'i-1')
  const volume = { name: 'vol-1', sizeGiB: 2, source: { from: 'blank' } } as const
  await driver.disk.ensure(host(1), claim('vol-1').effect(), volume)
  await admin.addOrphan('sim-1', definition('i-2', SMALL, 'elsewhere'))
  const ours = openSimulatorDriver({ socket, site: 'local-1' })
  const listed = await ours.list(host(1))
  expect(listed.machines.map((one) => one.name)).toEqual(['i-1'])
  expect(listed.foreign).toEqual([{ name: 'i-2', size: SMALL }])
  expect((await driver.list(host(1))).machines.map((one) => one.name)).toEqual(['i-1', 'i-2'])
  await ours.close()
  await close()
})

test('the snapshot counts effects, also of what is gone, and never shows a seed', async () => {
  const { driver, host, admin, close } = await startSimulator()
  await startMachine(driver, host(1), 'i-1')
  await driver.power(host(1), claim('i-1').effect(), { again: 'reboot' })
  await driver.power(host(1), claim('i-1').effect(), { to: 'off', how: 'graceful' })
  await driver.define(host(1), claim('i-1').effect(), { ...definition('i-1'), seed: 'c2VjcmV0' })
  const during = await admin.snapshot()
  expect(JSON.stringify(during)).not.toContain('c2VjcmV0')
  expect(during.hosts[0]?.resources['i-1']?.definition?.seed).toMatch(/^[0-9a-f]{64}$/)
  await driver.undefine(host(1), claim('i-1').effect())
  await driver.disk.remove(host(1), claim('i-1').effect(), 'i-1-root')
  const after = (await admin.snapshot()).hosts[0]?.resources['i-1']
  expect(after).toMatchObject({ departed: true, definition: null })
  expect(after?.effects).toEqual({
    'disk.ensure': 1,
    define: 2,
    'power.on': 1,
    'power.reboot': 1,
    'power.off': 1,
    undefine: 1,
    'disk.remove': 1,
  })
  await close()
})

test('an address that is no simulated one is refused; a host that is not there is unreachable', async () => {
  const { driver, host, close } = await startSimulator()
  await expect(driver.capacity({ ...host(1), address: 'ssh://xen1' })).rejects.toMatchObject({ kind: 'refused' })
  await expect(driver.capacity(host(7))).rejects.toMatchObject({ kind: 'unreachable' })
  await close()
})
