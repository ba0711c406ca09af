/** Reading what a zone answers: both formats, and whatever bytes may come instead. */
import fc from 'fast-check'
import { driveIn, resourceIn, serverIn } from '../../../../../workers/drivers/providers/elastichosts/api/objects'
import { readObjects } from '../../../../../workers/drivers/providers/elastichosts/api/properties'
import { type Properties as Sent, writeReply } from '../../../../clouds/elastichosts/formats'

const read = (text: string) => readObjects(Buffer.from(text))?.map((one) => Object.fromEntries(one))

describe('text', () => {
  test('the key ends at the first space, keys hold colons, objects are apart by an empty line', () => {
    const text = '\nserver e2f6\nname a b  c\nnic:0:dhcp:ip 203.0.113.24 203.0.113.25\n\nserver 5b1d\nname'
    expect(read(text)).toEqual([
      { server: 'e2f6', name: 'a b  c', 'nic:0:dhcp:ip': '203.0.113.24 203.0.113.25' },
      { server: '5b1d', name: '' },
    ])
  })

  test.each(['', '\n', '\n\n\n', '\r\n'])('nothing is no object: %j', (text) => expect(read(text)).toEqual([]))

  test.each(['<html><body>Bad gateway', 'Server not found', ' key after space', '\0\0'])(
    'what was written for people, or by nobody, is not read: %j',
    (text) => expect(read(text)).toBeUndefined(),
  )
})

describe('JSON', () => {
  test('numbers, booleans and lists are their text; what is unknown is kept', () => {
    const text =
      '[{"cpu":2000,"tx:packets":"251","persistent":true,"boot":["ide:0:0","ide:1:0"],"new":{"a":1},"x":null}]'
    expect(read(text)).toEqual([
      { cpu: '2000', 'tx:packets': '251', persistent: 'true', boot: 'ide:0:0 ide:1:0', new: '{"a":1}', x: '' },
    ])
  })

  test('one object is a list of one; an empty list is empty', () => {
    expect([read('{"server":"a"}'), read('[]'), read(' [ ] ')]).toEqual([[{ server: 'a' }], [], []])
  })

  test.each(['{"server":"a"', '[{"a":1},3]', '[["a"]]', '{"a":1}{"b":2}'])('%s is not read', (text) =>
    expect(read(text)).toBeUndefined(),
  )

  test.each([
    ['lists', (levels: number) => '['.repeat(levels) + ']'.repeat(levels)],
    ['objects', (levels: number) => `${'{"b":'.repeat(levels)}1${'}'.repeat(levels)}`],
  ])('%s that are nested without end are not read', (_what, nested) => {
    for (const text of [`{"a":${nested(100_000)}}`, `[{"a":1},{"a":${nested(20)}}]`, nested(100_000)])
      expect(read(text)).toBeUndefined()
    expect(read(`{"a":${nested(10)}}`)).toHaveLength(1)
  })

  test('a key that JavaScript knows is a key like any other', () => {
    expect(readObjects(Buffer.from('{"__proto__":"a","constructor":"b"}'))?.[0]?.get('__proto__')).toBe('a')
  })
})

/** Keys and values as the API allows them. */
const key = fc.stringMatching(/^[a-z][a-z0-9:]{0,12}$/)
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/).filter((text) => text !== '')
const object = fc.dictionary(key, value, { minKeys: 1, maxKeys: 8 })

describe('whatever comes', () => {
  test('any bytes are objects or are not read, and every object is a server, drive, resource or none', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .array(fc.tuple(fc.string(), fc.string()), { maxLength: 6 })
        .map((lines) => Buffer.from(lines.map((line) => line.join(' ')).join('\n'))),
    )
    fc.assert(
      fc.property(bytes, (body) => {
        const objects = readObjects(body)
        for (const one of objects ?? []) for (const parse of [serverIn, driveIn, resourceIn]) parse(one)
        return (
          objects === undefined || objects.every((one) => [...one.values()].every((text) => typeof text === 'string'))
        )
      }),
      { numRuns: 500 },
    )
  })

  test('a truncated answer never shows an object that was not there', () => {
    fc.assert(
      fc.property(
        fc.array(object, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.constantFrom('text', 'json'),
        (all, at, format) => {
          const { body } = writeReply({ kind: 'many', all }, format === 'json' ? 'json' : 'text')
          const objects = readObjects(Buffer.from(body).subarray(0, at % (body.length + 1)))
          return objects === undefined || objects.length <= all.length
        },
      ),
    )
  })

  test("what the simulator's own writer writes is read back as it was, in both formats", () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 5 }), fc.constantFrom('text', 'json'), (all: Sent[], format) => {
        const { body } = writeReply({ kind: 'many', all }, format === 'json' ? 'json' : 'text')
        expect(read(body)).toEqual(all.map((one) => ({ ...one })))
      }),
    )
  })
})
