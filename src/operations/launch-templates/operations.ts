/** What a caller may do with launch templates: part of `Operations`. */
import type { LaunchTemplateId } from '../../model/ids'
import type {
  LaunchData,
  LaunchTemplateRecord,
  LaunchTemplateUsed,
  LaunchTemplateVersionRecord,
} from '../../model/records'
import type { Caller } from '../context'
import type { OrderToken } from '../order-token'

/** As an order for machines says which template it was made by. */
export interface FromTemplate {
  readonly launchTemplate?: LaunchTemplateUsed
}

/** What a version says. */
export interface VersionOrder {
  readonly data: LaunchData
  /** base64; secret. */
  readonly userData?: string
  readonly description?: string
}

interface Order {
  /** EC2 ClientToken with a digest of all other parameters. */
  readonly token?: OrderToken
  readonly dryRun?: boolean
}

export interface TemplateWithVersion {
  readonly template: LaunchTemplateRecord
  readonly version: LaunchTemplateVersionRecord
}

/** What became of a version that was to be deleted. */
export interface VersionEnd {
  readonly number: number
  readonly ended: 'deleted' | 'unknown' | 'standard'
}

export interface LaunchTemplateOperations {
  /** In order of creation. */
  listLaunchTemplates(caller: Caller): Promise<readonly LaunchTemplateRecord[]>
  /** Of all the caller's templates, those of one in order of their numbers. */
  listTemplateVersions(caller: Caller): Promise<readonly LaunchTemplateVersionRecord[]>
  /** The version's user data, opened, in base64; null where it has none. For its owner only, and never for a log. */
  templateUserDataOf(record: LaunchTemplateVersionRecord): string | null
  /** With its first version. 'exists' for a taken name, 'malformed' for what is none, 'quota', 'idempotency'. */
  createLaunchTemplate(
    caller: Caller,
    order: Order & VersionOrder & { readonly name: string; readonly tags?: Readonly<Record<string, string>> },
  ): Promise<TemplateWithVersion>
  /** 'not-found', 'quota', 'idempotency'. */
  addTemplateVersion(
    caller: Caller,
    order: Order & VersionOrder & { readonly id: LaunchTemplateId },
  ): Promise<TemplateWithVersion>
  /** 'not-found' for the template, or the version (subject launchtemplateversion). */
  setStandardVersion(
    caller: Caller,
    order: Order & { readonly id: LaunchTemplateId; readonly version: number },
  ): Promise<LaunchTemplateRecord>
  /** With all its versions. 'not-found'. */
  deleteLaunchTemplate(
    caller: Caller,
    order: { readonly id: LaunchTemplateId; readonly dryRun?: boolean },
  ): Promise<LaunchTemplateRecord>
  /** Each by itself: what is not there or is the default one stays out, and is told. 'not-found' for the template. */
  deleteTemplateVersions(
    caller: Caller,
    order: { readonly id: LaunchTemplateId; readonly versions: readonly number[]; readonly dryRun?: boolean },
  ): Promise<readonly VersionEnd[]>
}
