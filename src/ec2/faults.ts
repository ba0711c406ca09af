/** From our faults to EC2's error codes and HTTP statuses (EC2 API reference, "Error codes"). Complete by the compiler. */
import type { Fault, FaultDetail, FaultKind } from '../faults'

export interface Ec2Code {
  readonly code: string
  readonly status: number
}

interface SubjectCodes {
  readonly malformed: string
  readonly notFound: string
  readonly exists: string
}

const subjectCodes = (malformed: string, notFound: string, exists: string): SubjectCodes => ({
  malformed,
  notFound,
  exists,
})

const IMPORT_TASK = subjectCodes(
  'InvalidConversionTaskId.Malformed',
  'InvalidConversionTaskId',
  'InvalidConversionTaskId',
)

/** How EC2 names what is wrong with an id, by the kind of thing that it is meant to name. */
const SUBJECTS: Readonly<Record<string, SubjectCodes>> = {
  compute: subjectCodes('InvalidInstanceID.Malformed', 'InvalidInstanceID.NotFound', 'InvalidInstanceID.Duplicate'),
  image: subjectCodes('InvalidAMIID.Malformed', 'InvalidAMIID.NotFound', 'InvalidAMIName.Duplicate'),
  type: subjectCodes('InvalidInstanceType', 'InvalidInstanceType', 'InvalidInstanceType'),
  storage: subjectCodes('InvalidVolumeID.Malformed', 'InvalidVolume.NotFound', 'InvalidVolumeID.Duplicate'),
  snapshot: subjectCodes('InvalidSnapshotID.Malformed', 'InvalidSnapshot.NotFound', 'InvalidSnapshot.Duplicate'),
  network: subjectCodes('InvalidSubnetID.Malformed', 'InvalidSubnetID.NotFound', 'InvalidSubnet.Conflict'),
  networkinterface: subjectCodes(
    'InvalidNetworkInterfaceId.Malformed',
    'InvalidNetworkInterfaceID.NotFound',
    'InvalidNetworkInterface.InUse',
  ),
  keypair: subjectCodes('InvalidParameterValue', 'InvalidKeyPair.NotFound', 'InvalidKeyPair.Duplicate'),
  vpc: subjectCodes('InvalidVpcID.Malformed', 'InvalidVpcID.NotFound', 'InvalidVpc.Conflict'),
  association: subjectCodes('InvalidAssociationID.NotFound', 'InvalidAssociationID.NotFound', 'InvalidParameterValue'),
  reservation: subjectCodes('InvalidReservationID.Malformed', 'InvalidReservationID.NotFound', 'InvalidParameterValue'),
  attachment: subjectCodes('InvalidAttachmentID.Malformed', 'InvalidAttachment.NotFound', 'VolumeInUse'),
  modification: subjectCodes('InvalidVolumeID.Malformed', 'InvalidVolumeModification.NotFound', 'IncorrectState'),
  imageimport: IMPORT_TASK,
  importimage: IMPORT_TASK,
  importsnapshot: IMPORT_TASK,
  securitygroup: subjectCodes('InvalidGroupId.Malformed', 'InvalidGroup.NotFound', 'InvalidGroup.Duplicate'),
  securitygrouprule: subjectCodes(
    'InvalidSecurityGroupRuleId.Malformed',
    'InvalidSecurityGroupRuleId.NotFound',
    'InvalidPermission.Duplicate',
  ),
  permission: subjectCodes('InvalidPermission.Malformed', 'InvalidPermission.NotFound', 'InvalidPermission.Duplicate'),
  address: subjectCodes('InvalidAddress.Malformed', 'InvalidAddress.NotFound', 'InvalidParameterValue'),
  allocation: subjectCodes('InvalidAllocationID.NotFound', 'InvalidAllocationID.NotFound', 'InvalidParameterValue'),
  addresspool: subjectCodes(
    'InvalidPublicIpv4PoolID.Malformed',
    'InvalidPublicIpv4PoolID.NotFound',
    'InvalidParameterValue',
  ),
  host: subjectCodes('InvalidHostID.Malformed', 'InvalidHostID.NotFound', 'InvalidParameterValue'),
  placementgroup: subjectCodes(
    'InvalidPlacementGroupId.Malformed',
    'InvalidPlacementGroup.Unknown',
    'InvalidPlacementGroup.Duplicate',
  ),
  capacityreservation: subjectCodes(
    'InvalidCapacityReservationId.Malformed',
    'InvalidCapacityReservationId.NotFound',
    'InvalidParameterValue',
  ),
  launchtemplate: subjectCodes(
    'InvalidLaunchTemplateId.Malformed',
    'InvalidLaunchTemplateId.NotFound',
    'InvalidLaunchTemplateName.AlreadyExistsException',
  ),
  launchtemplatename: subjectCodes(
    'InvalidLaunchTemplateName.MalformedException',
    'InvalidLaunchTemplateName.NotFoundException',
    'InvalidLaunchTemplateName.AlreadyExistsException',
  ),
  launchtemplateversion: subjectCodes(
    'InvalidParameterValue',
    'InvalidLaunchTemplateId.VersionNotFound',
    'InvalidParameterValue',
  ),
  any: subjectCodes('InvalidID', 'InvalidID', 'InvalidID'),
}

