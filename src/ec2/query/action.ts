/**
 * What an action of STS or IAM is here. Both speak the plain Query protocol (flat parameters, `<ActionResult>`, lists of `<member>`),
 * and the few actions that clients of a cloud need take nothing but scalars; so an action names its parameters and its answer is a
 * tree. The names are those of the services' models (STS 2011-06-15, IAM 2010-05-08); real clients read the answers in tests.
 */
import type { Caller } from '../../operations/context'
import type { Operations } from '../../operations/operations'

/** A value of an answer: left out when undefined; a list is one of `<member>`. */
export type Shown = string | number | boolean | Date | undefined | ShownTree | readonly ShownTree[] | readonly string[]
export interface ShownTree {
  readonly [name: string]: Shown
}

export interface QueryContext {
  readonly operations: Operations
  readonly caller: Caller
}

/** What becomes of a parameter: read, or refused by name because leaving it out would change what the caller gets. */
export type QueryUse = 'honoured' | 'refused'

export interface QueryAction {
  readonly service: 'sts' | 'iam'
  readonly name: string
  readonly uses: Readonly<Record<string, QueryUse>>
  /** Null: an answer without a result. `input` holds the parameters that came, by name. */
  run(input: QueryInput, context: QueryContext): Promise<ShownTree | null>
}

export interface QueryInput {
  /** The value of a parameter; undefined for one that did not come or is empty. */
  get(name: string): string | undefined
  /** Fault: 'missing'. */
  required(name: string): string
  /** Fault: 'invalid' for what is no whole number from `least` to `most`. */
  whole(name: string, least: number, most: number): number | undefined
}

/** Who asks, as AWS names them. */
export const arnOf = ({ account, userName }: Caller): string => `arn:aws:iam::${account}:user/${userName}`
