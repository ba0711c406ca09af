/**
 * From an order to `xl create` on the host, with the image cached: a fake xl behind a real sshd, real guard and deeds (bar: 300 ms).
 * Once of the driver's calls alone, and once of all that lies between a wish that is written and the host: Redis (appendfsync
 * always), queue, placement and reconciliation, in a worker of this process.
 */
import { randomUUID } from 'node:crypto'
import type { ImageId, NetworkId } from '../../src/model/ids'
import { openQueue } from '../../src/queue'
import { type Create, NOBODY } from '../../src/store/store'
import type { EffectTicket } from '../../workers/drivers/driver'
import { type Site, startSite } from '../support/site'
import { until } from '../support/until'
import { openXenStage, type XenStage } from '../support/xen-stage'
import type { Figure } from './support/figure'
import { median } from './support/measure'

const ROUNDS = 10
const BAR_MS = 300

async function through(order: () => Promise<{ readonly state: string }>): Promise<void> {
  while ((await order()).state !== 'done') await new Promise((resolve) => setTimeout(resolve, 5))
}

async function start(stage: XenStage, number: number): Promise<number> {
  const { driver, here, network, size, site } = stage
  const name = `i-${number.toString(16).padStart(17, '0')}`
  const ticket = (resource: string, what: string): EffectTicket => ({
    resource,
    epoch: { era: 1, number },
    key: `${name}/${what}/up/1`,
  })
  const definition = {
    name,
    id: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
    site,
    size,
    disks: [],
    interfaces: [{ mac: `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`, address: null, network }],
    boot: { mode: 'pvh' as const, cmdline: 'console=hvc0', kernel: stage.kernel, initramfs: stage.initramfs },
    seed: null,
  }
  const began = Date.now()
  await driver.find(here, { resource: name, epoch: { era: 1, number } })
  await through(() => driver.network.ensure(here, ticket(network.name, 'network'), network))
  await through(() => driver.define(here, ticket(name, 'define'), definition))
  await through(() => driver.power(here, ticket(name, 'power'), { to: 'on' }))
  return stage.here_.createdAt(name) - began
}

const HOST = 'eeeeeeee-0000-4000-8000-0000000000ff'
const IMAGE = 'cccccccc-0000-4000-8000-0000000000ff' as ImageId
const NETWORK = 'dddddddd-0000-4000-8000-0000000000ff' as NetworkId

/** The site's only host is the stage's, and its image is one of a kernel. */
async function furnish(site: Site, { here, kernel, initramfs, network }: XenStage): Promise<void> {
  const now = Date.now()
  const boot = { mode: 'pvh', cmdline: 'console=hvc0' }
  const base = { seen: null, journal: null, place: null, wake: false }
  const creates: Create[] = [
    {
      ...base,
      ref: { kind: 'image', id: IMAGE },
      project: null,
      wish: { exists: true, name: 'k', ami: 'ami-000000000000000ff', sizeGiB: 0, boot, files: { kernel, initramfs } },
      seen: { state: 'available' },
    },
    {
      ...base,
      ref: { kind: 'network', id: NETWORK },
      project: null,
      wish: { exists: true, ...network, name: 'n', subnet: network.name },
      seen: { state: 'active' },
    },
    {
      ...base,
      ref: { kind: 'host', id: HOST },
      project: null,
      wish: {
        ...{ name: here.name, zone: 'local-1a', enabled: true, driver: 'xl', address: here.address, createdAt: now },
        ...{ hostKeys: here.hostKeys, simulated: false, removing: false },
        reserved: { type: '', cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 },
      },
      seen: {
        ...{ at: 0, contact: 'never', lostSince: null, message: null, boot: null, version: null },
        ...{ capacity: null, capabilities: null, foreign: [], orphans: [] },
      },
      wake: true,
    },
  ]
  await site.store.change({ operationId: randomUUID(), actor: NOBODY, what: 'furnish', creates }, now)
}

/** ms from the wish to `xl create`. */
async function order(site: Site, stage: XenStage, number: number, tell: () => Promise<void>): Promise<number> {
  const began = Date.now()
  const one = {
    name: `eni-${number}`,
    device: 'eth0',
    network: NETWORK,
    mac: `02:00:00:00:01:${number.toString(16).padStart(2, '0')}`,
  }
  const interfaces = [{ ...one, address: `10.0.1.${number}` }]
  const size = { type: 't2.nano', cores: 1, cpuHundredths: 20, memoryMiB: 64, diskGiB: 0 }
  const [id = ''] = await site.order(1, { image: IMAGE, disks: [], interfaces, size })
  await tell()
  const runs = async () => (await site.compute(id)).seen.machine?.domain === 'running'
  await until(runs, { what: 'a machine', everyMs: 20 })
  return stage.here_.createdAt((await site.compute(id)).wish.name) - began
}

async function ofOrders(stage: XenStage): Promise<readonly number[]> {
  const site = await startSite({ hosts: 0 })
  const queue = openQueue({ site: site.name, redis: site.redis.address })
  try {
    await furnish(site, stage)
    const drivers = { of: () => stage.driver, close: async () => undefined }
    await site.worker({ drivers, hostPollMs: 30_000 })
    const isSeen = async () => (await site.host(stage.here.name)).seen.contact === 'ok'
    await until(isSeen, { what: 'the host', timeoutMs: 30_000 })
    const times: number[] = []
    const tell = () => queue.add([{ kind: 'placement', id: 'site' }])
    for (let number = 1; number <= ROUNDS + 1; number++) times.push(await order(site, stage, number, tell))
    return times.slice(1)
  } finally {
    await queue.close()
    await site.close()
  }
}

async function ofCalls(stage: XenStage): Promise<readonly number[]> {
  const times: number[] = []
  for (let number = 1; number <= ROUNDS + 1; number++) times.push(await start(stage, number))
  // The first one brings guard, kernel and initramfs to the host.
  return times.slice(1)
}

function told(what: string, times: readonly number[]): Figure {
  const middle = median(times)
  return {
    what,
    figure: `median ${middle} ms, worst ${Math.max(...times)} ms of ${ROUNDS}`,
    bar: `under ${BAR_MS} ms`,
    isMet: middle < BAR_MS,
  }
}

export async function xlStart(): Promise<readonly Figure[]> {
  const stage = await openXenStage()
  try {
    return [
      told("the driver's calls until xl create", await ofCalls(stage)),
      told('order to xl create', await ofOrders(stage)),
    ]
  } finally {
    await stage.close()
  }
}
