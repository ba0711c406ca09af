/** Text made safe for XML 1.0. */

const REPLACED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are what XML 1.0 cannot hold
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu
// biome-ignore lint/suspicious/noControlCharactersInRegex: finds what UNFIT replaces, so it names the same characters
const SUSPECT = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/

/** Escapes markup and the carriage return (which parsers drop); what XML cannot hold becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  SUSPECT.test(text)
    ? text.replace(UNFIT, '\ufffd').replace(/[&<>"\r]/g, (character) => REPLACED[character] ?? character)
    : text

/** `<tag>inner</tag>`, or `<tag/>` when there is nothing inside; `inner` is XML already. */
export const element = (tag: string, inner: string): string =>
  inner === '' ? `<${tag}/>` : `<${tag}>${inner}</${tag}>`

/** The first line of every answer. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
