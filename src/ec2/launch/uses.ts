/** What becomes of each parameter of a launch, whether RunInstances says it or the launch template that it names. */
import type { CreditSpecificationRequest, Placement } from '@aws-sdk/client-ec2'
import type { Uses } from '../action'

const isPlaceable = ({
  AvailabilityZone: _zone,
  GroupName: _name,
  GroupId: _group,
  PartitionNumber: _partition,
  Tenancy: _tenancy,
  HostId: _host,
  Affinity: _affinity,
  ...rest
}: Placement): boolean => saysNothing(rest)

/** Packer sends the name of a profile, empty, where none was asked for. */
const saysNothing = (parts: object): boolean => Object.values(parts).every((part) => part === undefined || part === '')

/** Machines are never throttled, nor billed for bursts: both words ask for what they have. */
const creditsAreNamed = ({ CpuCredits: credits }: CreditSpecificationRequest): boolean =>
  credits === undefined || credits === 'standard' || credits === 'unlimited'

const off = { accepts: (value: boolean) => !value, only: 'false' }

export const RUN_USES: Uses<'RunInstances'> = {
  MaxCount: 'honoured',
  MinCount: 'honoured',
  ImageId: 'honoured',
  InstanceType: 'honoured',
  KeyName: 'honoured',
  UserData: 'honoured',
  TagSpecifications: 'honoured',
  ClientToken: 'honoured',
  Placement: {
    accepts: isPlaceable,
    only: 'AvailabilityZone, GroupName, GroupId, PartitionNumber, Tenancy, HostId and Affinity',
  },
  // The default network; the root disk and empty volumes: see launch/.
  SubnetId: 'honoured',
  BlockDeviceMappings: 'honoured',
  SecurityGroups: 'honoured',
  Monitoring: 'honoured',
  HibernationOptions: 'honoured',
  CreditSpecification: { accepts: creditsAreNamed, only: 'CpuCredits standard or unlimited' },
  AdditionalInfo: 'ignored',
  EbsOptimized: off,
  DisableApiStop: off,
  DisableApiTermination: 'honoured',
  EnclaveOptions: { accepts: ({ Enabled }) => !Enabled, only: 'Enabled=false' },
  InstanceInitiatedShutdownBehavior: 'honoured',
  EnablePrimaryIpv6: off,
  Ipv6AddressCount: { accepts: (count) => count === 0, only: '0' },
  CapacityReservationSpecification: 'honoured',
  CpuOptions: 'refused',
  ElasticGpuSpecification: 'refused',
  ElasticInferenceAccelerators: 'refused',
  IamInstanceProfile: { accepts: saysNothing, only: 'empty' },
  InstanceMarketOptions: 'refused',
  Ipv6Addresses: 'refused',
  KernelId: 'refused',
  LaunchTemplate: 'honoured',
  LicenseSpecifications: 'refused',
  MaintenanceOptions: 'honoured',
  MetadataOptions: 'honoured',
  // One, of the default network: see launch/interface.ts.
  NetworkInterfaces: 'honoured',
  NetworkPerformanceOptions: 'refused',
  Operator: 'refused',
  PrivateDnsNameOptions: 'refused',
  PrivateIpAddress: 'refused',
  RamdiskId: 'refused',
  SecondaryInterfaces: 'refused',
  SecurityGroupIds: 'honoured',
}
