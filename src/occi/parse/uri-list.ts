/** text/uri-list as a request body: locations, one per line, `#` begins a comment (RFC 2483). */
import { type Document, NOTHING, withinLimits } from '../../model/occi/document'

export const parseUriList = (text: string): Document =>
  withinLimits({
    ...NOTHING,
    locations: text
      .split(/\r\n|\n|\r/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  })
