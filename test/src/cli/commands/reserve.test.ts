import type { AdminClient } from '../../../../src/cli/admin-client'
import { reserve } from '../../../../src/cli/commands/host/reserve'
import { details, host } from '../../../../src/cli/commands/host/shape'
import type { Given } from '../../../../src/cli/leaf'

const shown = {
  ...{ name: 'hv1', zone: 'a', driver: 'virsh', address: 'x', hostKeys: [], simulated: false, enabled: true },
  ...{ removing: false, drain: null, labels: {}, contact: 'ok', lostSince: null, distrustedSince: null, message: null },
  ...{ seenAt: null, version: null, lacks: [], foreign: [], domains: [], orphans: [], fenced: null },
  capacity: { cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 100 },
  fencing: { command: null, selfMs: null, grantedAt: null, ordered: null, run: null },
}
const given = (options: Given['options']): Given => ({ args: ['hv1'], options, env: {}, site: { url: '', region: '' } })

function gateway() {
  const asked: unknown[] = []
  const admin = {
    patch: async (path: string, body: unknown) => {
      asked.push([path, body])
      return path.startsWith('/zones/') ? { hosts: [shown, shown] } : shown
    },
  } as unknown as AdminClient
  return { admin, asked }
}

test('of a host, and of all of a zone; none takes it away', async () => {
  const { admin, asked } = gateway()
  expect(await reserve.run(admin, given({ cpu: '-50%', memory: 'none' }))).toHaveLength(1)
  expect(await reserve.run(admin, given({ cpu: '100', ofZone: true }))).toHaveLength(2)
  expect(asked).toEqual([
    ['/hosts/hv1', { keeps: { cpu: '-50%', memory: null } }],
    ['/zones/hv1', { cpu: '100' }],
  ])
})

test('nothing to keep back is refused before anything is sent', async () => {
  const { admin, asked } = gateway()
  await expect(reserve.run(admin, given({}))).rejects.toMatchObject({ kind: 'missing' })
  expect(asked).toEqual([])
})

test('host show tells what is kept back, by whom, and what is left to give away', () => {
  const most = { cpuHundredths: 1600, memoryMiB: 14_745.6, diskGiB: 100 }
  const it = host.parse({ ...shown, keeps: { memory: '10%' }, zoneKeeps: { cpu: '-100%', memory: '1' }, most })
  expect(details(it)).toMatch(/kept back\s+cpu -100% \(its zone\), memory 10%\n/)
  expect(details(it)).toMatch(/to give away\s+16 cores, 14745 MiB\n/)
})
