/** Errors as XML: EC2's own form, and the one that STS and IAM have. */
import { element, escapeXml, XML_DECLARATION } from './codec'
import type { QueryService } from './query/services'

export interface ErrorText {
  readonly code: string
  readonly message: string
  readonly requestId: string
}

/** `<Response><Errors><Error>…`, as EC2 sends it, without a namespace. */
export function writeEc2Error({ code, message, requestId }: ErrorText): string {
  const error = element('Error', element('Code', escapeXml(code)) + element('Message', escapeXml(message)))
  const id = element('RequestID', escapeXml(requestId))
  return XML_DECLARATION + element('Response', element('Errors', error) + id)
}

/** `<ErrorResponse><Error><Type>…`. */
export function writeQueryError(
  service: QueryService,
  status: number,
  { code, message, requestId }: ErrorText,
): string {
  const error = [
    element('Type', status < 500 ? 'Sender' : 'Receiver'),
    element('Code', escapeXml(code)),
    element('Message', escapeXml(message)),
  ].join('')
  const id = element('RequestId', escapeXml(requestId))
  return `${XML_DECLARATION}<ErrorResponse xmlns="${service.namespace}">${element('Error', error)}${id}</ErrorResponse>`
}
