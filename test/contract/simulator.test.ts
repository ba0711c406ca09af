/** The simulator under the contract of all drivers: it lacks no verb, but hosts of it may be made to. */
import { VERBS } from '../../workers/drivers/simulator/wire'
import { simulatedForeign, simulatedHost, startSimulator } from '../support/simulator'
import type { Lack, Stage } from './driver/bench'
import { driverContract } from './driver-contract'

const COPY_MS = 600_000

const EMPTY: Lack = { what: 'disk contents', because: 'its disks have names and sizes, and nothing is on them' }
const POOR: readonly Lack[] = [
  EMPTY,
  { what: 'suspend', because: 'no access to the hypervisor' },
  { what: 'reset', because: 'the provider only reboots' },
  { what: 'attach-disk', because: 'disks are fixed when a machine is made' },
  { what: 'grow-disk', because: 'disks keep their size' },
  { what: 'snapshot-disk', because: 'the storage has no snapshots' },
  { what: 'attach-network', because: 'interfaces are fixed when a machine is made' },
  { what: 'rules', because: 'the provider filters nothing' },
  { what: 'addresses', because: 'the provider has no addresses to lend' },
  { what: 'resize', because: 'a machine keeps its size while it runs' },
  { what: 'console', because: 'no access to the hypervisor' },
  { what: 'move-live', because: 'no access to the hypervisor' },
  { what: 'move-cold', because: 'no access to the hypervisor' },
  { what: 'adopt', because: 'all that runs there was ordered' },
  { what: 'foreign domains', because: 'all that runs there was ordered' },
  { what: 'reboot', because: 'it only knows stop and start' },
]

async function open(lacks: readonly Lack[]): Promise<Stage> {
  const simulator = await startSimulator({ hosts: 2 })
  const { admin, driver } = simulator
  const verbs = lacks.flatMap(({ what, because }) =>
    VERBS.flatMap((verb) => (verb === what ? [{ verb, because }] : [])),
  )
  await admin.lack('sim-1', verbs)
  return {
    driver,
    here: simulatedHost('sim-1'),
    there: simulatedHost('sim-2'),
    site: 'local-1',
    image: { image: 'tiny', sizeGiB: 1 },
    network: { name: 'subnet-1', bridge: 'xenbr0', vlan: null, cidr: '10.0.0.0/16', gateway: '10.0.0.1' },
    size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 1 },
    makeForeign: (name) => simulatedForeign(simulator.admin, 'sim-1', name),
    loseNextAnswer: (resource, what) =>
      admin.loseAnswer({ verb: '*', resource, times: 1, forgets: what === 'answer and result' }),
    slowCopies: () => admin.duration({ verb: 'disk.ensure', ms: COPY_MS }),
    finishCopies: async () => {
      await admin.clearFaults()
      await admin.advance(COPY_MS)
    },
    close: () => simulator.close(),
  }
}

driverContract({ name: 'simulator', lacks: [EMPTY], open: () => open([]) })
driverContract({ name: 'simulator of a poor host', lacks: POOR, open: () => open(POOR) })
