/** The hosts that a simulator starts with. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { openSimulatorAdmin, runSimulator } from '../../../../workers/drivers/simulator'

const log = pino({ level: 'silent' })
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pool-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function hostsOf(options: Partial<Parameters<typeof runSimulator>[0]> = {}) {
  const socket = join(folder, 's.sock')
  const running = await runSimulator({ folder: join(folder, 'data'), socket, log, ...options })
  const admin = openSimulatorAdmin({ socket })
  const { hosts } = await admin.snapshot()
  expect(statSync(socket).mode & 0o777).toBe(0o600)
  await admin.close()
  await running.close()
  return hosts
}

test('eight hosts of 64 cores, 256 GiB and 4 TiB, written down', async () => {
  const hosts = await hostsOf()
  expect(hosts.map((host) => host.name)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((number) => `sim-${number}`))
  for (const { capacity } of hosts)
    expect(capacity).toEqual({ cpuHundredths: 6_400, memoryMiB: 262_144, diskGiB: 4_096 })
  expect(JSON.parse(readFileSync(join(folder, 'data', 'hosts.json'), 'utf8'))).toHaveLength(8)
})

test('what the list says counts, and who was there before stays as it was', async () => {
  const small = { cpuHundredths: 100, memoryMiB: 512, diskGiB: 10 }
  const before = await hostsOf({ hosts: [{ name: 'a', capacity: small }] })
  writeFileSync(join(folder, 'data', 'hosts.json'), JSON.stringify([{ name: 'b', capacity: small }]))
  const after = await hostsOf()
  expect(after.map((host) => host.name)).toEqual(['a', 'b'])
  expect(after[0]?.boot).toBe(before[0]?.boot)
})

test('a folder that is not a simulator is named', async () => {
  const socket = join(folder, 's.sock')
  writeFileSync(join(folder, 'clock.json'), '{"offsetMs":"yesterday"}')
  await expect(runSimulator({ folder, socket, log })).rejects.toMatchObject({
    kind: 'internal',
    message: expect.stringContaining('clock.json'),
  })
})
