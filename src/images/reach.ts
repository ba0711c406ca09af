/**
 * Which addresses a file may be fetched from. What a tenant names is fetched by us, from inside the operator's network: so only
 * public addresses are connected to, by https, and it is the resolved address itself that is checked, where the connection is
 * made and again on every redirect. A name that resolves to several is refused if one of them is private.
 */
import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { fault } from '../faults'

export type Reach = 'any' | 'public'

/**
 * Loopback, private, link-local, shared, reserved, multicast, documentation: none of these. Of IPv6 addresses that carry an IPv4 one,
 * that one too; any other lies in what is given out of IPv6 (2000::/3, RFC 4291 §2.4), which `::7f00:1` (127.0.0.1) does not.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && (!(parsed instanceof ipaddr.IPv6) || parsed.match(GIVEN_OUT))
}

const GIVEN_OUT: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/** Faults: 'invalid' for what is no address of a file, or not one that may be named. */
export function checkUrl(text: string, reach: Reach): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const allowed = reach === 'public' ? ['https:'] : ['https:', 'http:']
  if (url === undefined || text.length > 2048 || !allowed.includes(url.protocol))
    throw refusedUrl(`an address of a file begins with ${allowed.map((one) => `${one}//`).join(' or ')}`)
  if (url.username !== '' || url.password !== '') throw refusedUrl('an address with a user or password is not taken')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (reach === 'public' && isIP(host) !== 0 && !isPublicAddress(host)) throw notPublic(url.hostname)
  return url
}

const refusedUrl = (message: string) => fault('invalid', message, { field: 'Url' })

export const notPublic = (host: string) =>
  fault('invalid', `${host} is not on the public Internet: files are fetched from public addresses only`, {
    field: 'Url',
    reason: 'reach',
  })

/** An address as it may be shown: what comes behind the path may hold a signature. */
export const shownUrl = (text: string): string => text.replace(/[?#].*$/s, '')

/** Resolves names for a connection; the error for what is not public is a fault. */
export const guardedLookup =
  (
    reach: Reach,
    lookup: LookupFunction = systemLookup as LookupFunction,
    isPublic: (address: string) => boolean = isPublicAddress,
  ): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      const all = Array.isArray(found) ? found : [{ address: String(found), family: isIP(String(found)) }]
      const first = all[0]
      if (first === undefined) return callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0)
      if (reach === 'public' && !all.every(({ address }) => isPublic(address)))
        return callback(notPublic(hostname), '', 0)
      return options.all ? callback(null, all) : callback(null, first.address, first.family)
    })
  }
