/** Whether an account can be used as its operator says: who we are there, and whether its images and types are known. */
import type { ProviderTarget } from '../../../../src/model/providers/target'
import type { HostFinding, HostFindings } from '../../driver'
import { finding } from '../finding'
import type { Call } from './client'

export async function check(call: Call, { images, types }: ProviderTarget): Promise<HostFindings> {
  const entered = await finding('credentials', 'accepted', () =>
    call((sdk, client, abortSignal) =>
      client.send(new sdk.DescribeInstancesCommand({ MaxResults: 5 }), { abortSignal }),
    ),
  )
  const more =
    entered.verdict === 'ok'
      ? await offered(
          call,
          Object.values(images),
          types.map(({ name }) => name),
        )
      : []
  const findings = [entered, ...more]
  return { findings, hostKeys: [], fit: findings.every(({ verdict }) => verdict === 'ok') }
}

const offered = (call: Call, images: readonly string[], types: readonly string[]): Promise<readonly HostFinding[]> =>
  Promise.all([
    ...images.map((image) =>
      finding(`image ${image}`, 'there', () =>
        call((sdk, client, abortSignal) =>
          client.send(new sdk.DescribeImagesCommand({ ImageIds: [image] }), { abortSignal }),
        ),
      ),
    ),
    ...types.map((type) =>
      finding(`type ${type}`, 'offered', () =>
        call((sdk, client, abortSignal) =>
          client.send(new sdk.DescribeInstanceTypesCommand({ InstanceTypes: [type as 't2.micro'] }), { abortSignal }),
        ),
      ),
    ),
  ])
