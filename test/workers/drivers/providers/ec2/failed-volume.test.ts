/** A volume that a provider could not make does not keep its name from another one. */
import type { Volume } from '@aws-sdk/client-ec2'
import type { Call } from '../../../../../workers/drivers/providers/ec2/client'
import { clientToken, marksOfVolume } from '../../../../../workers/drivers/providers/ec2/marks'
import { ensureVolume } from '../../../../../workers/drivers/providers/ec2/volumes/make'

const [SITE, NAME] = ['local-1', 'vol-here']
const order = {
  name: NAME,
  sizeGiB: 4,
  source: { from: 'blank' },
  provider: { beside: 'i-here', type: 'gp2' },
} as const
const volume = (id: string, State: NonNullable<Volume['State']>, attempt: number): Volume => ({
  VolumeId: id,
  State,
  Tags: marksOfVolume(SITE, NAME, keyOf(attempt)),
})
const keyOf = (attempt: number): string => `v/disk/up/${attempt}`

/** A provider with a machine of ours and these volumes, where the same token shows the volume that it made; and what it did. */
function provider(volumes: Volume[]) {
  const did: string[] = []
  const deeds: Readonly<Record<string, (input: Record<string, unknown>) => object>> = {
    DescribeVolumesCommand: () => ({ Volumes: [...volumes] }),
    DescribeInstancesCommand: () => ({
      Reservations: [{ Instances: [{ InstanceId: 'i-1', Placement: { AvailabilityZone: 'eu-1a' } }] }],
    }),
    DeleteVolumeCommand: ({ VolumeId }) => {
      did.push(`delete ${VolumeId}`)
      volumes.splice(0, volumes.length, ...volumes.filter((one) => one.VolumeId !== VolumeId))
      return {}
    },
    CreateVolumeCommand: ({ ClientToken }) => {
      did.push(`create ${ClientToken}`)
      return {}
    },
  }
  const client = {
    send: async (command: {
      readonly constructor: { readonly name: string }
      readonly input: Record<string, unknown>
    }) => deeds[command.constructor.name]?.(command.input),
  }
  const call = ((ordered: (sdk: unknown, on: typeof client, signal: AbortSignal) => Promise<unknown>) =>
    ordered(require('@aws-sdk/client-ec2'), client, new AbortController().signal)) as unknown as Call
  const ensure = (attempt: number) =>
    ensureVolume(
      { call, site: SITE, ticket: { resource: NAME, epoch: { era: 1, number: 1 }, key: keyOf(attempt) } },
      order,
    )
  return { did, ensure }
}

test('the failed one is removed and refused under its own key, and the next key makes another', async () => {
  const { did, ensure } = provider([volume('vol-1', 'error', 1)])
  await expect(ensure(1)).rejects.toMatchObject({ kind: 'refused', message: 'its provider could not make it' })
  expect(did).toEqual(['delete vol-1'])
  expect(await ensure(2)).toMatchObject({ state: 'running' })
  expect(did).toEqual(['delete vol-1', `create ${clientToken(SITE, keyOf(2))}`])
})

test('under another key it is removed and another is made at once', async () => {
  const { did, ensure } = provider([volume('vol-1', 'error', 1)])
  expect(await ensure(3)).toMatchObject({ state: 'running' })
  expect(did).toEqual(['delete vol-1', `create ${clientToken(SITE, keyOf(3))}`])
})

test('beside one that was made it is nothing', async () => {
  const { did, ensure } = provider([volume('vol-1', 'error', 1), volume('vol-2', 'available', 2)])
  expect(await ensure(2)).toMatchObject({ state: 'done' })
  expect(did).toEqual([])
})
