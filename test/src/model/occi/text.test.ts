import { Fault } from '../../../../src/faults'
import { parseHeaders, parseTextPlain } from '../../../../src/model/occi/text'
import { cpuMs } from '../../../support/cpu-ms'

const COMPUTE = 'http://schemas.ogf.org/occi/infrastructure#compute'

const refusal = (read: () => unknown): Fault => {
  try {
    read()
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw thrown
  }
  throw new Error('nothing was refused')
}

describe('categories', () => {
  test.each([
    [
      'as the grammar has it',
      'Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind"',
      'kind',
    ],
    [
      'blanks around everything',
      'Category :  compute ; scheme = "http://schemas.ogf.org/occi/infrastructure#" ; class = "kind" ',
      'kind',
    ],
    [
      'class without quotes',
      'Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#";class=kind',
      'kind',
    ],
    ['no class', 'Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#"', null],
    ['single quotes', "Category: compute;scheme='http://schemas.ogf.org/occi/infrastructure#';class='kind'", 'kind'],
    [
      'the term in the scheme',
      'Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#compute";class="kind"',
      'kind',
    ],
    ['a scheme without #', 'Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure"', null],
    [
      'a semicolon at the end',
      'Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind";',
      'kind',
    ],
    [
      'a field name in lower case',
      'category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind"',
      'kind',
    ],
    [
      'the X- form',
      'X-OCCI-Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind"',
      'kind',
    ],
    [
      'everything a model has',
      'Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind";title="A; \\"B\\", C";rel="http://schemas.ogf.org/occi/core#resource";location="/compute/";attributes="occi.core.id{immutable} occi.core.title";actions="a#b c#d"',
      'kind',
    ],
  ])('%s', (_name, line, ofClass) => {
    expect(parseTextPlain(line).categories).toMatchObject([{ id: COMPUTE, class: ofClass }])
  })

  test('several in one line, in several lines, and with empty values between commas are the same', () => {
    const one = 'compute;scheme="http://a.example/x#";class="kind"'
    const other = 'small;scheme="http://a.example/y#";class="mixin"'
    const expected = ['http://a.example/x#compute', 'http://a.example/y#small']
    const ids = (text: string) => parseTextPlain(text).categories.map(({ id }) => id)
    expect(ids(`Category: ${one}, ${other}`)).toEqual(expected)
    expect(ids(`Category: ${one},,${other};,`)).toEqual(expected)
    expect(ids(`Category: ${one}\r\n\r\nCategory: ${other}\n`)).toEqual(expected)
  })
})

describe('attributes', () => {
  test.each([
    ['x="a"', 'a'],
    ['x=""', ''],
    ['x="a, b; c=d"', 'a, b; c=d'],
    ['x="say \\"hi\\""', 'say "hi"'],
    ['x="back\\\\slash"', 'back\\slash'],
    ['x="\\a\\b"', 'ab'],
    ['x="Grüße ☃"', 'Grüße ☃'],
    ['x=2', 2],
    ['x=1.5', 1.5],
    ['x=-3', -3],
    ['x=1e3', 1000],
    ['x=.5', 0.5],
    ['x = 4 ;', 4],
    ['x=true', true],
    ['x=false', false],
    ['x=graceful', 'graceful'],
    ['x=10.0.0.7', '10.0.0.7'],
    ['x=/dev/vdb', undefined],
  ])('%s', (text, value) => {
    const read = () => parseTextPlain(`X-OCCI-Attribute: ${text}`).attributes.map((one) => one.value)
    if (value === undefined) expect(refusal(read).kind).toBe('malformed')
    else expect(read()).toEqual([value])
  })

  test('a comma inside quotes does not divide, one outside does', () => {
    const { attributes } = parseTextPlain('X-OCCI-Attribute: a="1, b=2", c=3,d="4"')
    expect(attributes.map(({ name, value }) => [name, value])).toEqual([
      ['a', '1, b=2'],
      ['c', 3],
      ['d', '4'],
    ])
  })
})

test('a link with attributes of its own; self and unknown order do not matter', () => {
  const { links } = parseTextPlain(
    'Link: </network/10>; category="http://a#nic http://b#ip"; rel="http://a#network"; self="/x/1"; occi.networkinterface.mac="52:54:00:12:34:56";n=1',
  )
  expect(links).toMatchObject([
    {
      target: '/network/10',
      rel: ['http://a#network'],
      category: ['http://a#nic', 'http://b#ip'],
      attributes: [
        { name: 'occi.networkinterface.mac', value: '52:54:00:12:34:56' },
        { name: 'n', value: 1 },
      ],
    },
  ])
})

