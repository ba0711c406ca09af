import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openImageStore } from '../../src/images'
import { DRIVER_KINDS, openDrivers } from '../../workers/drivers/registry'

const real = { images: openImageStore({ images: '/nowhere' }), ssh: {} }

test('a driver is opened once, under its own kind', async () => {
  const drivers = openDrivers({ site: 's', simulator: '/nowhere.sock', ...real })
  expect(drivers.of('simulator')).toBe(drivers.of('simulator'))
  for (const kind of DRIVER_KINDS) expect(drivers.of(kind).kind).toBe(kind)
  await drivers.close()
})

test('a kind that does not exist is unsupported, and the ones that do are named', () => {
  const drivers = openDrivers({ site: 's', simulator: undefined, ...real })
  expect(() => drivers.of('vmware')).toThrow(
    expect.objectContaining({ kind: 'unsupported', message: expect.stringContaining('simulator') }),
  )
})

test('a worker without a simulator reaches no simulated host', () => {
  const drivers = openDrivers({ site: 's', simulator: undefined, ...real })
  expect(() => drivers.of('simulator')).toThrow(expect.objectContaining({ kind: 'unreachable' }))
})

test('each driver is a folder', () => {
  const below = (folder: string) => readdirSync(join(__dirname, '../../workers/drivers', folder))
  const folders = ['', 'hypervisors', 'providers'].flatMap(below)
  expect(folders).toEqual(expect.arrayContaining([...DRIVER_KINDS]))
})
