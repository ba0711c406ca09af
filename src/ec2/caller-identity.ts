/** STS GetCallerIdentity, and polite refusals of everything else of STS and IAM. */
import { fault } from '../faults'
import type { Caller } from '../operations/context'
import type { Pair } from './codec'
import { element, escapeXml, shorten, XML_DECLARATION } from './codec'
import { parameter } from './parameters'
import type { QueryService } from './services'

/** The answer. Faults: 'missing' without an Action, 'unsupported' for what this gateway does not have. */
export function answerQueryService(
  service: QueryService,
  pairs: readonly Pair[],
  caller: Caller,
  requestId: string,
): string {
  const action = parameter(pairs, 'Action')
  if (action === undefined || action === '')
    throw fault('missing', 'The request must contain the parameter Action', { field: 'Action' })
  if (service.name !== 'sts' || action !== 'GetCallerIdentity')
    throw fault('unsupported', `${service.name.toUpperCase()} ${shorten(action)} is not supported by this gateway`, {
      field: 'Action',
    })
  const result = [
    element('Arn', escapeXml(`arn:aws:iam::${caller.account}:user/${caller.userName}`)),
    element('UserId', escapeXml(caller.userName)),
    element('Account', escapeXml(caller.account)),
  ].join('')
  const metadata = element('ResponseMetadata', element('RequestId', escapeXml(requestId)))
  return `${XML_DECLARATION}<${action}Response xmlns="${service.namespace}">${element(`${action}Result`, result)}${metadata}</${action}Response>`
}