test('locations, one or several to a line', () => {
  const text = 'X-OCCI-Location: http://a.example/compute/1, http://a.example/compute/2\nX-OCCI-Location: /compute/3'
  expect(parseTextPlain(text).locations).toEqual([
    'http://a.example/compute/1',
    'http://a.example/compute/2',
    '/compute/3',
  ])
})

describe('what cannot be read is named by line, column and field', () => {
  test.each([
    ['nonsense', 1, 1, undefined],
    ['\n\nFoo: bar', 3, 1, undefined],
    ['Category: ', 1, 11, 'Category'],
    ['Category: compute', 1, 18, 'Category'],
    ['Category: compute;class="kind"', 1, 31, 'Category'],
    ['Category: compute;scheme="http://a#', 1, 26, 'Category'],
    ['Category: compute;scheme="http://a#";class="sort"', 1, 50, 'Category'],
    ['Category: ;scheme="http://a#"', 1, 11, 'Category'],
    ['X-OCCI-Attribute: a=1\nX-OCCI-Attribute: b="2', 2, 21, 'X-OCCI-Attribute'],
    ['X-OCCI-Attribute: =1', 1, 19, 'X-OCCI-Attribute'],
    ['X-OCCI-Attribute: a=1 b=2', 1, 23, 'X-OCCI-Attribute'],
    ['Link: /network/1;rel="x"', 1, 7, 'Link'],
    ['Link: </network/1>', 1, 19, 'Link'],
    ['X-OCCI-Location: <x>', 1, 18, 'X-OCCI-Location'],
  ])('%j', (text, line, column, field) => {
    const { kind, detail, message } = refusal(() => parseTextPlain(text))
    expect({ kind, ...detail }).toEqual({ kind: 'malformed', position: { line, column }, ...(field ? { field } : {}) })
    expect(message).toContain(`line ${line}, column ${column}`)
  })

  test('a refusal shows one character of what was sent: the rest may be a key', () => {
    const { message } = refusal(() => parseTextPlain('X-OCCI-Attribute: k=ssh-rsa AAAAB3NzaSECRET'))
    expect(message).not.toContain('AAAAB')
  })
})

describe('limits', () => {
  test('a thousand values of a sort, not one more', () => {
    const many = (count: number) => `X-OCCI-Attribute: ${Array.from({ length: count }, (_, n) => `a${n}=1`).join(',')}`
    expect(parseTextPlain(many(1000)).attributes).toHaveLength(1000)
    expect(refusal(() => parseTextPlain(many(1001))).kind).toBe('too-large')
  })

  test('a value of 32 KiB, not one more', () => {
    const long = (length: number) => `X-OCCI-Attribute: a="${'x'.repeat(length)}"`
    expect(parseTextPlain(long(32 * 1024)).attributes).toHaveLength(1)
    expect(refusal(() => parseTextPlain(long(32 * 1024 + 1))).kind).toBe('too-large')
  })

  test.each(['"', '\\', '"\\', '""', ';', ',', '<', "'"])('a megabyte of %j is refused at once', async (piece) => {
    const text = `X-OCCI-Attribute: a="${piece.repeat(1_000_000 / piece.length)}`
    const taken = await cpuMs(() =>
      expect(['malformed', 'too-large']).toContain(refusal(() => parseTextPlain(text)).kind),
    )
    expect(taken).toBeLessThan(2000)
  })
})

describe('headers', () => {
  test('repeated and folded ones are read in order, others left alone', () => {
    const read = parseHeaders([
      'Host',
      'x',
      'category',
      'compute;scheme="http://a#"',
      'X-OCCI-Attribute',
      'a=1, b="2, 3"',
      'Category',
      'c;scheme="http://d#"',
      'Accept',
      'text/occi',
    ])
    expect(read.categories.map(({ id }) => id)).toEqual(['http://a#compute', 'http://d#c'])
    expect(read.attributes.map(({ value }) => value)).toEqual([1, '2, 3'])
  })

  test('UTF-8 that Node read as Latin-1 is read again; Latin-1 stays', () => {
    const value = (text: string) => parseHeaders(['X-OCCI-Attribute', text]).attributes[0]?.value
    expect(value(Buffer.from('t="Grüße ☃"', 'utf8').toString('latin1'))).toBe('Grüße ☃')
    expect(value('t="Gr\u00fc\u00dfe"')).toBe('Grüße')
  })

  test('a refusal counts the headers of that name', () => {
    const { detail } = refusal(() => parseHeaders(['Category', 'a;scheme="b#"', 'Category', 'c']))
    expect(detail.position).toEqual({ line: 2, column: 2 })
  })
})
