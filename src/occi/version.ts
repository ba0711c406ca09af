/** Which OCCI a client speaks, from its User-Agent (GFD.223 §5.6.5). */
import { fault } from '../faults'
import type { OcciVersion } from './entities/member'

const TOKEN = /\bOCCI\/(\d{1,6})\.(\d{1,6})\b/g

/** The highest version that both know; no token means 1.2. Throws 'unsupported' (501) when the client knows only higher ones. */
export function clientVersion(userAgent: string | undefined): OcciVersion {
  if (!userAgent?.includes('OCCI/')) return '1.2'
  const named = [...userAgent.matchAll(TOKEN)].map(([, major, minor]) => [Number(major), Number(minor)] as const)
  if (named.length === 0) return '1.2'
  const known = named.filter(([major, minor]) => major < 1 || (major === 1 && minor <= 2))
  if (known.length === 0)
    throw fault('unsupported', 'this server speaks OCCI/1.2 and OCCI/1.1', { field: 'User-Agent' })
  return known.some(([major, minor]) => major === 1 && minor === 2) ? '1.2' : '1.1'
}

/** The Server header of every answer: the 1.1 module looks for `OCCI/1.1`, the 1.2 standard for `OCCI/1.2`. */
export const serverHeader = ({ name, version }: { readonly name: string; readonly version: string }): string =>
  `${name}/${version} OCCI/1.2 OCCI/1.1`
