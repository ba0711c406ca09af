/** Reads the files of occi-schemas/ (or of an operator's folder): JSON, then a JSON Schema. What is refused is named: file, key, reason. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { type Fault, fault } from '../../faults'
import type { RawDefinition } from './attribute-definition'

interface RawNamed {
  readonly term: string
  readonly scheme: string
  readonly title?: string
  readonly attributes?: Readonly<Record<string, RawDefinition>>
}
export interface RawKind extends RawNamed {
  readonly parent?: string
  readonly location?: string
  readonly actions?: readonly string[]
}
export interface RawMixin extends RawNamed {
  readonly location: string
  readonly depends?: readonly string[]
  readonly applies?: readonly string[]
  readonly actions?: readonly string[]
}
export type RawAction = RawNamed

/** A category and where it was found, for messages: file and key (`mixins[0]`). */
export interface Found<T> {
  readonly file: string
  readonly key: string
  readonly raw: T
}
export interface FoundCategories {
  readonly kinds: readonly Found<RawKind>[]
  readonly mixins: readonly Found<RawMixin>[]
  readonly actions: readonly Found<RawAction>[]
}
interface CategoryFile {
  readonly kinds?: readonly RawKind[]
  readonly mixins?: readonly RawMixin[]
  readonly actions?: readonly RawAction[]
}

/** The folder that ships with us: beside `src/` in a checkout, beside `dist/` once built. */
export function ownFolder(): string {
  const found = ['../../..', '../../../..'].map((up) => join(__dirname, up, 'occi-schemas')).find(existsSync)
  if (found === undefined) throw fault('internal', 'the folder occi-schemas is not there: the installation is broken')
  return found
}

/** A refusal of one file at start. */
export const badFile = (file: string, key: string, reason: string): Fault =>
  fault('invalid', `${file}: ${key === '' ? '' : `${key}: `}${reason}`, { field: key })

/** Every `*.json` of a folder, in order of name. Throws 'invalid' with file, key and reason. */
export function readCategoryFiles(folder: string): FoundCategories {
  const validate = validator()
  const files = namesIn(folder).map((name) => {
    const file = join(folder, name)
    return { file, content: readOne(file, validate) }
  })
  const of = <T>(member: 'kinds' | 'mixins' | 'actions', pick: (content: CategoryFile) => readonly T[] | undefined) =>
    files.flatMap(({ file, content }) =>
      (pick(content) ?? []).map((raw, index): Found<T> => ({ file, key: `${member}[${index}]`, raw })),
    )
  return {
    kinds: of('kinds', (content) => content.kinds),
    mixins: of('mixins', (content) => content.mixins),
    actions: of('actions', (content) => content.actions),
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch (cause) {
    throw fault('invalid', `the folder ${folder} of OCCI mixins cannot be read`, { cause })
  }
}

function validator(): ValidateFunction<CategoryFile> {
  const schema: unknown = JSON.parse(readFileSync(join(ownFolder(), 'schema', 'categories.json'), 'utf8'))
  return new Ajv({ strict: true, allowUnionTypes: true }).compile<CategoryFile>(schema as object)
}

function readOne(file: string, validate: ValidateFunction<CategoryFile>): CategoryFile {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw badFile(file, '', cause instanceof Error ? cause.message : 'cannot be read')
  }
  if (validate(content)) return content
  const error = validate.errors?.[0]
  throw badFile(file, keyOf(error), reasonOf(error))
}

/** `/mixins/0/attributes/occi.x~1y` as `mixins[0].attributes.occi.x/y`. */
const keyOf = (error: ErrorObject | undefined): string =>
  (error?.instancePath ?? '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')

function reasonOf(error: ErrorObject | undefined): string {
  if (error?.keyword === 'additionalProperties')
    return `there is no member ${String(error.params.additionalProperty)} in a category`
  if (error?.propertyName !== undefined) return `the name ${error.propertyName} ${error.message ?? 'is not allowed'}`
  return error?.message ?? 'is not what a category looks like'
}
