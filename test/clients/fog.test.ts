/** fog-aws: servers, keys, groups, volumes and snapshots. */
import { newData, removeData, startUp, type Up } from '../support/gateway-process'
import { clientNamed, describeIfThere, orLack, SITE, sawBy } from './client'

describeIfThere('fog-aws', orLack(clientNamed('fog'), 'Ruby with fog-aws'), (ruby) => {
  const data = newData()
  let up: Up

  beforeAll(async () => {
    up = await startUp(data, SITE)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })

  test('create, attach, snapshot, address, stop, start, reboot, detach, destroy', async () => {
    expect(await sawBy(ruby, 'fog-life.rb', ['tiny'], up)).toEqual({
      zones: ['us-east-1a', 'us-east-1b', 'us-east-1c', 'us-east-1d'],
      material: '-----BEGIN RSA PRIVATE KEY-----',
      address: true,
      state: 'running',
      tags: { Name: 'from fog' },
      groups: ['fog'],
      devices: ['/dev/sda1', '/dev/sdf'],
      snapshot: '100%',
      rules: [['tcp', 22, ['10.0.0.0/8']]],
      destroyed: [true, true, true, true],
      end: 'terminated',
      deleted: [true, true],
    })
  }, 120_000)
})
