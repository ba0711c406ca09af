/** Changes that clients make by mistake or on purpose: cut, doubled, moved, replaced by what parsers stumble over. */
import type { Random } from './random'

/** What has made a parser of ours, or of others, stumble. */
const STUMBLES = [
  ...['', ' ', '"', "'", '\\', ';', ',', '=', '<', '>', '{', '}', '[', ']', ':', '/', '//', '?', '#', '&', '%', '*'],
  ...[
    '\\"',
    '"";',
    '%00',
    '%2F',
    '%252e',
    '..',
    '../../',
    '\u0000',
    '\t',
    '\u007f',
    '\u0085',
    '\u2028',
    '\ud83d\ude00',
  ],
  ...['-1', '0', '1e999', '1e-7', '9007199254740993', '99999999999999999999', 'NaN', 'null', 'true', 'undefined'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '$where',
    '#{7*7}',
    '<!ENTITY x>',
    '&lt;',
    '\r\n',
    '\n\n',
    '\r\nX-Evil: 1',
  ],
  'a'.repeat(300),
  '[['.repeat(60),
  '{"a":'.repeat(60),
  '"'.repeat(99),
]

/** One to three changes of a text. */
export function mutated(chance: Random, text: string): string {
  let now = text
  for (let left = 1 + chance.int(3); left > 0; left--) now = once(chance, now)
  return now
}

function once(chance: Random, text: string): string {
  const [at, length] = [chance.int(text.length + 1), 1 + chance.int(12)]
  const [before, here, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)]
  switch (chance.int(7)) {
    case 0:
      return before + after
    case 1:
      return before + here + here + after
    case 2:
      return before + chance.pick(STUMBLES) + here + after
    case 3:
      return before + chance.pick(STUMBLES) + after
    case 4:
      return before + [...here].reverse().join('') + after
    case 5:
      return before + String.fromCharCode((here.charCodeAt(0) || 65) ^ (1 << chance.int(7))) + here.slice(1) + after
    default:
      return `${before}${/\d/.test(here) ? here.replace(/\d+/, chance.pick(STUMBLES)) : here.toUpperCase()}${after}`
  }
}

/** As it can stand in a header: bytes, no line ends, no NUL. Node refuses to send others. */
export const asHeader = (text: string): string =>
  Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ')

/** As it can stand in a request line. */
export const asTarget = (text: string): string =>
  `/${text.replace(/^\//, '')}`.replace(/[^\x21-\x7e]/g, (character) =>
    [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  )
