/** Categories of the OCCI core model (GFD.221 §4): kinds, mixins and actions as values. */
import type { ImageId, MixinId } from '../../model/ids'
import type { PoolId } from '../../model/records'

export type Scalar = string | number | boolean

/** An attribute as a category defines it (GFD.226 §5.6). */
export interface AttributeDefinition {
  readonly name: string
  /** The value of an array is its JSON text. */
  readonly type: 'string' | 'number' | 'boolean' | 'array'
  readonly mutable: boolean
  readonly required: boolean
  readonly description: string | null
  readonly default: Scalar | null
  /** A whole number: text renderings write other numbers with a point (`1.0`). */
  readonly integer: boolean
  /** What is wrong with a value of the right type, or null. Made from `pattern`. */
  readonly check: (value: Scalar) => string | null
}

export type Definitions = ReadonlyMap<string, AttributeDefinition>

interface Named {
  /** The type identifier: scheme + term. */
  readonly id: string
  readonly term: string
  readonly scheme: string
  readonly title: string | null
}

export interface KindCategory extends Named {
  readonly class: 'kind'
  readonly parent: string | null
  /** Inherited ones first. */
  readonly attributes: Definitions
  readonly actions: readonly string[]
  /** Path of its collection; null for core#entity alone. */
  readonly location: string | null
}

/** What a template stands for in an order. */
export type Gives =
  | { readonly what: 'image'; readonly id: ImageId }
  | { readonly what: 'type'; readonly name: string }
  | { readonly what: 'sizes'; readonly cores: number; readonly memoryMiB: number }
  | { readonly what: 'pool'; readonly id: PoolId }
  | { readonly what: 'zone'; readonly name: string }

export interface MixinCategory extends Named {
  readonly class: 'mixin'
  readonly depends: readonly string[]
  /** Kinds that it may be put on; empty: any. */
  readonly applies: readonly string[]
  readonly attributes: Definitions
  readonly actions: readonly string[]
  readonly location: string
  /** Set for templates only. */
  readonly gives: Gives | null
  /** Set for those that a user of the project made, and for the operator's tags. */
  readonly own: MixinId | null
}

export interface ActionCategory extends Named {
  readonly class: 'action'
  readonly attributes: Definitions
}

export type Category = KindCategory | MixinCategory | ActionCategory
