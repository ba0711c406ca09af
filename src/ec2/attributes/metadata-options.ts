/** MetadataOptions, from EC2's words to ours and back. Kept and shown: guests read their seed disk, no metadata service is served. */
import type {
  HttpTokensState,
  InstanceMetadataEndpointState,
  InstanceMetadataOptionsResponse,
  InstanceMetadataProtocolState,
  InstanceMetadataTagsState,
} from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { type ComputeRecord, type MetadataOptions, optionsOf } from '../../model/records'
import { shorten } from '../codec'

export interface AskedMetadata {
  readonly HttpTokens?: HttpTokensState | undefined
  readonly HttpPutResponseHopLimit?: number | undefined
  readonly HttpEndpoint?: InstanceMetadataEndpointState | undefined
  readonly HttpProtocolIpv6?: InstanceMetadataProtocolState | undefined
  readonly InstanceMetadataTags?: InstanceMetadataTagsState | undefined
}

const SWITCH = ['enabled', 'disabled'] as const

/** What is asked to be other than it is. Faults: 'invalid' naming the parameter. */
export function metadataAsked(asked: AskedMetadata): Partial<MetadataOptions> {
  const { HttpPutResponseHopLimit: hops } = asked
  if (hops !== undefined && !(Number.isInteger(hops) && hops >= 1 && hops <= 64))
    throw fault(
      'invalid',
      `Value (${hops}) for parameter HttpPutResponseHopLimit is invalid. Expected: a whole number from 1 to 64`,
      { field: 'HttpPutResponseHopLimit' },
    )
  return {
    ...one('tokens', 'HttpTokens', asked.HttpTokens, ['optional', 'required'] as const),
    ...(hops === undefined ? {} : { hopLimit: hops }),
    ...one('endpoint', 'HttpEndpoint', asked.HttpEndpoint, SWITCH),
    ...one('ipv6', 'HttpProtocolIpv6', asked.HttpProtocolIpv6, SWITCH),
    ...one('tags', 'InstanceMetadataTags', asked.InstanceMetadataTags, SWITCH),
  }
}

function one<N extends string, V extends string>(
  name: N,
  field: string,
  value: string | undefined,
  expected: readonly V[],
): { readonly [K in N]?: NoInfer<V> } {
  if (value === undefined) return {}
  const found = expected.find((known) => known === value)
  if (found === undefined)
    throw fault(
      'invalid',
      `Value (${shorten(value)}) for parameter ${field} is invalid. Expected: ${expected.join(' or ')}`,
      { field },
    )
  return { [name]: found } as { readonly [K in N]?: V }
}

/** As DescribeInstances shows them: always in force, for nothing has to be told to a service. */
export function showMetadata({ wish }: Pick<ComputeRecord, 'wish'>): InstanceMetadataOptionsResponse {
  const { tokens, hopLimit, endpoint, ipv6, tags } = optionsOf(wish).metadata
  return {
    State: 'applied',
    HttpTokens: tokens,
    HttpPutResponseHopLimit: hopLimit,
    HttpEndpoint: endpoint,
    HttpProtocolIpv6: ipv6,
    InstanceMetadataTags: tags,
  }
}
