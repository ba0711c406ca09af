/**
 * Every exchange of fixtures/occi-examples.txt, sent as it stands; each line that it shows of an answer must be in ours
 * once ids, hosts and templates are mapped. An answer may hold more: further attributes, actions, categories.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StorageId } from '../../../src/model/ids'
import { ann } from '../../support/callers'
import { type OcciApp, occiApp } from '../../support/occi-app'

interface Example {
  readonly name: string
  readonly request: readonly string[]
  readonly answer: readonly string[]
}

function readExamples(): readonly Example[] {
  const text = readFileSync(join(__dirname, '../../fixtures/occi-examples.txt'), 'utf8')
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [name = '', ...lines] = part.split('\n')
      const at = lines.findIndex((line) => line.startsWith('<'))
      const answer = lines.slice(at).filter((line) => line.startsWith('<'))
      return { name, request: lines.slice(0, at), answer: answer.map((line) => line.replace(/^< ?/, '')) }
    })
}

const examples = readExamples()
/** What a name in braces stands for here; what a line of an answer names first is bound by it. */
const names = new Map<string, string>()
let app: OcciApp

const mapped = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => names.get(name) ?? whole)

beforeAll(async () => {
  app = occiApp({ publicUrl: 'https://cloud.example.org' })
  const model = JSON.parse((await app.ask('get', '/-/').set('Accept', 'application/json')).body)
  const first = (of: string) =>
    model.mixins.find(({ depends }: { depends?: string[] }) => depends?.some((one) => one.endsWith(`#${of}`)))
  const image = first('os_tpl')
  // As large as the one in the examples.
  const size = model.mixins.find(
    ({ attributes }: { attributes?: Record<string, { default?: number }> }) =>
      attributes?.['occi.compute.cores']?.default === 1 && attributes['occi.compute.memory']?.default === 1,
  )
  const storages = [31, 32].map(() => app.operations.createStorage(ann, { sizeGiB: 1 }))
  const [one, two] = (await Promise.all(storages)).map(({ id }): StorageId => id)
  for (const [name, value] of Object.entries({
    os_tpl: image.term,
    os_scheme: image.scheme,
    os_title: image.title,
    size: size.term,
    size_scheme: size.scheme,
    network: app.operations.defaults().network?.id,
    storage: one,
    storage2: two,
  }))
    names.set(name, String(value))
})

async function sent({ request }: Example) {
  const [line = '', ...rest] = request.map(mapped)
  const [, method = '', path = ''] = /^(\w+) (\S+) HTTP/.exec(line) ?? []
  const blank = rest.indexOf('')
  const asked = app.ask(method.toLowerCase() as 'get', path)
  for (const header of blank < 0 ? rest : rest.slice(0, blank)) {
    const [, name = '', value = ''] = /^([\w-]+): (.*)$/.exec(header) ?? []
    asked.set(name, value)
  }
  const body =
    blank < 0
      ? ''
      : rest
          .slice(blank + 1)
          .join('\n')
          .trim()
  return body === '' ? asked : asked.send(body)
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Whether a line is the one that is shown; a name that stands for nothing yet is bound by the line. */
function fits(shown: string, line: string): boolean {
  const unbound: string[] = []
  const pattern = escaped(mapped(shown)).replace(/\\\{(\w+)\\\}/g, (_whole, name: string) => {
    const before = unbound.indexOf(name)
    if (before >= 0) return `\\${before + 1}`
    unbound.push(name)
    return '([\\w.:-]+)'
  })
  const found = new RegExp(`^${pattern}$`).exec(line)
  if (found !== null) for (const [at, name] of unbound.entries()) names.set(name, found[at + 1] ?? '')
  return found !== null
}

/** Lists in a category or a link: what is shown must be among what is there. Titles may be left out of an entity (§8). */
function holds(shown: string, lines: readonly string[]): boolean {
  if (lines.some((line) => fits(shown, line))) return true
  const [head = '', ...parameters] = split(shown)
  return lines.some((line) => {
    const [start = '', ...has] = split(line)
    return fits(head, start) && parameters.every((one) => parameterIn(one, has))
  })
}
const split = (line: string): readonly string[] => line.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)

function parameterIn(shown: string, has: readonly string[]): boolean {
  if (has.some((one) => fits(shown, one))) return true
  const [, name = '', list = ''] = /^(attributes|actions)="(.*)"$/.exec(shown) ?? []
  if (name === '') return shown.startsWith('title=') && !has.some((one) => one.startsWith('title='))
  const ours = /^\w+="(.*)"$/.exec(has.find((one) => one.startsWith(`${name}=`)) ?? '')?.[1]?.split(' ') ?? []
  return list.split(' ').every((one) => ours.includes(one))
}

/** A JSON value that shows: objects hold at least its members, arrays at least its elements. */
function holdsJson(shown: unknown, has: unknown): boolean {
  if (Array.isArray(shown))
    return Array.isArray(has) && shown.every((one) => has.some((other) => holdsJson(one, other)))
  if (typeof shown === 'object' && shown !== null)
    return (
      typeof has === 'object' &&
      has !== null &&
      Object.entries(shown).every(([name, value]) => {
        const ours = (has as Record<string, unknown>)[name]
        // Free text (GFD.226 §5.6), where ours says more.
        return name === 'description' ? String(ours).startsWith(String(value)) : holdsJson(value, ours)
      })
    )
  return typeof shown === 'string' && typeof has === 'string' ? fits(shown, has) : shown === has
}

test('all sections of the reference’s examples are here', () => {
  const sections = new Set(examples.map(({ name }) => name.split(' ')[0]))
  expect([...sections]).toEqual(['12.1', '12.2', '12.3', '12.4', '12.5', '12.6', '12.7'])
  expect(examples.every(({ answer }) => answer[0]?.startsWith('HTTP/1.1 '))).toBe(true)
})

// One session: what an exchange makes, a later one names.
test.each(examples)('$name', async (example) => {
  const { status, headers, body } = await sent(example)
  const [first = '', ...lines] = example.answer
  expect(status).toBe(Number(first.split(' ')[1]))
  const blank = lines.includes('') ? lines.indexOf('') : lines.length
  for (const line of lines.slice(0, blank)) {
    const [, name = '', value = ''] = /^([\w-]+): (.*)$/.exec(line) ?? []
    const ours = String(headers[name.toLowerCase()])
    // The product's own name is no part of the example.
    if (name === 'Server') expect(ours).toMatch(/^\S+\/\S+ OCCI\/1\.2 OCCI\/1\.1$/)
    else expect([name, ours, fits(value, ours)]).toEqual([name, ours, true])
  }
  const shown = lines.slice(blank + 1)
  const has = String(body)
  if (shown[0] === '{') expect(holdsJson(JSON.parse(shown.join('\n')), JSON.parse(has)) || has).toBe(true)
  else for (const line of shown) expect([line, holds(line, has.split('\n')) || has]).toEqual([line, true])
})

test('the body of a 201 in text/plain ends with the id, no newline behind it', async () => {
  const creation = examples.find(({ name }) => name === '12.2 create a compute')
  if (creation === undefined) throw new Error('it is there')
  expect((await sent(creation)).body).toMatch(/[0-9a-f]$/)
})
