/** Pages of a collection (GFD.223 §5.5.8): `page` counts from 1 (0 is the same page), `number` is how many go on one. */
import { fault } from '../../faults'

/** Most entities on a page. */
export const LARGEST_PAGE = 1000

/** The part of a listing that was asked for; all of it when nobody asked. Throws 'invalid', 'too-large' (413). */
export function pageOf<T>(all: readonly T[], query: URLSearchParams): readonly T[] {
  if (!query.has('page') && !query.has('number')) return all
  const page = Math.max(1, whole(query, 'page', 1))
  const number = whole(query, 'number', LARGEST_PAGE)
  if (number > LARGEST_PAGE)
    throw fault('too-large', `number is ${number}; a page has at most ${LARGEST_PAGE} entities`, { field: 'number' })
  if (number === 0) throw fault('invalid', 'number must be 1 at least', { field: 'number' })
  return all.slice((page - 1) * number, page * number)
}

/** Pages are for reading: a change of what a query with one names would change everything. Throws 'invalid'. */
export function refusePages(query: URLSearchParams): void {
  const field = ['page', 'number'].find((name) => query.has(name))
  if (field !== undefined)
    throw fault('invalid', `${field} is for listings only: say by a filter what is to be changed`, { field })
}

function whole(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name)
  if (text === null) return fallback
  if (!/^\d{1,9}$/.test(text)) throw fault('invalid', `${name} must be a whole number`, { field: name })
  return Number(text)
}
