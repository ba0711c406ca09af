import type { ComputeRecord } from '../../model/records'

/** A machine's tags as EC2 tells them: beside its owner's, those that name the launch template that it was ordered by. */
export const instanceTags = ({ tags, launchTemplate }: ComputeRecord['wish']): Readonly<Record<string, string>> =>
  launchTemplate === undefined
    ? tags
    : {
        ...tags,
        'aws:ec2launchtemplate:id': launchTemplate.template,
        'aws:ec2launchtemplate:version': String(launchTemplate.version),
      }
