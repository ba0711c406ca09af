import type { InstanceTypeInfo } from '@aws-sdk/client-ec2'
import type { TypeRecord } from '../../model/records'
import { STRATEGY_NAMES } from '../placement/strategy'

/** An instance type as EC2 shows it: what its machines have, and nothing that no host here offers. */
export const showInstanceType = ({ wish }: TypeRecord): InstanceTypeInfo => ({
  InstanceType: wish.name as InstanceTypeInfo['InstanceType'],
  CurrentGeneration: true,
  FreeTierEligible: false,
  SupportedUsageClasses: ['on-demand'],
  SupportedRootDeviceTypes: ['ebs'],
  SupportedVirtualizationTypes: ['hvm'],
  BareMetal: false,
  Hypervisor: 'xen',
  ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
  VCpuInfo: {
    DefaultVCpus: wish.size.cores,
    DefaultCores: wish.size.cores,
    DefaultThreadsPerCore: 1,
  },
  MemoryInfo: { SizeInMiB: wish.size.memoryMiB },
  InstanceStorageSupported: false,
  EbsInfo: { EbsOptimizedSupport: 'unsupported', EncryptionSupport: 'unsupported', NvmeSupport: 'unsupported' },
  NetworkInfo: { MaximumNetworkInterfaces: 1, Ipv4AddressesPerInterface: 1, Ipv6Supported: false },
  PlacementGroupInfo: { SupportedStrategies: [...STRATEGY_NAMES] },
  BurstablePerformanceSupported: false,
  DedicatedHostsSupported: false,
  AutoRecoverySupported: false,
  HibernationSupported: true,
})
