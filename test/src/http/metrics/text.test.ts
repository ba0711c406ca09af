import fc from 'fast-check'
import { exposition, type Family } from '../../../../src/http/metrics/text'

/** Reads the format as Prometheus does (text format 0.0.4): the escapes `\\`, `\n` and, in labels, `\"`. */
function read(text: string): readonly Family[] {
  const families: { name: string; type: Family['type']; help: string; samples: Family['samples'][number][] }[] = []
  if (text === '') return families
  expect(text.endsWith('\n')).toBe(true)
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP (\S+) (.*)$/s.exec(line)
    const type = /^# TYPE (\S+) (counter|gauge)$/.exec(line)
    const last = families.at(-1)
    if (help) families.push({ name: help[1] ?? '', type: 'gauge', help: plain(help[2] ?? ''), samples: [] })
    else if (type && last) last.type = type[2] as Family['type']
    else last?.samples.push(sample(line, last.name))
  }
  return families
}

const plain = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_all, letter: string) => (letter === 'n' ? '\n' : letter))

function sample(line: string, name: string): Family['samples'][number] {
  expect(line.startsWith(name)).toBe(true)
  const rest = line.slice(name.length)
  const labels: Record<string, string> = {}
  let at = 0
  if (rest[0] === '{') {
    at = 1
    while (rest[at] !== '}') {
      const found = /^,?([a-z_]+)="((?:[^"\\]|\\.)*)"/s.exec(rest.slice(at))
      if (!found) throw new Error(`no label at ${rest.slice(at)}`)
      labels[found[1] ?? ''] = plain(found[2] ?? '')
      at += found[0].length
    }
    at += 1
  }
  expect(rest[at]).toBe(' ')
  const value = rest.slice(at + 1)
  return { labels, value: value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value) }
}

const name = fc.stringMatching(/^[a-z][a-z_]{0,12}$/)
// Prometheus' lines end with \n alone; a lone \r is a character like others.
const words = fc.oneof(fc.string(), fc.constantFrom('\\', '"', '\n', '\\n', '\\"', '}', '{', 'a="b"', 'ü', '\r', ' '))
const family = fc.record({
  name,
  type: fc.constantFrom('counter' as const, 'gauge' as const),
  help: words.filter((help) => help !== ''),
  samples: fc.array(
    fc.record({
      labels: fc.dictionary(name, words, { maxKeys: 3, noNullPrototype: true }),
      value: fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Infinity, -Infinity, 0, 1e21, 1e-9)),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

test('what is written is read as it was, whatever stands in labels', () => {
  fc.assert(
    fc.property(fc.array(family, { maxLength: 4 }), (families) => {
      const plus0 = (value: number): number => (value === 0 ? 0 : value)
      const wanted = families.map(({ samples, ...rest }) => ({
        ...rest,
        samples: samples.map(({ labels, value }) => ({ labels, value: plus0(value) })),
      }))
      expect(read(exposition(families))).toEqual(wanted)
    }),
  )
})

test('as it stands in the format’s own description', () => {
  const text = exposition([
    {
      ...{ name: 'msdos_file_access_time_seconds', type: 'gauge', help: 'a \\ and\na second line' },
      samples: [
        { labels: { path: 'C:\\DIR\\FILE.TXT', error: 'Cannot find file:\n"FILE.TXT"' }, value: 1.458255915e9 },
        { labels: {}, value: Number.POSITIVE_INFINITY },
      ],
    },
    { name: 'nothing_known', type: 'counter', help: 'left out', samples: [] },
  ])
  expect(text).toBe(
    [
      '# HELP msdos_file_access_time_seconds a \\\\ and\\na second line',
      '# TYPE msdos_file_access_time_seconds gauge',
      'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1458255915',
      'msdos_file_access_time_seconds +Inf',
      '',
    ].join('\n'),
  )
})
