/** `top` and `host show`: what a person sees of use. */
import { details, host } from '../../../src/cli/commands/host/shape'
import { screen, type Usage } from '../../../src/cli/commands/top'
import { bytes, duration } from '../../../src/cli/output'
import { startApp, type TestApp } from '../../support/http'
import { startRedis, type TestRedis } from '../../support/redis'
import { operatorAt, runCli } from '../../support/run-cli'

const at = '2026-11-21T15:00:00.000Z'
const hostOf = (name: string, cpuCores: number | null) => ({
  ...{ name, simulated: false, contact: 'ok', seenAt: '2026-11-21T14:59:48.000Z', cores: 8, memoryMiB: 16_384 },
  ...{ machines: 2, load: 0.5, uptimeSeconds: 90_061, cpuCores, freeMemoryMiB: 1000 },
})
const machineOf = (name: string, cpuCores: number | null) => ({
  ...{ name, project: 'ann', host: 'hv1', simulated: true, state: 'running', cores: 2, cpuCores, memoryMiB: 512 },
  ...{ receivedBytes: 2048, sentBytes: 10, readBytes: null, writtenBytes: 3_500_000 },
})
const usage: Usage = {
  at,
  hosts: [hostOf('hv1', 0.25), hostOf('hv2', null), hostOf('hv3', 3.5)],
  machines: [machineOf('i-a', null), machineOf('i-b', 0.5), machineOf('i-c', 1.25)],
}

test('both tables, by CPU, what is unknown last', () => {
  expect(screen(usage, 20)).toBe(
    [
      'HOST  CONTACT  SEEN      UPTIME   LOAD  CPU   OF CORES  FREE      OF MEMORY  MACHINES',
      'hv3   ok       12 s ago  1 d 1 h  0.50  3.50  8         1000 MiB  16 GiB     2',
      'hv1   ok       12 s ago  1 d 1 h  0.50  0.25  8         1000 MiB  16 GiB     2',
      'hv2   ok       12 s ago  1 d 1 h  0.50  -     8         1000 MiB  16 GiB     2',
      '',
      'MACHINE          PROJECT  HOST  STATE    CPU   OF CORES  MEMORY   IN         OUT     READ  WRITTEN',
      'i-c (simulated)  ann      hv1   running  1.25  2         512 MiB  2.0 KiB/s  10 B/s  -     3.3 MiB/s',
      'i-b (simulated)  ann      hv1   running  0.50  2         512 MiB  2.0 KiB/s  10 B/s  -     3.3 MiB/s',
      'i-a (simulated)  ann      hv1   running  -     2         512 MiB  2.0 KiB/s  10 B/s  -     3.3 MiB/s',
      '',
    ].join('\n'),
  )
})

test('how many more there are; nothing at all', () => {
  expect(screen(usage, 1)).toMatch(/i-c[\s\S]*\n2 more machines; --most shows more\n$/)
  expect(screen(usage, 1)).not.toContain('i-b')
  expect(screen({ at, hosts: [], machines: [] }, 5)).toBe(
    'no hosts\n\nno machine runs on a host that tells what it uses\n',
  )
})

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [61, '1 min'],
  [3_725, '1 h 2 min'],
  [90_061, '1 d 1 h'],
])('%p seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text))

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1024 ** 4 * 5000, '5000.0 TiB'],
])('%p bytes are %s', (amount, text) => expect(bytes(amount)).toBe(text))

describe('against a gateway', () => {
  let redis: TestRedis
  let app: TestApp
  beforeAll(async () => {
    redis = await startRedis()
    app = await startApp(redis)
  })
  afterAll(async () => {
    await app.close()
    await redis.stop()
  })

  const run = (...words: readonly string[]): Promise<string> => runCli(operatorAt(app), ...words)

  test('top --once', async () => {
    expect(await run('top', '--once')).toMatch(/^HOST [\s\S]*\nsim-1 \(simulated\) [\s\S]*\nno machine runs/)
    expect(JSON.parse(await run('top', '--once', '--json'))).toMatchObject({ machines: [] })
    await expect(run('top', '--once', '--most', 'many')).rejects.toMatchObject({ kind: 'unknown-field' })
  })

  test('host show tells what it uses, and that it is made up where it is', async () => {
    const found = host.parse((await app.admin('GET', '/hosts/sim-1')).body)
    expect(details(found)).toMatch(/^load +-$/m)
    const known = { ...found, load: 0.5, cpuCores: 1.5, freeMemoryMiB: 2048, uptimeSeconds: 120 }
    for (const line of [/^load +0\.50/m, /^cores in use +1\.50/m, /^free memory +2 GiB/m, /^uptime +2 min/m])
      expect(details(known)).toMatch(new RegExp(`${line.source} \\(simulated\\)$`, 'm'))
    expect(details({ ...known, simulated: false })).toMatch(/^load +0\.50$/m)
  })
})
