/** Apache libcloud's EC2 driver: the life of a node, with both versions of signatures that it makes. */
import { newData, removeData, startUp, type Up } from '../support/gateway-process'
import { clientNamed, describeIfThere, orLack, SITE, sawBy } from './client'

describeIfThere("libcloud's EC2 driver", orLack(clientNamed('python'), 'Python with libcloud and boto3'), (python) => {
  const data = newData()
  let up: Up

  beforeAll(async () => {
    up = await startUp(data, SITE)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })

  test.each(['2', '4'])(
    'signature version %s: key, group, node, volume, snapshot, address, tags; stop, start, reboot, destroy',
    async (version) => {
      expect(await sawBy(python, 'libcloud-life.py', [version, 'tiny'], up)).toEqual({
        images: ['debian-12', 'tiny'],
        locations: ['us-east-1a', 'us-east-1b', 'us-east-1c', 'us-east-1d'],
        asked: 'us-east-1d',
        got: 'us-east-1d',
        name: 'from libcloud',
        tags: { Name: 'from libcloud', role: 'web' },
        addresses: 1,
        key: ['libcloud', '-----BEGIN RSA PRIVATE KEY-----'],
        groups: ['libcloud'],
        around: {
          attached: true,
          volume: [1, 'data', '/dev/sdf', true],
          snapshot: [1, 'before'],
          address: true,
          public: true,
          'let go': [true, true],
          tagged: true,
          tags: { Name: 'from libcloud', role: 'web', tier: 'front' },
          untagged: true,
          detached: true,
          destroyed: [true, true],
        },
        did: { stop: true, start: true, reboot: true, destroy: true },
        end: 'terminated',
        deleted: [true, true],
      })
    },
    120_000,
  )
})
