/**
 * text/uri-list (RFC 2483): for listings only; rOCCI lists in no other way. Routes never offer it for the rest, but for the empty listing that
 * a client of 1.1 has of what it put a mixin on.
 */
import { fault } from '../../faults'
import { locationsTold } from './locations'
import { body, type Rendering } from './rendering'

const none = (): never => {
  throw fault('invalid', 'text/uri-list is for listings only')
}

const located = locationsTold((urls) => [Buffer.from(urls.join('\n'), 'utf8')])

export const uriList: Rendering = {
  categories: none,
  collection: (members, { base }) => body(located(members, base)),
  entity: none,
  created: (member, { base }) => body(base + member.path),
  acted: () => body(''),
}