/** Parameters whose wrong value has a code of its own. */
const FIELDS: Readonly<Record<string, string>> = {
  Action: 'InvalidAction',
  Version: 'NoSuchVersion',
  NextToken: 'InvalidNextToken',
  userData: 'InvalidUserData.Malformed',
  publicKey: 'InvalidKey.Format',
  reservedGroup: 'InvalidGroup.Reserved',
}

const LIMITS: Readonly<Record<string, string>> = {
  Filter: 'FilterLimitExceeded',
  tags: 'TagLimitExceeded',
  userData: 'InvalidParameterValue',
  InstanceId: 'InvalidParameterValue',
  ResourceId: 'InvalidParameterValue',
  VolumeId: 'InvalidParameterValue',
  SnapshotId: 'InvalidParameterValue',
  UserId: 'ResourceLimitExceeded',
  LaunchPermission: 'ResourceLimitExceeded',
  volumes: 'AttachmentLimitExceeded',
}

const STATES: Readonly<Record<string, string>> = {
  compute: 'IncorrectInstanceState',
  image: 'InvalidAMIID.Unavailable',
  storage: 'IncorrectState',
  snapshot: 'IncorrectState',
  imageimport: 'IncorrectImportTaskState',
  capacityreservation: 'InvalidCapacityReservationState',
}

const IN_USE: Readonly<Record<string, string>> = {
  storage: 'VolumeInUse',
  snapshot: 'InvalidSnapshot.InUse',
  address: 'InvalidIPAddress.InUse',
  placementgroup: 'InvalidPlacementGroup.InUse',
}

/** Two things that can never come together. */
const CONFLICTS: Readonly<Record<string, string>> = {
  zone: 'InvalidVolume.ZoneMismatch',
  host: 'UnsupportedOperation',
}

/** What is short beside room on hosts. */
const CAPACITIES: Readonly<Record<string, string>> = {
  network: 'InsufficientFreeAddressesInSubnet',
  address: 'InsufficientAddressCapacity',
  capacityreservation: 'ReservationCapacityExceeded',
}

const QUOTAS: Readonly<Record<string, string>> = {
  cores: 'VcpuLimitExceeded',
  keyPairs: 'ResourceLimitExceeded',
  snapshots: 'SnapshotLimitExceeded',
  snapshotGiB: 'SnapshotLimitExceeded',
  volumes: 'VolumeLimitExceeded',
  volumeGiB: 'VolumeLimitExceeded',
  images: 'ResourceLimitExceeded',
  imageGiB: 'ResourceLimitExceeded',
  imports: 'ResourceLimitExceeded',
  securityGroups: 'SecurityGroupLimitExceeded',
  addresses: 'AddressLimitExceeded',
  placementGroups: 'PlacementGroupLimitExceeded',
  launchTemplates: 'MaxTemplateLimitExceeded',
  launchTemplateBytes: 'ResourceLimitExceeded',
  launchTemplateVersions: 'MaxTemplateVersionLimitExceeded',
  groupsOfOne: 'SecurityGroupsPerInterfaceLimitExceeded',
  rules: 'RulesPerSecurityGroupLimitExceeded',
}

const UNAUTHENTICATED: Readonly<Record<string, Ec2Code>> = {
  expired: { code: 'RequestExpired', status: 400 },
  ended: { code: 'RequestExpired', status: 400 },
  incomplete: { code: 'IncompleteSignature', status: 400 },
  'no-credentials': { code: 'MissingAuthenticationToken', status: 403 },
}

const FORBIDDEN: Readonly<Record<string, Ec2Code>> = {
  protected: { code: 'OperationNotPermitted', status: 400 },
  // What may be seen and is another's: clients that look through all images go on at this one.
  'not-owner': { code: 'AuthFailure', status: 400 },
}

const bad = (code: string): Ec2Code => ({ code, status: 400 })
const away: Ec2Code = { code: 'Unavailable', status: 503 }
const subjectOf = (detail: FaultDetail): SubjectCodes | undefined => lookUp(SUBJECTS, detail.subject?.kind)

