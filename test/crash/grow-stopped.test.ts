/** A volume that its host makes larger only while no guest has it open: it is larger after a stop and a start, however short the time between. */
import { GROWS_STOPPED, type StorageRecord } from '../../src/model/storage'
import type { Driver } from '../../workers/drivers/driver'
import { openPump } from '../support/pump'
import { type Site, startSite } from '../support/site'
import { caller, openVolumes, type Volumes } from '../support/volumes'

let site: Site
let volumes: Volumes
beforeEach(async () => {
  site = await startSite({ hosts: 1 })
  volumes = await openVolumes(site)
})
afterEach(async () => {
  await volumes.close()
  await site.close()
})

/** A host that keeps volumes as qcow2, which somebody may have open for longer than its machine runs. */
const asQcow2 =
  (isOpen: () => Promise<boolean>) =>
  (driver: Driver): Driver => ({
    ...driver,
    async find(host, ticket) {
      const found = await driver.find(host, ticket)
      const open = await isOpen()
      return {
        ...found,
        disks: found.disks.map((disk) => (open && disk.name.startsWith('vol-') ? { ...disk, open: true } : disk)),
      }
    },
  })

const domainOf = async (name: string) => (await site.found(name))[0]?.sighting.domain
const isWaiting = ({ journal }: StorageRecord): boolean => journal.trouble?.message === GROWS_STOPPED

test.each<[string, 'it runs' | 'always', number]>([
  ['is larger when it runs again', 'it runs', 5],
  ['that somebody has open still keeps nothing from starting', 'always', 3],
])('a volume %s', async (_what, whenOpen, size) => {
  let name = ''
  const pump = openPump(site, {
    between: asQcow2(async () => whenOpen === 'always' || (await domainOf(name)) === 'running'),
  })
  await pump.until(site.answering, 'hosts')
  const machine = await site.running(pump)
  name = machine.name
  const { id } = await volumes.operations.createStorage(caller, { sizeGiB: 3 })
  const volume = async () => (await volumes.storage(id)) as StorageRecord
  await volumes.operations.attachStorage(caller, { storage: id, compute: machine.id, deleteOnTermination: false })
  await pump.until(async () => (await volumes.wrongs()).length === 0, 'an attached volume')
  await volumes.operations.changeStorage(caller, { storage: id, sizeGiB: 5 })
  await pump.until(async () => isWaiting(await volume()), 'a volume that waits for a stop')

  await site.wish(machine.id, () => ({ power: 'off' }))
  await pump.until(site.is(machine.id, 'poweroff'), 'a machine that is off')
  expect((await volume()).seen.sizeGiB).toBe(3)
  await site.wish(machine.id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(async () => (await domainOf(name)) === 'running', 'a machine that runs again')
  expect((await volume()).seen.sizeGiB).toBe(size)
})
