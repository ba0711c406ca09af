import { Fault } from '../../../../src/faults'
import { type Content, parseContent } from '../../../../src/occi/parse'

const TEXT = 'X-OCCI-Attribute: from="body"'
const HEADERS = ['X-OCCI-Attribute', 'from="header"']
const JSON_BODY = '{"attributes":{"from":"json"},"kind":"a#b"}'

const from = (contentType: string | undefined, body: string | undefined, rawHeaders: readonly string[] = []) => {
  const content: Content = { contentType, rawHeaders, body: body === undefined ? undefined : Buffer.from(body) }
  return parseContent(content).attributes[0]?.value
}

test.each([
  ['text/plain', TEXT, [], 'body'],
  ['text/plain; charset=utf-8', TEXT, [], 'body'],
  ['TEXT/Plain', TEXT, [], 'body'],
  ['text/occi+plain', TEXT, [], 'body'],
  ['text/plain', TEXT, HEADERS, 'body'],
  ['text/plain,text/occi', TEXT, HEADERS, 'body'],
  ['text/occi', 'ignored', HEADERS, 'header'],
  ['text/occi', undefined, HEADERS, 'header'],
  ['text/occi;charset=utf-8, text/plain', TEXT, HEADERS, 'header'],
  ['application/occi+json', JSON_BODY, HEADERS, 'json'],
  ['application/json;charset=UTF-8', JSON_BODY, [], 'json'],
  ['application/x-www-form-urlencoded', TEXT, [], 'body'],
  ['x/unknown, application/json', JSON_BODY, [], 'json'],
  [undefined, TEXT, [], 'body'],
  ['', TEXT, [], 'body'],
  [undefined, TEXT, HEADERS, 'header'],
  [undefined, undefined, HEADERS, 'header'],
  ['text/plain', undefined, HEADERS, undefined],
  ['text/plain', '', [], undefined],
  [undefined, undefined, [], undefined],
])('Content-Type %j, body %j, headers %j', (contentType, body, headers, source) => {
  expect(from(contentType, body, headers)).toBe(source)
})

test('text/uri-list is a list of locations', () => {
  const body = Buffer.from('# mine\r\nhttp://a.example/compute/1\r\n\r\n/compute/2\n')
  const document = parseContent({ contentType: 'text/uri-list', rawHeaders: [], body })
  expect(document.locations).toEqual(['http://a.example/compute/1', '/compute/2'])
})

test.each(['text/html', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense'])(
  '%s is not read here',
  (type) => {
    try {
      from(type, TEXT)
      throw new Error('it was read')
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(Fault)
      expect((thrown as Fault).detail).toMatchObject({ reason: 'media-type', field: 'Content-Type' })
    }
  },
)

test('bytes that are no UTF-8 are refused', () => {
  const body = Buffer.from([0x58, 0xff, 0xfe])
  expect(() => parseContent({ contentType: 'text/plain', rawHeaders: [], body })).toThrow('not UTF-8')
})
