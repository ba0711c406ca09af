/** Configurations as they are sent, read back by the simulator's own reader. */
import fc from 'fast-check'
import {
  type Format,
  MEDIA,
  writeConfiguration,
} from '../../../../../workers/drivers/providers/elastichosts/api/format'
import { readBody } from '../../../../clouds/elastichosts/formats'

test.each([
  { format: 'text', body: 'name web\nide:0:0 5b1d\n' },
  { format: 'json', body: '{"name":"web","ide:0:0":"5b1d"}' },
] as const)('$format', ({ format, body }) => {
  expect(writeConfiguration({ name: 'web', 'ide:0:0': '5b1d' }, format)).toBe(body)
})

test('a zone reads what was written, whatever the values are', () => {
  const key = fc.stringMatching(/^[a-z][a-z0-9:]{0,12}$/)
  const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
  fc.assert(
    fc.property(fc.dictionary(key, value), fc.constantFrom<Format>('text', 'json'), (configuration, format) => {
      const body = Buffer.from(writeConfiguration(configuration, format))
      expect(readBody(MEDIA[format], body)).toEqual({ ...configuration })
    }),
  )
})

test.each([{ name: 'a\nmem 1' }, { name: 'a\rb' }, { 'na me': 'a' }, { '': 'a' }])(
  'what would be read as something else is refused: %j',
  (configuration) => {
    for (const format of ['text', 'json'] as const)
      expect(() => writeConfiguration(configuration, format)).toThrow(expect.objectContaining({ kind: 'refused' }))
  },
)
