/**
 * A launch template and what is said beside it. Each parameter that is said counts in the place of the template's; of tags, of disks and of
 * placement each one by itself: a tag by its key, a disk by its device (NoDevice takes it away), a part of the placement by its name.
 */
import type { BlockDeviceMapping, TagSpecification } from '@aws-sdk/client-ec2'
import type { Said } from './data'

/** Of a launch, or of another version's data. */
export function merged<T extends Said>(template: Said, said: T): Said & T {
  const { SecurityGroups, SecurityGroupIds, ...others } = template
  // Names and ids of groups say the same thing.
  const namesGroups = said.SecurityGroups !== undefined || said.SecurityGroupIds !== undefined
  const groups = { ...(SecurityGroups ? { SecurityGroups } : {}), ...(SecurityGroupIds ? { SecurityGroupIds } : {}) }
  return {
    ...others,
    ...(namesGroups ? {} : groups),
    ...said,
    ...parts('Placement', template, said),
    ...parts('MetadataOptions', template, said),
    ...given('BlockDeviceMappings', disks(template.BlockDeviceMappings, said.BlockDeviceMappings)),
    ...given('TagSpecifications', tags(template.TagSpecifications, said.TagSpecifications)),
  }
}

const parts = <K extends 'Placement' | 'MetadataOptions'>(name: K, template: Said, said: Said) =>
  template[name] === undefined && said[name] === undefined ? {} : { [name]: { ...template[name], ...said[name] } }

const given = <T>(name: string, all: readonly T[]): Readonly<Record<string, readonly T[]>> =>
  all.length === 0 ? {} : { [name]: all }

function disks(
  template: readonly BlockDeviceMapping[] = [],
  said: readonly BlockDeviceMapping[] = [],
): readonly BlockDeviceMapping[] {
  const replaced = new Set(said.map(({ DeviceName }) => DeviceName))
  return [...template.filter(({ DeviceName }) => !replaced.has(DeviceName)), ...said]
}

function tags(
  template: readonly TagSpecification[] = [],
  said: readonly TagSpecification[] = [],
): readonly TagSpecification[] {
  const isSaid = (type: string | undefined, key: string | undefined): boolean =>
    said.some(({ ResourceType, Tags = [] }) => ResourceType === type && Tags.some(({ Key }) => Key === key))
  const left = template.map(({ ResourceType, Tags = [] }) => ({
    ResourceType,
    Tags: Tags.filter(({ Key }) => !isSaid(ResourceType, Key)),
  }))
  return [...left, ...said]
}
