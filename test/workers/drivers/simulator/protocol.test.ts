/** What comes over the socket is checked before it is believed. */
import { connect } from 'node:net'
import { claim } from '../../../support/simulated-machine'
import { type StartedSimulator, startSimulator } from '../../../support/simulator'
import { until } from '../../../support/until'

let simulator: StartedSimulator
beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(() => simulator.close())

/** Sends lines as they are; gives what came back, and whether the connection was ended. */
async function raw(text: string, done: (answer: string) => boolean): Promise<{ answer: string; ended: string }> {
  const socket = connect(simulator.socket)
  let [answer, ended] = ['', 'no']
  socket.on('data', (bytes) => {
    answer += bytes.toString('utf8')
  })
  socket.on('close', () => {
    ended = 'yes'
  })
  socket.write(text)
  await until(() => ended === 'yes' || done(answer))
  socket.destroy()
  return { answer, ended }
}
const once = (answer: string): boolean => answer.endsWith('\n')

const ticket = (more: object = {}) => ({ resource: 'i-1', epoch: '5.1', key: 'k', ...more })

test.each([
  ['no ticket', { verb: 'find' }],
  ['no key', { verb: 'undefine', ticket: { resource: 'i-1', epoch: '5.1' }, args: {} }],
  ['no arguments', { verb: 'define', ticket: ticket() }],
  ['a wrong argument', { verb: 'power', ticket: ticket(), args: { to: 'sideways' } }],
  ['a path for a name', { verb: 'disk.remove', ticket: ticket(), args: { name: '../../etc' } }],
  ['an unknown verb', { verb: 'fly' }],
])('%s is a fault, and nothing is known of it', async (_, request) => {
  const line = `${JSON.stringify({ id: 3, host: 'sim-1', ...request })}\n`
  const { answer } = await raw(line, once)
  expect(JSON.parse(answer)).toEqual({
    id: 3,
    fault: { kind: expect.stringMatching(/^(refused|unsupported)$/), message: expect.any(String) },
  })
  expect((await simulator.admin.snapshot()).hosts[0]?.resources).toEqual({})
})

test.each([
  ['no JSON', 'hello\n'],
  ['no request', '{"verb":"find"}\n'],
  [
    'a resource that leads elsewhere',
    '{"id":1,"verb":"find","host":"sim-1","ticket":{"resource":"../x","epoch":"1.1"}}\n',
  ],
  ['an epoch that is none', '{"id":1,"verb":"find","host":"sim-1","ticket":{"resource":"i-1","epoch":"new"}}\n'],
])('%s ends the connection', async (_, text) => {
  expect(await raw(text, () => false)).toEqual({ answer: '', ended: 'yes' })
})

test('a line may come in pieces, and two in one', async () => {
  const socket = connect(simulator.socket)
  let answer = ''
  socket.on('data', (bytes) => {
    answer += bytes.toString('utf8')
  })
  socket.write('{"id":1,"verb":"capa')
  await simulator.driver.capacity(simulator.host(1))
  socket.write('city","host":"sim-1"}\n{"id":2,"verb":"capacity","host":"sim-1"}\n')
  await until(() => answer.split('\n').length === 3)
  expect(
    answer
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id),
  ).toEqual([1, 2])
  socket.destroy()
})

test('hosts are added, and added again with another capacity', async () => {
  const { admin, driver } = simulator
  for (const diskGiB of [10, 20]) {
    await admin.addHost({ name: 'new', capacity: { cpuHundredths: 100, memoryMiB: 512, diskGiB } })
    const target = { ...simulator.host(1), name: 'new', address: 'simulator:new' }
    expect((await driver.capacity(target)).capacity.diskGiB).toBe(diskGiB)
    expect((await driver.find(target, claim('i-9'))).domain).toBe('absent')
  }
})
