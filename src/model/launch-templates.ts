/**
 * Launch templates (EC2): what RunInstances is to be given, under a name and in numbered versions.
 *
 * Who writes what: operations write `wish`; there is nothing to see. The template says which of its versions counts where none is named;
 * each version is a record of its own and never changes. Whoever makes or deletes one writes the template too, by its generation, so that
 * the number, the default and the end of a template are decided one after the other.
 */
import type { Envelope } from './envelope'
import type { LaunchTemplateId, LaunchTemplateVersionId } from './ids'
import type { SealedText } from './sealed-text'

export type LaunchValue = string | number | boolean | readonly LaunchValue[] | { readonly [name: string]: LaunchValue }

/** Parameters of RunInstances by EC2's names, as they were given; user data is not among them. */
export interface LaunchData {
  readonly [parameter: string]: LaunchValue
}

export interface LaunchTemplateWish {
  /** Unique in its project. */
  readonly name: string
  /** `lt-…` */
  readonly template: string
  /** The version that counts where none is named. */
  readonly standard: number
  /** The last that there is. */
  readonly latest: number
  /** How many were made so far: a number is never given twice. */
  readonly drawn: number
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly createdBy: string
}

export type LaunchTemplateRecord = Envelope<'launchtemplate', LaunchTemplateId, LaunchTemplateWish, null, null, null>

export interface LaunchTemplateVersionWish {
  readonly template: LaunchTemplateId
  /** From 1. */
  readonly number: number
  readonly description: string | null
  readonly data: LaunchData
  /** base64, sealed under the version's id; opened for its owner only, and never logged. */
  readonly userData: SealedText | null
  readonly createdAt: number
  readonly createdBy: string
}

export type LaunchTemplateVersionRecord = Envelope<
  'launchtemplateversion',
  LaunchTemplateVersionId,
  LaunchTemplateVersionWish,
  null,
  null,
  null
>

/** As a machine remembers what it was ordered by: `lt-…`. */
export interface LaunchTemplateUsed {
  readonly template: string
  readonly version: number
}
