/** The tiny guest does what its NoCloud seed disk says: the seed is the one that the gateway makes for its machines. */
import { nocloudDisk } from '../../../src/metadata/nocloud'
import { until } from '../../support/until'
import { answered, consoleOf, destroy, fetchFrom, folderOf } from './domains'
import { put } from './files'
import { tenantKey } from './guest-ssh'
import { useLab } from './use-lab'

const lab = useLab()

test('name, address, key and user data come from its seed disk', async () => {
  const [host] = lab().hosts
  const key = await tenantKey(lab(), 'tenant')
  const seed = nocloudDisk({
    instanceId: 'i-0123456789abcdef0',
    hostname: 'web-1',
    publicKeys: [key.publicKey],
    interfaces: [
      {
        name: 'eth0',
        mac: '02:00:00:00:00:01',
        address: '192.168.77.40',
        cidr: '192.168.77.0/24',
        gateway: '192.168.77.11',
        dns: ['192.168.77.11'],
      },
    ],
    userData: Buffer.from('#!/bin/sh\necho "user data ran on $(hostname)" > /www/from-user-data\n'),
  })
  const folder = folderOf('seeded')
  await host.print(`mkdir -p ${folder}; truncate -s 16M ${folder}/disk`)
  await put(lab(), host, seed, `${folder}/seed`)
  const config = [
    'name="seeded"',
    'type="pvh"',
    'kernel="/guest/vmlinuz"',
    'ramdisk="/guest/initrd.gz"',
    'memory=128',
    'vif=["mac=02:00:00:00:00:01,bridge=xenbr0"]',
    `disk=["format=raw,vdev=xvda,access=w,target=${folder}/disk","format=raw,vdev=xvdzz,access=r,target=${folder}/seed"]`,
  ]
  await put(lab(), host, Buffer.from(`${config.join('\n')}\n`), `${folder}/xl.cfg`)
  await host.print(`timeout -k 1 90 xl create ${folder}/xl.cfg`, { timeoutMs: 120_000 })

  expect(await answered(host, '192.168.77.40')).toBe('web-1')
  expect(await consoleOf(host, 'seeded')).toContain(
    `GUEST hostname=web-1 address=192.168.77.40/24 key=${key.publicKey}\n`,
  )
  await until(async () => (await fetchFrom(host, '192.168.77.40', '/from-user-data')) === 'user data ran on web-1')
  expect((await fetchFrom(host, '192.168.77.40', '/about')).split('\n')).toEqual(
    expect.arrayContaining(['boots=1', 'type=PVH', 'disk=xvda 32768', 'nic=eth0 02:00:00:00:00:01']),
  )
  await destroy(host, 'seeded')
})
