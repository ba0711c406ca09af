import { type Candidate, occupy, vacate } from '../../../workers/scheduler/candidate'
import { demand, hostView, sizeOf } from '../../support/host-record'

const room = { cpuHundredths: 400, memoryMiB: 4096, diskGiB: 50 }
const traits = { driver: 'xl', total: room, labels: {}, measured: null, instances: [{ name: 'other', project: 'p' }] }
const candidate = (): Candidate => ({
  ...hostView('h1', { usable: room, free: room, machines: 1, traits }),
  ahead: [{ at: 10, inMs: 10, free: room }],
})

test.each([
  ['a machine', {}],
  ['one that gives way', { yields: true as const }],
  ['one that ends before', { ends: 5 }],
])('%s that comes and leaves leaves all as it was, now and later', (_what, parts) => {
  const host = candidate()
  const machine = demand('m1', sizeOf(2, 1024, 10), { name: 'i-1', project: 'p' as never, ...parts })
  occupy(host, machine)
  expect(host).not.toEqual(candidate())
  expect(host).toMatchObject({ machines: 2, free: { cpuHundredths: 200, memoryMiB: 3072, diskGiB: 40 } })
  vacate(host, machine)
  expect(host).toEqual(candidate())
})
