import fc from 'fast-check'
import { DEFAULT_QUOTA, quotaRoom } from '../../../src/model/quota'

const size = { type: '', cores: 2, cpuHundredths: 200, memoryMiB: 1024, diskGiB: 8 }

it('the tightest limit says how many more fit', () => {
  const quota = { instances: 10, cores: 9, memoryMiB: 10_240 }
  expect(quotaRoom({ quota }, {}, size)).toEqual({ machines: 4, limit: 'cores' })
  expect(quotaRoom({ quota }, { instances: 8 }, size)).toEqual({ machines: 2, limit: 'instances' })
  expect(quotaRoom({ quota }, { memoryMiB: 10_000 }, size)).toEqual({ machines: 0, limit: 'memoryMiB' })
  expect(quotaRoom({ quota }, { instances: 99 }, size)).toEqual({ machines: 0, limit: 'instances' })
})

it('its own disk counts with the volumes, but for a partner, which has none', () => {
  const quota = { instances: 10, cores: 20, memoryMiB: 10_240, volumeGiB: 31 }
  expect(quotaRoom({ quota }, {}, size)).toEqual({ machines: 3, limit: 'volumeGiB' })
  expect(quotaRoom({ quota }, { volumeGiB: 24 }, size)).toEqual({ machines: 0, limit: 'volumeGiB' })
  expect(quotaRoom({ quota, partner: {} }, { volumeGiB: 24 }, size)).toEqual({ machines: 10, limit: 'instances' })
})

it('never lets a limit be passed, and stops no earlier than needed', () => {
  const amounts = fc.record({
    instances: fc.nat(500),
    cores: fc.nat(500),
    memoryMiB: fc.nat(500_000),
  })
  const sizes = fc.record({ cores: fc.integer({ min: 1, max: 8 }), memoryMiB: fc.integer({ min: 1, max: 8192 }) })
  fc.assert(
    fc.property(amounts, amounts, sizes, (quota, used, { cores, memoryMiB }) => {
      const one = { ...size, cores, memoryMiB }
      const { machines } = quotaRoom({ quota }, used, one)
      const after = (count: number) =>
        used.instances + count <= quota.instances &&
        used.cores + count * cores <= quota.cores &&
        used.memoryMiB + count * memoryMiB <= quota.memoryMiB
      return (machines === 0 || after(machines)) && !after(machines + 1)
    }),
  )
})

it('by default a project may have many machines', () => {
  expect(quotaRoom({ quota: DEFAULT_QUOTA }, {}, size).machines).toBe(2_000)
})
