/**
 * Requests and answers that are Express's from their birth.
 *
 * Express gives each of them another prototype when it comes in. From then on V8 makes a hidden class of its own for every one
 * of them with each property that is added (its maps without a way back to a root keep no transitions: `Map::ConnectTransition`,
 * V8 11.3), and no inline cache ever hits again: a fifth of all CPU of a small request. An object that has the prototype already
 * is left as it is.
 */
import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http'
import type { Express } from 'express'

/** What an HTTP server has to make its messages of, so that `app` need not change them. For one server alone. */
export function messagesOf(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class BornRequest extends IncomingMessage {}
  class BornResponse<R extends IncomingMessage> extends ServerResponse<R> {}
  app.request = Object.setPrototypeOf(BornRequest.prototype, app.request)
  app.response = Object.setPrototypeOf(BornResponse.prototype, app.response)
  return { IncomingMessage: BornRequest, ServerResponse: BornResponse }
}
