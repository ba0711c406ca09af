/** Hosts that hang hold their places for long: those that answer are polled as ever. */
import { fault } from '../../../src/faults'
import type { Driver, HostListing } from '../../../workers/drivers/driver'
import { reconcileHost } from '../../../workers/reconcile/host'
import { openShares } from '../../../workers/reconcile/shares'
import { type Site, startSite } from '../../support/site'
import { until } from '../../support/until'

let site: Site
beforeEach(async () => {
  site = await startSite({ hosts: 3 })
})
afterEach(() => site.close())

const lose = async (name: string): Promise<void> => {
  const claim = await site.store.claim('host', (await site.host(name)).id, 1)
  if (!claim) throw new Error('no claim')
  const seen = { ...claim.record.seen, contact: 'lost', lostSince: 1 } as const
  await site.store.observe(claim, { seen, what: 'host-lost' }, 1)
}

test('a silent host for which no place is left gives way and comes back, one that answers has its own', async () => {
  for (const name of ['sim-1', 'sim-2']) await lose(name)
  const asked: string[] = []
  let end: () => void = () => undefined
  const hanging = new Promise<HostListing>((_resolve, reject) => {
    end = () => reject(fault('unreachable', 'no route'))
  })
  const between = (plain: Driver): Driver => ({
    ...plain,
    list: (host, order) => {
      asked.push(host.name)
      return host.name === 'sim-3' ? plain.list(host, order) : hanging
    },
  })
  const plain = site.work()
  const work = { ...plain, shares: openShares({ host: 1 }), driver: (kind: string) => between(plain.driver(kind)) }
  const poll = async (name: string) => reconcileHost(work, (await site.host(name)).id)
  const first = poll('sim-1')
  await until(() => asked.includes('sim-1'), { what: 'the first look' })
  await poll('sim-2')
  await poll('sim-3')
  end()
  await first
  expect(asked).toEqual(['sim-1', 'sim-3'])
  expect((await site.host('sim-3')).seen.contact).toBe('ok')
  await poll('sim-2')
  expect(asked).toEqual(['sim-1', 'sim-3', 'sim-2'])
})
