/**
 * LaunchTemplateData: what of a request is kept, and what is shown of it. EC2 finds out at the launch what is wrong with a template; here what
 * can be told without looking anything up is refused when it is written, so that no machine waits for a misspelt word.
 */
import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { isShortName } from '../../model/ids'
import type { LaunchData, LaunchTemplateVersionRecord } from '../../model/records'
import { checkTags } from '../../operations/check-tags'
import type { VersionOrder } from '../../operations/launch-templates/operations'
import { type Ec2Context, type Input, refuseUnused, type Use } from '../action'
import { shorten } from '../codec'
import { interfaceAsked } from '../launch/interface'
import { saidBy, tagsOf } from '../launch/order'
import { RUN_USES } from '../launch/uses'

export type TemplateData = RequestLaunchTemplateData

/** Parameters of a launch as a template says them. */
export type Said = Partial<Input<'RunInstances'>>

const USES: Readonly<Record<string, Use<never>>> = RUN_USES

/** Faults: 'unsupported' naming a parameter that no launch here takes, 'malformed', 'missing', 'invalid', 'combination', 'too-large' (tags). */
export function keptData({ UserData, ...data }: TemplateData): Pick<VersionOrder, 'data' | 'userData'> {
  for (const [name, value] of Object.entries(data))
    refuseUnused(Object.hasOwn(USES, name) ? (USES[name] ?? 'refused') : 'refused', value, `LaunchTemplateData.${name}`)
  checkWords(saidIn(data))
  return { data: asKept(data), ...(UserData ? { userData: UserData } : {}) }
}

function checkWords(said: Said): void {
  checkTags(saidBy({ MinCount: 1, MaxCount: 1, ...said }).tags ?? {})
  for (const type of ['volume', 'network-interface'] as const) checkTags(tagsOf(said.TagSpecifications, type))
  interfaceAsked({ MinCount: 1, MaxCount: 1, ...said })
  if (said.ImageId === undefined || isShortName('image', said.ImageId)) return
  throw fault('malformed', `Invalid id: "${shorten(said.ImageId)}" (expecting "ami-...")`, {
    field: 'LaunchTemplateData.ImageId',
    subject: { kind: 'image', id: shorten(said.ImageId) },
  })
}

/** Text, numbers and what is made of them: no parameter that is kept is a date or bytes. */
const asKept = (data: Omit<TemplateData, 'UserData'>): LaunchData => data as unknown as LaunchData

/** What is kept has in RunInstances the same name and the same shape: all else was refused. */
export const saidIn = (data: TemplateData | LaunchData): Said => data as Said

/** With its user data, which is its owner's. */
export function dataOf(version: LaunchTemplateVersionRecord, { operations }: Pick<Ec2Context, 'operations'>): Said {
  const userData = operations.templateUserDataOf(version)
  return { ...saidIn(version.wish.data), ...(userData === null ? {} : { UserData: userData }) }
}
