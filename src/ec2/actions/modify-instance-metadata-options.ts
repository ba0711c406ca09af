import { fault } from '../../faults'
import { action } from '../action'
import { metadataAsked, showMetadata } from '../attributes/metadata-options'
import { instanceNamed } from '../resources/instances'

/** ModifyInstanceMetadataOptions: kept and shown, in any state. */
export const modifyInstanceMetadataOptions = action(
  'ModifyInstanceMetadataOptions',
  {
    InstanceId: 'honoured',
    HttpTokens: 'honoured',
    HttpPutResponseHopLimit: 'honoured',
    HttpEndpoint: 'honoured',
    HttpProtocolIpv6: 'honoured',
    InstanceMetadataTags: 'honoured',
  },
  async (input, context) => {
    const metadata = metadataAsked(input)
    if (Object.keys(metadata).length === 0)
      throw fault('missing', 'The request must name an option to modify', { field: 'HttpTokens' })
    const { id } = await instanceNamed(input.InstanceId, context)
    const change = { ids: [id], options: { metadata }, dryRun: input.DryRun === true }
    const [record] = await context.operations.setOptions(context.caller, change)
    return record ? { InstanceId: record.wish.name, InstanceMetadataOptions: showMetadata(record) } : {}
  },
)
