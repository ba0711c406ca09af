/** DELETE of what was chosen: all or none. */
import type { Part, PartName } from '../../operations/together/operations'
import type { Answer, Exchange, Front } from '../exchange'
import { refuseTooMany } from './act'
import { deleted } from './deleted'

/** `chosen`: what the parts are about. Throws 'too-large' for more than a thousand, with nothing changed. */
export async function deleteEach<K extends PartName>(
  front: Front,
  exchange: Exchange,
  chosen: readonly unknown[],
  parts: readonly Part<K>[],
): Promise<Answer> {
  refuseTooMany(chosen)
  const answered = deleted(exchange)
  if (parts.length > 0) await front.operations.together(exchange.caller, parts)
  return answered
}
