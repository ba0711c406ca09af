import type { LaunchTemplate, LaunchTemplateVersion, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2'
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from '../../model/records'
import type { Ec2Context } from '../action'
import { showTags } from '../show/tags'
import { dataOf } from './data'

const createdBy = (userName: string, { caller }: Ec2Context): string =>
  `arn:aws:iam::${caller.account}:user/${userName}`

export const showTemplate = ({ wish }: LaunchTemplateRecord, context: Ec2Context): LaunchTemplate => ({
  LaunchTemplateId: wish.template,
  LaunchTemplateName: wish.name,
  CreateTime: new Date(wish.createdAt),
  CreatedBy: createdBy(wish.createdBy, context),
  DefaultVersionNumber: wish.standard,
  LatestVersionNumber: wish.latest,
  Tags: showTags(wish.tags),
})

/** With its user data: only its owner is shown it. */
export const showVersion = (
  template: LaunchTemplateRecord,
  version: LaunchTemplateVersionRecord,
  context: Ec2Context,
): LaunchTemplateVersion => ({
  LaunchTemplateId: template.wish.template,
  LaunchTemplateName: template.wish.name,
  VersionNumber: version.wish.number,
  ...(version.wish.description === null ? {} : { VersionDescription: version.wish.description }),
  CreateTime: new Date(version.wish.createdAt),
  CreatedBy: createdBy(version.wish.createdBy, context),
  DefaultVersion: version.wish.number === template.wish.standard,
  // EC2 tells parameters back in the shape in which they were given.
  LaunchTemplateData: dataOf(version, context) as ResponseLaunchTemplateData,
})
