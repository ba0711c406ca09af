/** What a comment cites can be found: a section is one of a published document, a page is one of this repository. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..')

/** Those whose sections are cited by number. Clients and services are cited by name and version, without a section. */
const PUBLISHED = ['GFD\\.\\d+', 'RFC \\d+', 'OpenID Connect (?:Core|Discovery) 1\\.0', 'Fetch standard']

const CITATION = new RegExp(`(?:${PUBLISHED.join('|')}) §[0-9.]+(?:(?:,| and) §[0-9.]+)*`, 'g')

const SOURCES = ['src', 'workers', 'bin', 'scripts'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)),
)

/** With comments' lines joined, since a citation may be broken over two. */
const textOf = (path: string): string =>
  readFileSync(join(ROOT, path), 'utf8').replaceAll(/\s*\n\s*(?:\*|\/\/|--|#)?\s*/g, ' ')

test('every section that is cited is one of a published document', () => {
  const unknown = SOURCES.flatMap((path) =>
    [
      ...textOf(path)
        .replaceAll(CITATION, '')
        .matchAll(/.{0,40}§.{0,10}/g),
    ].map(([near]) => `${path}: ${near}`),
  )
  expect(unknown).toEqual([])
})

test('every page that is cited is in the repository', () => {
  const pages = new Set([
    ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
    ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
    'test/lab/xen/README.md',
  ])
  const missing = SOURCES.flatMap((path) =>
    [...textOf(path).matchAll(/[\w./-]+\.md\b/gi)]
      .map(([page]) => page)
      .filter((page) => !pages.has(page))
      .map((page) => `${path}: ${page}`),
  )
  expect(missing).toEqual([])
})
