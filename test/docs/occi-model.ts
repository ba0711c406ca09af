/** The part of docs/occi.md that is made from occi-schemas/: every kind, mixin and action with its attributes. */
import { openModel } from '../../src/occi/model'
import type { AttributeDefinition, Category, Definitions } from '../../src/occi/model/category'

export const BEGIN = '<!-- made from occi-schemas/ by UPDATE_GOLDEN=1 npx jest test/docs/occi.test.ts -->'
export const END = '<!-- end of what is made -->'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const attributeRow = ({ name, type, mutable, required, default: value, description }: AttributeDefinition): string => {
  const rules = [mutable ? '' : 'the server’s', required ? 'required' : '', value === null ? '' : `default ${value}`]
  return `| \`${name}\` | ${type} | ${rules.filter(Boolean).join(', ')} | ${cell(description ?? '')} |`
}

const attributeTable = (all: Definitions): readonly string[] =>
  all.size === 0
    ? ['No attributes.']
    : ['| attribute of it | type | rules | what it is |', '|---|---|---|---|', ...[...all.values()].map(attributeRow)]

const section = (one: Category, more: readonly string[]): readonly string[] => [
  `### ${one.class} \`${one.id}\``,
  '',
  ...more.flatMap((line) => [line, '']),
  ...attributeTable(one.attributes),
  '',
]

const listed = (word: string, ids: readonly string[]): readonly string[] =>
  ids.length === 0 ? [] : [`${word} ${ids.map((id) => `\`${id}\``).join(', ')}.`]

/** As the gateway announces them. */
export function modelPart(): string {
  const { kinds, mixins, actions } = openModel().announced
  return [
    BEGIN,
    '',
    ...kinds.flatMap((one) =>
      section(one, [
        ...(one.location === null ? [] : [`At \`${one.location}\`.`]),
        ...listed('Child of', one.parent === null ? [] : [one.parent]),
        ...listed('Actions', one.actions),
      ]),
    ),
    ...mixins.flatMap((one) =>
      section(one, [
        `At \`${one.location}\`.`,
        ...listed('Depends on', one.depends),
        ...listed('Applies to', one.applies),
      ]),
    ),
    ...actions.flatMap((one) => section(one, [])),
    END,
  ].join('\n')
}
