import type { InstanceAttribute } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { type ComputeRecord, optionsOf } from '../../model/records'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { showIdentifiers } from '../groups/show'
import { showDisks } from '../show/instance-disks'

type Show = (record: ComputeRecord, context: Ec2Context) => InstanceAttribute

/** One entry per attribute of DescribeInstanceAttribute; those without a value here are empty, as EC2 shows what is not set. */
const SHOWN: Readonly<Record<string, Show>> = {
  instanceType: ({ wish }) => ({ InstanceType: { Value: wish.size.type } }),
  kernel: () => ({ KernelId: {} }),
  ramdisk: () => ({ RamdiskId: {} }),
  // The owner's own, in the answer that asks for it, and in no other.
  userData: (record, { operations }) => {
    const userData = operations.userDataOf(record)
    return { UserData: userData === null ? {} : { Value: userData } }
  },
  disableApiTermination: ({ wish }) => ({ DisableApiTermination: { Value: optionsOf(wish).isProtected } }),
  instanceInitiatedShutdownBehavior: ({ wish }) => ({
    InstanceInitiatedShutdownBehavior: { Value: optionsOf(wish).onShutdown },
  }),
  rootDeviceName: ({ wish }) => ({ RootDeviceName: { Value: wish.disks[0]?.device } }),
  blockDeviceMapping: (record) => ({ BlockDeviceMappings: showDisks(record) }),
  productCodes: () => ({ ProductCodes: [] }),
  sourceDestCheck: () => ({ SourceDestCheck: { Value: true } }),
  groupSet: (record, { operations }) => ({ Groups: showIdentifiers(operations.groupsOf(record)) }),
  ebsOptimized: () => ({ EbsOptimized: { Value: false } }),
  sriovNetSupport: () => ({ SriovNetSupport: {} }),
  enaSupport: () => ({ EnaSupport: { Value: false } }),
  enclaveOptions: () => ({ EnclaveOptions: { Enabled: false } }),
  disableApiStop: () => ({ DisableApiStop: { Value: false } }),
}

/** Faults: 'invalid' for an attribute that EC2 does not have, naming those that it has. */
export function showAttribute(record: ComputeRecord, attribute: string, context: Ec2Context): InstanceAttribute {
  const show = Object.hasOwn(SHOWN, attribute) ? SHOWN[attribute] : undefined
  if (show) return { InstanceId: record.wish.name, ...show(record, context) }
  const expected = Object.keys(SHOWN).join(', ')
  throw fault(
    'invalid',
    `Value (${shorten(attribute)}) for parameter Attribute is invalid. Expected: one of ${expected}`,
    { field: 'Attribute' },
  )
}
