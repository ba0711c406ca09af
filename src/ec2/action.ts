/**
 * What an EC2 action is here: what becomes of each of its parameters, and the deed. The types are the SDK's (types only: the
 * SDK is never loaded at run time), so a parameter that is forgotten or an answer's member that does not exist is a compile error.
 */
import type * as sdk from '@aws-sdk/client-ec2'
import { fault } from '../faults'
import type { Caller } from '../operations/context'
import type { Operations } from '../operations/operations'
import { memberKey } from './codec/table'

type Sdk = typeof sdk
type Commands = { [Name in keyof Sdk as Name extends `${infer Action}Command` ? Action : never]: Sdk[Name] }
export type ActionName = keyof Commands

type Io<A extends ActionName> =
  InstanceType<Commands[A]> extends sdk.$Command<infer In, infer Out, infer _Config, infer _BaseIn, infer _BaseOut>
    ? { readonly in: In; readonly out: Out }
    : never
export type Input<A extends ActionName> = Readonly<NonNullable<Io<A>['in']>>
export type Output<A extends ActionName> = Omit<Io<A>['out'], '$metadata'>

/** Everything an action is given beside its input. */
export interface Ec2Context {
  readonly operations: Operations
  readonly caller: Caller
  readonly region: string
  /** Host and port by which the client reached us. */
  readonly endpoint: string
}

/**
 * What becomes of a parameter. `honoured`: it does what EC2 says. `ignored`: accepted, and true whatever it says. `refused`:
 * known to EC2, not to us: refused by name, because leaving it out would change what the caller gets. `accepts`: refused
 * unless its value asks for what is done anyway.
 */
export type Use<Value> =
  | 'honoured'
  | 'ignored'
  | 'refused'
  | { readonly accepts: (value: Value) => boolean; readonly only: string }

/** DryRun is honoured by every action; see dispatch.ts. */
export type Uses<A extends ActionName> = {
  readonly [P in Exclude<keyof Input<A>, 'DryRun'>]-?: Use<NonNullable<Input<A>[P]>>
}

/** An action with its types hidden, as the list of all actions has them. */
export interface AnyAction {
  readonly name: ActionName
  readonly uses: Readonly<Record<string, Use<never>>>
  run(input: Readonly<Record<string, unknown>>, context: Ec2Context): Promise<unknown>
}

/** Defines an action; written as `action('StartInstances', { InstanceIds: 'honoured', … }, async (input, context) => …)`. */
export const action = <A extends ActionName>(
  name: A,
  uses: Uses<A>,
  run: (input: Input<A>, context: Ec2Context) => Promise<Output<A>>,
): AnyAction => ({
  name,
  uses: uses as Readonly<Record<string, Use<never>>>,
  // The codec has read the input by the shape of this very action.
  run: (input, context) => run(input as unknown as Input<A>, context),
})

/** Refuses, by its wire name, the first parameter that this gateway does not do ('unsupported'). */
export function refuseUnsupported(wanted: AnyAction, input: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(input))
    refuseUnused(wanted.uses[name] ?? 'honoured', value, memberKey(wanted.name, name))
}

/** Refuses a value of a parameter that is not used so ('unsupported'). */
export function refuseUnused(use: Use<never>, value: unknown, field: string): void {
  if (use === 'honoured' || use === 'ignored') return
  if (use === 'refused')
    throw fault('unsupported', `The parameter ${field} is not supported by this gateway`, { field })
  if (!use.accepts(value as never))
    throw fault('unsupported', `The parameter ${field} is supported only as: ${use.only}`, { field })
}
