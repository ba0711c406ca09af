/** Apache libcloud's ElasticHosts driver, unmodified, against our simulator of a zone: what it takes for the real one, our driver is tested with. */
import { join } from 'node:path'
import { type ElasticHostsSimulator, startElasticHosts } from '../clouds/elastichosts/simulator'
import { plainEnvironment } from '../support/gateway-process'
import { clientNamed, describeIfThere, orLack, succeed } from './client'

describeIfThere("libcloud's ElasticHosts driver", orLack(clientNamed('python'), 'Python with libcloud'), (python) => {
  let zone: ElasticHostsSimulator
  afterEach(() => zone.close())

  test.each(['old', 'new'] as const)(
    'a simulated zone, %s dialect: sizes, images, a node made, rebooted, set, destroyed, shut down',
    async (dialect) => {
      zone = await startElasticHosts({ dialect, imagingMs: 300 })
      const { user, key } = zone.account
      const env = { ...plainEnvironment(), EHURI: zone.url, EHAUTH: `${user}:${key}` }
      const saw = await succeed(python, [join(__dirname, 'elastichosts-life.py')], { env, withinMs: 100_000 })
      expect(JSON.parse(saw)).toEqual({
        image: true,
        sizes: ['extra-large', 'high-cpu-extra-large', 'high-cpu-medium', 'large', 'medium', 'small'],
        listed: [true, 'from libcloud', true, ['203.0.113.2']],
        extra: { cpu: 2000, mem: 1700, ...(dialect === 'old' ? { smp: 1 } : {}) },
        rebooted: true,
        set: true,
        'set while it runs': 'X-Elastic-Error: busy (Server is active: cannot set mem)',
        'held drive': 'X-Elastic-Error: busy (Drive is claimed)',
        'wrong key': 'InvalidCredsError',
        renamed: ['renamed', 3000],
        destroyed: [true, [], true],
        'shut down': [true, true],
      })
      expect([...zone.world.servers.keys()]).toEqual([])
    },
    120_000,
  )
})
