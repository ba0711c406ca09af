/** boto 2: the dialect of 2014, which is its own, and that of 2010, which named groups otherwise. */
import { newData, removeData, startUp, type Up } from '../support/gateway-process'
import { clientNamed, describeIfThere, orLack, SITE, sawBy } from './client'

describeIfThere('boto 2', orLack(clientNamed('boto2'), 'Python with boto 2'), (python) => {
  const data = newData()
  let up: Up

  beforeAll(async () => {
    up = await startUp(data, SITE)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })

  test.each(['2014-10-01', '2010-08-31'])(
    'Version %s: key, group, instance, volume, address, tags, and what is refused',
    async (version) => {
      expect(await sawBy(python, 'boto2-life.py', [version, 'tiny'], up)).toEqual({
        address: true,
        released: [true, true],
        zones: ['us-east-1a', 'us-east-1b', 'us-east-1c', 'us-east-1d'],
        image: '/dev/sda1',
        material: '-----BEGIN RSA PRIVATE KEY-----',
        groups: ['boto2'],
        rules: ['tcp 22-22 10.0.0.0/8'],
        tags: { Name: 'from boto 2' },
        devices: ['/dev/sda1', '/dev/sdf'],
        stopped: true,
        refused: {
          'no such instance': 'InvalidInstanceID.NotFound',
          'group in use': 'DependencyViolation',
          'key there': 'InvalidKeyPair.Duplicate',
        },
        end: 'terminated',
        deleted: [true, true],
      })
    },
    120_000,
  )
})
