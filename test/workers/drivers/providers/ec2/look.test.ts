/** A machine with more than its root disk, in an account whose user may and may not ask about volumes. */
import { fault } from '../../../../../src/faults'
import type { Call } from '../../../../../workers/drivers/providers/ec2/client'
import { found } from '../../../../../workers/drivers/providers/ec2/look'

const tag = (name: string, Value: string) => ({ Key: `occi-gateway.${name}`, Value })

const INSTANCE = {
  InstanceId: 'i-there',
  State: { Name: 'running' },
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda' }, { DeviceName: '/dev/sdf' }],
  Tags: [tag('site', 'local-1'), tag('machine', 'i-here'), tag('record', 'record-1'), tag('key', 'record-1/1')],
}
const VOLUME = {
  VolumeId: 'vol-there',
  Size: 8,
  State: 'in-use',
  AvailabilityZone: 'eu-1a',
  Attachments: [{ InstanceId: 'i-there', State: 'attached' }],
  Tags: [tag('site', 'local-1'), tag('volume', 'vol-here')],
}

/** A provider that knows one machine, and tells volumes as `volumes` does. */
function provider(volumes: () => Promise<object>): Call {
  const client = {
    send: ({ input }: { readonly input: { readonly Filters: readonly { readonly Name: string }[] } }) =>
      input.Filters.some(({ Name }) => Name === 'attachment.instance-id')
        ? volumes()
        : Promise.resolve({ Reservations: [{ Instances: [INSTANCE] }] }),
  }
  return ((order: (sdk: unknown, on: typeof client, signal: AbortSignal) => Promise<unknown>) =>
    order(require('@aws-sdk/client-ec2'), client, new AbortController().signal)) as unknown as Call
}

const refusal = (code: string) => () =>
  Promise.reject(fault('refused', 'no', { cause: Object.assign(new Error('no'), { name: code }) }))

test('the volumes that hang on it are its disks', async () => {
  const machine = await found(
    provider(async () => ({ Volumes: [VOLUME] })),
    'local-1',
    'i-here',
  )
  expect(machine).toMatchObject({ id: 'record-1', domain: 'running' })
  expect(machine.disks).toEqual([{ name: 'vol-here', sizeGiB: 8, attached: true, zone: 'eu-1a' }])
})

test('whoever may not ask about volumes sees the machine all the same', async () => {
  const machine = await found(provider(refusal('UnauthorizedOperation')), 'local-1', 'i-here')
  expect(machine).toMatchObject({ id: 'record-1', domain: 'running', disks: [] })
})

test('another refusal is one', async () => {
  await expect(found(provider(refusal('InvalidParameterValue')), 'local-1', 'i-here')).rejects.toMatchObject({
    kind: 'refused',
  })
})
