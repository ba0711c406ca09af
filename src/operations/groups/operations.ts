/** What a caller may do with security groups: part of `Operations`. */
import type { ComputeId, SecurityGroupId } from '../../model/ids'
import type { ComputeRecord, RuleSpec, SecurityGroupRecord } from '../../model/records'
import type { Caller } from '../context'
import type { NewRule, RuleChoice } from './change-rules'

/** What becomes of the rules of a group. */
export type RuleOrder =
  | { readonly how: 'add'; readonly rules: readonly NewRule[] }
  | { readonly how: 'remove'; readonly direction: RuleSpec['direction']; readonly choice: RuleChoice }
  | {
      readonly how: 'replace'
      readonly rules: readonly { readonly rule: string; readonly by: Omit<NewRule, 'direction' | 'tags'> }[]
    }
  | {
      readonly how: 'describe'
      readonly direction: RuleSpec['direction']
      readonly described: readonly { readonly choice: RuleChoice; readonly description: string | null }[]
    }
  /** These and no others (OCCI). */
  | { readonly how: 'exactly'; readonly rules: readonly NewRule[] }

export interface GroupOperations {
  /** The project's, `default` first, then in order of creation. */
  listGroups(caller: Caller): Promise<readonly SecurityGroupRecord[]>
  /** Without a round trip, for renderings; `default` too. */
  groupsOf(record: ComputeRecord): readonly SecurityGroupRecord[]
  /** 'exists' for a taken name, 'quota'; 'unsupported' where no host of the site can filter traffic. */
  createGroup(
    caller: Caller,
    order: {
      readonly name: string
      readonly description: string
      readonly tags?: Readonly<Record<string, string>>
      readonly rules?: readonly NewRule[]
      readonly id?: SecurityGroupId
      readonly dryRun?: boolean
    },
  ): Promise<SecurityGroupRecord>
  /** All or nothing; groups that name each other go together. 'in-use' naming who has it, 'immutable' for `default`. */
  deleteGroups(
    caller: Caller,
    order: { readonly ids: readonly SecurityGroupId[]; readonly dryRun?: boolean },
  ): Promise<void>
  /** The group before and after. 'exists', 'not-found', 'invalid', 'quota'; 'unsupported' where no host can filter traffic. */
  changeRules(
    caller: Caller,
    order: { readonly id: SecurityGroupId; readonly change: RuleOrder; readonly dryRun?: boolean },
  ): Promise<{ readonly before: SecurityGroupRecord; readonly after: SecurityGroupRecord }>
  /** Groups of a machine's interfaces, in every state but deleted: these and no others, or these too, or these not. At least one of each ('state'). */
  setGroups(
    caller: Caller,
    order: {
      readonly id: ComputeId
      readonly groups: readonly SecurityGroupId[]
      readonly how?: 'exactly' | 'add' | 'remove'
      readonly dryRun?: boolean
    },
  ): Promise<ComputeRecord>
}
