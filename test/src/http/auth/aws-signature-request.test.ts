import fc from 'fast-check'
import { encodeStrictly } from '../../../../src/http/auth/aws-signature-request'

test('every character is encoded as RFC 3986 has it', () => {
  const strictly = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(encodeStrictly(text)).toBe(strictly(text))))
})
