import { NO_EXPORT } from '../../../src/model/image-exports'
import { PROVIDER_KINDS } from '../../../src/model/providers/record'
import { openDrivers } from '../../../workers/drivers/registry'
import { openMemoryImages } from '../../support/memory-images'

test('what is refused by name is what no driver does', async () => {
  const drivers = openDrivers({ site: 'local-1', simulator: undefined, images: openMemoryImages(), ssh: {} })
  const lacking = PROVIDER_KINDS.filter((kind) => drivers.of(kind).images === undefined)
  await drivers.close()
  expect(lacking).toEqual(Object.keys(NO_EXPORT))
})
