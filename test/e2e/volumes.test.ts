/** Volumes with the real `aws` client and with OCCI, over one `up`, whose worker is killed in the middle. */
import { z } from 'zod'
import {
  alive,
  describeWithAws,
  newData,
  removeData,
  run,
  startUp,
  tenantEnvironment,
  type Up,
} from '../support/gateway-process'
import { occiClient } from '../support/occi-client'
import { until } from '../support/until'

const attachments = z.array(z.object({ State: z.string(), Device: z.string(), InstanceId: z.string() }))
const volume = z.object({
  VolumeId: z.string(),
  Size: z.number(),
  State: z.string(),
  Attachments: attachments.default([]),
})
const described = z.object({ Volumes: z.array(volume) })
const instances = z.object({
  Instances: z.array(z.object({ InstanceId: z.string(), Placement: z.object({ AvailabilityZone: z.string() }) })),
})

describeWithAws('volumes', (aws) => {
  const data = newData()
  let up: Up
  let instance = ''
  let zone = ''
  let id = ''
  beforeAll(async () => {
    up = await startUp(data)
  })
  afterAll(async () => {
    await up.end('SIGINT')
    removeData(data)
  })

  const ec2 = async (...words: string[]): Promise<unknown> => {
    const more = ['--endpoint-url', up.session().ec2Url, '--output', 'json']
    const { code, stdout, stderr } = await run(aws, ['ec2', ...words, ...more], tenantEnvironment(up.session()))
    if (code !== 0) throw new Error(`aws ec2 ${words.join(' ')}: ${stderr}`)
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }
  const look = async () => described.parse(await ec2('describe-volumes', '--volume-ids', id)).Volumes[0]
  const killWorker = async () => {
    const pid = up.pidOf('worker')
    process.kill(pid, 'SIGKILL')
    await until(() => !alive(pid), { what: 'the worker to be gone' })
  }
  const untilState = (state: string) =>
    until(async () => (await look())?.Attachments[0]?.State === state, { timeoutMs: 40_000, everyMs: 200, what: state })

  test('a machine with a larger root disk and a volume that goes with it', async () => {
    const { imageId, instanceType } = up.session()
    const disks = [
      { DeviceName: '/dev/sda1', Ebs: { VolumeSize: 12 } },
      { DeviceName: '/dev/sdb', Ebs: { VolumeSize: 2 } },
    ]
    const words = [
      '--image-id',
      imageId,
      '--instance-type',
      instanceType,
      '--block-device-mappings',
      JSON.stringify(disks),
    ]
    const made = instances.parse(await ec2('run-instances', '--placement', 'AvailabilityZone=local-1a', ...words))
    instance = made.Instances[0]?.InstanceId ?? ''
    zone = made.Instances[0]?.Placement.AvailabilityZone ?? ''
    await ec2('wait', 'instance-running', '--instance-ids', instance)
    const all = described.parse(
      await ec2('describe-volumes', '--filters', `Name=attachment.instance-id,Values=${instance}`),
    )
    expect(all.Volumes.map(({ Size }) => Size)).toEqual([12, 2])
    await ec2('wait', 'volume-in-use', '--volume-ids', ...all.Volumes.map(({ VolumeId }) => VolumeId))
  }, 60_000)

  test('created, attached while its worker is killed, grown, and shown by OCCI', async () => {
    id = volume.parse(await ec2('create-volume', '--availability-zone', zone, '--size', '3')).VolumeId
    await ec2('wait', 'volume-available', '--volume-ids', id)
    const pid = up.pidOf('worker')
    process.kill(pid, 'SIGSTOP')
    await ec2('attach-volume', '--volume-id', id, '--instance-id', instance, '--device', '/dev/sdf')
    await killWorker()
    await untilState('attached')
    await ec2('modify-volume', '--volume-id', id, '--size', '5')
    const modified = async () => JSON.stringify(await ec2('describe-volumes-modifications', '--volume-ids', id))
    await until(async () => (await modified()).includes('completed'), { timeoutMs: 20_000, what: 'a larger volume' })
    const occi = occiClient(up.session())
    const shown = await occi('GET', 'storage/', { accept: 'application/occi+json' })
    expect(shown.body).toContain(id)
    expect(shown.body).toContain('"occi.storage.size":5')
    const machine = await occi('GET', 'storagelink/', { accept: 'text/uri-list' })
    expect(machine.body.split(/\r?\n/).filter(Boolean)).toHaveLength(2)
  }, 90_000)

  test('refused while in use, detached while its worker is killed, deleted', async () => {
    await expect(ec2('delete-volume', '--volume-id', id)).rejects.toThrow(/VolumeInUse/)
    process.kill(up.pidOf('worker'), 'SIGSTOP')
    await ec2('detach-volume', '--volume-id', id)
    await expect(ec2('delete-volume', '--volume-id', id)).rejects.toThrow(/detaching/)
    await killWorker()
    await ec2('wait', 'volume-available', '--volume-ids', id)
    await ec2('delete-volume', '--volume-id', id)
    await ec2('wait', 'volume-deleted', '--volume-ids', id)
  }, 90_000)

  test('the machine takes with it what is to go with it', async () => {
    await ec2('terminate-instances', '--instance-ids', instance)
    const left = async () => described.parse(await ec2('describe-volumes')).Volumes.length
    await until(async () => (await left()) === 0, { timeoutMs: 30_000, everyMs: 200, what: 'no volume' })
  }, 60_000)
})
