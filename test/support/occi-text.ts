/** Speaking to the OCCI front in lines of text, and what its answers are compared with. */
import type { Test } from 'supertest'
import { type Ask, BASE } from './occi-app'
import { type Answered, expectAnswer } from './occi-golden'

/** Each rendering beside the suffix of its golden files. */
export const RENDERINGS = [
  ['text/plain', 'txt'],
  ['text/occi', 'occi'],
  ['application/occi+json', 'json'],
  ['text/uri-list', 'uri'],
] as const

export const attribute = (name: string, value: string | number): string =>
  `X-OCCI-Attribute: ${name}=${JSON.stringify(value)}`

/** Where it was made. Throws what was answered where it was not. */
export const pathOf = ({ status, headers, body }: Answered): string => {
  if (status !== 201) throw new Error(`${status} ${String(body)}`)
  return String(headers.location).slice(BASE.length)
}

const DRAWN = {
  ids: [/\b(sg|subnet|vol)-[0-9a-f]{17}/g, '$1-00000000000000009'],
  macs: [/02(?::[0-9a-f]{2}){5}/g, '02:00:00:00:00:09'],
  /** Ids of links are made of those of their ends. */
  links: [/[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '99999999-0000-8000-8000-000000000009'],
} as const

/** Compares with golden files; what is drawn in each run anew takes one value. */
export const goldenBut =
  (...drawn: readonly (keyof typeof DRAWN)[]) =>
  (name: string, answered: Answered): void =>
    expectAnswer(name, answered, (text) =>
      drawn.reduce((all, one) => {
        const [pattern, same] = DRAWN[one]
        return all.replace(pattern, same)
      }, text),
    )

interface TextClient {
  send(method: 'post' | 'put', path: string, ...lines: readonly string[]): Test
  /** The body of what is shown there, as text/plain. */
  text(path: string): Promise<string>
  /** What is shown there, in JSON. */
  shown(path: string): Promise<{ mixins: string[]; attributes: Record<string, unknown> }>
}

/** `ask` is called anew for each request, for the front may be another in each test. */
export const inText = (ask: () => Ask): TextClient => ({
  send: (method, path, ...lines) => ask()(method, path).set('Content-Type', 'text/plain').send(lines.join('\n')),
  text: async (path) => String((await ask()('get', path).set('Accept', 'text/plain')).body),
  shown: async (path) => JSON.parse((await ask()('get', path).set('Accept', 'application/json')).body),
})
