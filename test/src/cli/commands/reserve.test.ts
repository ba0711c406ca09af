import type { AdminClient } from '../../../../src/cli/admin-client'
import { reserve } from '../../../../src/cli/commands/host/reserve'
import { details, host } from '../../../../src/cli/commands/host/shape'
import type { Given } from '../../../../src/cli/leaf'
import { fault } from '../../../../src/faults'

const shown = {
  ...{ name: 'hv1', zone: 'a', driver: 'virsh', address: 'x', hostKeys: [], simulated: false, enabled: true },
  ...{ removing: false, drain: null, labels: {}, contact: 'ok', lostSince: null, distrustedSince: null, message: null },
  ...{ seenAt: null, version: null, lacks: [], foreign: [], domains: [], orphans: [], fenced: null },
  capacity: { cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 100 },
  fencing: { command: null, selfMs: null, grantedAt: null, ordered: null, run: null },
}
const given = (options: Given['options']): Given => ({ args: ['hv1'], options, env: {}, site: { url: '' } })

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
  expect(await reserve.run(admin, given({ cores: '-50%', memoryMib: 'none' }))).toHaveLength(1)
  expect(await reserve.run(admin, given({ cores: '1', ofZone: true }))).toHaveLength(2)
  expect(asked).toEqual([
    ['/hosts/hv1', { keeps: { cpu: '-50%', memory: null } }],
    ['/zones/hv1', { cpu: '100' }],
  ])
})

test.each([
  ['1', '100'],
  ['0.5', '50'],
  ['0.29', '29'],
  ['-2', '-200'],
  ['0.00001', '0.001'],
  ['10%', '10%'],
  ['none', null],
])('--cores %p is told in hundredths of a core: %p', async (cores, cpu) => {
  const { admin, asked } = gateway()
  await reserve.run(admin, given({ cores, memoryMib: '512' }))
  expect(asked).toEqual([['/hosts/hv1', { keeps: { cpu, memory: '512' } }]])
})

test.each([
  [{ cores: 'half' }, 'cores'],
  [{ cores: '' }, 'cores'],
  [{ cores: '99999999' }, 'cores'],
  [{ cores: '1', memoryMib: '4G' }, 'memory-mib'],
])('%p is refused by its flag before anything is sent', async (options, field) => {
  const { admin, asked } = gateway()
  await expect(reserve.run(admin, given(options))).rejects.toMatchObject({ kind: 'invalid', detail: { field } })
  expect(asked).toEqual([])
})

test('nothing to keep back is refused before anything is sent', async () => {
  const { admin, asked } = gateway()
  await expect(reserve.run(admin, given({}))).rejects.toMatchObject({ kind: 'missing' })
  expect(asked).toEqual([])
})

test('host show tells what is kept back, by whom, and what is left to give away', () => {
  const most = { cpuHundredths: 1600, memoryMiB: 14_745.6, diskGiB: 100 }
  const it = host.parse({ ...shown, keeps: { memory: '10%' }, zoneKeeps: { cpu: '-100%', memory: '1' }, most })
  expect(details(it)).toMatch(/kept back\s+cores -100% \(its zone\), memory 10%\n/)
  const amounts = host.parse({ ...shown, keeps: { cpu: '50', memory: '512' }, most })
  expect(details(amounts)).toMatch(/kept back\s+cores 0.5, memory 512 MiB\n/)
  expect(details(it)).toMatch(/to give away\s+16 cores, 14745 MiB\n/)
})

test.each([
  ['cpu', '--cores'],
  ['memory', '--memory-mib'],
])('a refusal of %s is told by the name of the option', async (field, option) => {
  const admin = {
    patch: async () => {
      throw fault('invalid', 'it is given away at most ten times', { field })
    },
  } as unknown as AdminClient
  await expect(reserve.run(admin, given({ cores: '-99999', memoryMib: '-1' }))).rejects.toMatchObject({
    kind: 'invalid',
    message: `${option}: it is given away at most ten times`,
  })
})