const lookUp = <V>(table: Readonly<Record<string, V>>, name: string | undefined): V | undefined =>
  name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined

const CODES = {
  malformed: (detail) => bad(subjectOf(detail)?.malformed ?? 'MalformedQueryString'),
  missing: (detail) => bad(detail.field === 'Action' ? 'MissingAction' : 'MissingParameter'),
  'unknown-field': () => bad('UnknownParameter'),
  invalid: (detail) => bad(lookUp(FIELDS, detail.field) ?? 'InvalidParameterValue'),
  combination: () => bad('InvalidParameterCombination'),
  'too-large': (detail) => {
    const code = lookUp(LIMITS, detail.field)
    return code === undefined ? { code: 'RequestEntityTooLarge', status: 413 } : bad(code)
  },
  unauthenticated: (detail) => lookUp(UNAUTHENTICATED, detail.reason) ?? { code: 'AuthFailure', status: 401 },
  forbidden: (detail) => lookUp(FORBIDDEN, detail.reason) ?? { code: 'UnauthorizedOperation', status: 403 },
  immutable: (detail) => bad(detail.subject?.kind === 'securitygroup' ? 'CannotDelete' : 'OperationNotPermitted'),
  'not-found': (detail) => bad(subjectOf(detail)?.notFound ?? 'InvalidParameterValue'),
  state: (detail) => bad(lookUp(STATES, detail.subject?.kind ?? 'compute') ?? 'IncorrectState'),
  conflict: (detail) =>
    bad(lookUp(CONFLICTS, detail.reason) ?? lookUp(STATES, detail.subject?.kind) ?? 'IncorrectState'),
  'in-use': (detail) =>
    bad(
      detail.reason === 'associated'
        ? 'Resource.AlreadyAssociated'
        : (lookUp(IN_USE, detail.subject?.kind) ?? 'DependencyViolation'),
    ),
  exists: (detail) => bad(subjectOf(detail)?.exists ?? 'InvalidParameterValue'),
  quota: (detail) => bad(lookUp(QUOTAS, detail.field) ?? 'InstanceLimitExceeded'),
  throttled: () => ({ code: 'RequestLimitExceeded', status: 503 }),
  // Of instances EC2 answers 500, which clients send again at once; what fits no host will not fit a moment later either.
  'no-capacity': (detail) => bad(lookUp(CAPACITIES, detail.subject?.kind) ?? 'InsufficientInstanceCapacity'),
  idempotency: (detail) =>
    bad(detail.reason === 'terminated' ? 'IdempotentInstanceTerminated' : 'IdempotentParameterMismatch'),
  unsupported: (detail) =>
    bad(detail.reason === 'hibernation' ? 'UnsupportedHibernationConfiguration' : 'UnsupportedOperation'),
  unacceptable: () => bad('InvalidRequest'),
  unavailable: () => away,
  internal: () => ({ code: 'InternalError', status: 500 }),
  // What only workers see: should one get here, a part of ours was away.
  stale: () => away,
  busy: () => away,
  refused: () => away,
  unreachable: () => away,
  timeout: () => away,
} satisfies Record<FaultKind, (detail: FaultDetail) => Ec2Code>

/** EC2's code and status of a fault. */
export const ec2Code = (fault: Fault): Ec2Code => CODES[fault.kind](fault.detail)

/** What STS and IAM call what EC2 has other words for. */
const QUERY_CODES: Partial<Record<string, Ec2Code>> = {
  AuthFailure: { code: 'InvalidClientTokenId', status: 403 },
  UnauthorizedOperation: { code: 'AccessDenied', status: 403 },
  UnsupportedOperation: { code: 'AccessDenied', status: 403 },
  UnknownParameter: { code: 'ValidationError', status: 400 },
  InvalidParameterValue: { code: 'ValidationError', status: 400 },
  InternalError: { code: 'InternalFailure', status: 500 },
  Unavailable: { code: 'ServiceUnavailable', status: 503 },
}

/** Kinds that they have words of their own for. */
const QUERY_KINDS: Partial<Record<FaultKind, Ec2Code>> = {
  'not-found': { code: 'NoSuchEntity', status: 404 },
  quota: { code: 'LimitExceeded', status: 409 },
  throttled: { code: 'Throttling', status: 400 },
  conflict: { code: 'ConcurrentModification', status: 409 },
}

/** The code and status of a fault as STS and IAM say it. */
export function queryCode(fault: Fault): Ec2Code {
  if (fault.detail.reason === 'ended') return { code: 'ExpiredToken', status: 403 }
  const code = ec2Code(fault)
  return QUERY_KINDS[fault.kind] ?? QUERY_CODES[code.code] ?? code
}
