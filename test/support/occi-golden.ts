/** An answer of the OCCI front as a golden file: status, the headers that renderings write, the body. */
import { expectGolden } from './golden'

export interface Answered {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: unknown
}

const HEADERS = ['location', 'category', 'link', 'x-occi-attribute', 'x-occi-location', 'content-type']

/** JSON is indented; `scrub` replaces what is drawn. */
export function expectAnswer(name: string, { status, headers, body }: Answered, scrub = (text: string) => text): void {
  const shown = HEADERS.flatMap((header) => (headers[header] === undefined ? [] : [`${header}: ${headers[header]}`]))
  const isJson = headers['content-type']?.includes('json')
  const written = isJson ? `${JSON.stringify(JSON.parse(String(body)), null, 2)}\n` : String(body)
  expectGolden(`occi/${name}`, scrub(`${status}\n${shown.join('\n')}\n\n${written}`))
}
