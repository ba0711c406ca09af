import type { Answer, Exchange } from '../exchange'
import { contentType, isJson, negotiate } from '../negotiation'

/** Texts say OK; JSON has nothing to say, and an empty body would be none. To be asked for before anything is deleted. */
export function deleted(exchange: Pick<Exchange, 'accept'>): Answer {
  const type = negotiate(exchange.accept, 'listing')
  if (isJson(type) || type === 'text/uri-list') return { status: 204, headers: {}, body: '' }
  return { status: 200, headers: { 'Content-Type': contentType(type) }, body: 'OK' }
}
