/** Real time, and the clock that follows a simulator's. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, followClock, realClock } from '../../src/clock'
import { startSimulator } from '../support/simulator'
import { until } from '../support/until'

const DAY_MS = 86_400_000

/** ms before real time; a process that is held up in between makes it more, never less. */
function aheadOf(clock: Clock): number {
  const before = Date.now()
  return clock.now() - before
}

test('real time', () => {
  const before = Date.now()
  const now = realClock.now()
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})

test('a follower has the offset from the start, and each move when advance is answered', async () => {
  const simulator = await startSimulator()
  await simulator.admin.advance(DAY_MS)
  const clocks = [await followClock({ socket: simulator.socket }), await followClock({ socket: simulator.socket })]
  for (const clock of clocks) expect(aheadOf(clock)).toBeGreaterThanOrEqual(DAY_MS)
  const { now } = await simulator.admin.advance(DAY_MS)
  for (const clock of clocks) {
    expect(clock.now()).toBeGreaterThanOrEqual(now)
    expect(aheadOf(clock)).toBeLessThan(2 * DAY_MS + 60_000)
    clock.close()
  }
  await simulator.close()
})

test('the last offset stays while the simulator is lost, and the next comes when it is back', async () => {
  const simulator = await startSimulator()
  const clock = await followClock({ socket: simulator.socket })
  await simulator.admin.advance(DAY_MS)
  await simulator.stop()
  expect(aheadOf(clock)).toBeGreaterThanOrEqual(DAY_MS)
  await simulator.restart()
  await until(() => simulator.admin.advance(DAY_MS))
  await until(() => aheadOf(clock) >= 2 * DAY_MS)
  clock.close()
  await simulator.close()
})

test('the clock only goes forward', async () => {
  const simulator = await startSimulator()
  await expect(simulator.admin.advance(-1)).rejects.toMatchObject({ kind: 'refused' })
  expect((await simulator.admin.snapshot()).offsetMs).toBe(0)
  await simulator.close()
})

test('without a simulator it is unavailable', async () => {
  const following = followClock({ socket: join(tmpdir(), 'nobody.sock'), patienceMs: 100 })
  await expect(following).rejects.toMatchObject({ kind: 'unavailable' })
})

test('nonsense and a smaller offset change nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clock-'))
  const socket = join(folder, 's.sock')
  const connections: Socket[] = []
  const taken: string[] = []
  const server = createServer((connection) => {
    connections.push(connection)
    connection.on('data', (bytes) => taken.push(bytes.toString('utf8')))
    connection.write('no json\n{"clock":{"offsetMs":-5}}\n{"clock":null}\n[]\n{"clock":{"offsetMs":1000000}}\n')
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  const clock = await followClock({ socket })
  connections[0]?.write('{"clock":{"offsetMs":10}}\n')
  await until(() => taken.join('').includes('"offsetMs":10}'))
  expect(aheadOf(clock)).toBeGreaterThanOrEqual(1_000_000)
  clock.close()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})
