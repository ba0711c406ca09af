/** The answer of an action of STS or IAM as XML. */
import { element, escapeXml, XML_DECLARATION } from '../codec'
import type { Shown, ShownTree } from './action'
import type { QueryService } from './services'

/** `<NameResponse><NameResult>…</NameResult><ResponseMetadata>…`; without a result where there is none to tell. */
export function writeQueryAnswer(
  service: QueryService,
  action: string,
  result: ShownTree | null,
  requestId: string,
): string {
  const told = result === null ? '' : element(`${action}Result`, members(result))
  const metadata = element('ResponseMetadata', element('RequestId', escapeXml(requestId)))
  return `${XML_DECLARATION}<${action}Response xmlns="${service.namespace}">${told}${metadata}</${action}Response>`
}

const members = (tree: ShownTree): string =>
  Object.entries(tree)
    .map(([name, value]) => (value === undefined ? '' : element(name, inner(value))))
    .join('')

function inner(value: Exclude<Shown, undefined>): string {
  if (isList(value)) return value.map((item) => element('member', inner(item))).join('')
  if (value instanceof Date) return value.toISOString().replace(/\.\d{3}Z$/, 'Z')
  return typeof value === 'object' ? members(value) : escapeXml(String(value))
}

type List = Extract<Shown, readonly unknown[]>
// Array.isArray does not tell a readonly array from the other values.
const isList = (value: Shown): value is List => Array.isArray(value)
