/** Taking over domains that somebody else made: what is told of one, and the deed that makes it ours (host/90-adopt.sh). */
import type { Driver } from '../../../driver'
import type { XlHost } from '../call'
import { pieces } from '../config/pieces'
import { sectionsOf } from '../parse/answer'
import { foreignMachine } from './foreign'

export { runsHost } from './foreign'

const LIST_BYTES = 16 * 1024 ** 2

export const adopts = (xl: XlHost): Required<Pick<Driver, 'foreign' | 'adopt'>> => ({
  foreign: async (host, name) => {
    const bytes = await xl.free(host, 'xl_foreign', [], { maxBytes: LIST_BYTES })
    return foreignMachine(sectionsOf(bytes.toString('utf8')), name)
  },
  adopt: (host, ticket, definition) => xl.now(host, ticket, 'xl_adopt', [], Buffer.from(pieces(definition))),
})
