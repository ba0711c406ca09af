import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from '../../model/records'
import { saidIn } from '../templates/data'
import type { FilterTable } from './filter'

/** Filters of DescribeLaunchTemplates. */
export const launchTemplateFilters: FilterTable<LaunchTemplateRecord> = {
  says: {
    'create-time': ({ wish }) => new Date(wish.createdAt).toISOString(),
    'launch-template-name': ({ wish }) => wish.name,
  },
  tags: ({ wish }) => wish.tags,
}

export interface NumberedVersion {
  readonly template: LaunchTemplateRecord
  readonly version: LaunchTemplateVersionRecord
}

const said = ({ version }: NumberedVersion) => saidIn(version.wish.data)

/** Filters of DescribeLaunchTemplateVersions. */
export const launchTemplateVersionFilters: FilterTable<NumberedVersion> = {
  says: {
    'create-time': ({ version }) => new Date(version.wish.createdAt).toISOString(),
    'ebs-optimized': (one) => said(one).EbsOptimized,
    'http-endpoint': (one) => said(one).MetadataOptions?.HttpEndpoint,
    'http-tokens': (one) => said(one).MetadataOptions?.HttpTokens,
    'image-id': (one) => said(one).ImageId,
    'instance-type': (one) => said(one).InstanceType,
    'is-default-version': ({ template, version }) => version.wish.number === template.wish.standard,
    'network-card-index': (one) =>
      said(one).NetworkInterfaces?.flatMap(({ NetworkCardIndex: index }) => (index === undefined ? [] : String(index))),
  },
  silent: [
    'host-resource-group-arn',
    'http-protocol-ipv4',
    'iam-instance-profile',
    'kernel-id',
    'license-configuration-arn',
    'ram-disk-id',
  ],
}
