/** What a partner gateway of our own kind is told of where an order comes from (src/model/federation.ts). */
import { KEY_LABEL, type Origin, originText } from '../../../../src/model/federation'
import { FEDERATION_ORDER, ORIGIN } from '../../../../src/model/occi/names'
import type { ServerModel } from './api/model'
import type { Described } from './api/write'

/** HMAC-SHA256, hexadecimal, under a key that the account's secret makes of the label. */
export type Signs = (label: string, text: string) => string

const PROJECT_LABEL = 'occi-gateway federation project 1'
/** Hexadecimal digits that tell projects of one account apart. */
const TAG_DIGITS = 24

/**
 * Nothing, to a server that knows no such mixin. A project is told as a word that only this site can make of it, the same each time, so that
 * what the partner writes down of it can be told apart by project here and there means nothing.
 */
export function originFor(
  model: ServerModel,
  origin: Origin | undefined,
  site: string,
  signs: Signs,
): Pick<Described, 'mixins' | 'attributes'> {
  if (origin === undefined || !model.has(FEDERATION_ORDER)) return { mixins: [], attributes: {} }
  const project = signs(PROJECT_LABEL, origin.project).slice(0, TAG_DIGITS)
  const told: Origin = { order: origin.order, path: [...origin.path, site], project }
  return {
    mixins: [FEDERATION_ORDER],
    attributes: {
      [ORIGIN.order]: told.order,
      [ORIGIN.path]: told.path.join(' '),
      [ORIGIN.project]: told.project,
      [ORIGIN.signature]: signs(KEY_LABEL, originText(told)),
    },
  }
}
