/** Whether two accounts here are one at their provider, as far as can be told from how they are reached and called. Pure. */
import type { HostWish } from '../host-records'

type Reached = Pick<HostWish, 'driver' | 'address' | 'provider'>

/** Two keys of one account of EC2 are not known to be one. */
export const isSameAccount = (a: Reached, b: Reached): boolean =>
  a.provider !== undefined &&
  a.driver === b.driver &&
  a.provider.account === b.provider?.account &&
  placeOf(a.address) === placeOf(b.address)

/** `https://API.Example.org:443/x/` and `http://api.example.org/x` are one. */
export function placeOf(address: string): string {
  if (!URL.canParse(address)) return address
  const { hostname, port, pathname } = new URL(address)
  const usual = port === '80' || port === '443' ? '' : port
  return `${hostname}:${usual}${pathname.replace(/\/+$/, '')}`
}
