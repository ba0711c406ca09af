import type { ProjectId } from '../../../src/model/ids'
import type { ComputeRecord } from '../../../src/model/records'
import { Shelf } from '../../../src/store/shelf'
import { computeRecord } from '../../support/compute-record'

const P = 'p1' as ProjectId
const Q = 'p2' as ProjectId
const record = (
  id: string,
  createdAt: number,
  parts: { rev?: number; project?: string; name?: string; reservation?: string; launchIndex?: number } = {},
): ComputeRecord =>
  computeRecord({
    id,
    project: parts.project ?? P,
    rev: parts.rev ?? 1,
    wish: {
      createdAt,
      name: parts.name ?? `i-${id}`,
      reservation: parts.reservation ?? 'r-1',
      launchIndex: parts.launchIndex ?? 0,
    },
  })
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id)

describe('shelf', () => {
  test('lists in order of creation, then of id, whatever the order of arrival', () => {
    const shelf = new Shelf()
    for (const r of [record('c', 2), record('z', 1), record('b', 2), record('a', 3)]) shelf.put(r)
    expect(ids(shelf.list('compute', P))).toEqual(['z', 'b', 'c', 'a'])
    expect(ids(shelf.all('compute'))).toEqual(['z', 'b', 'c', 'a'])
    expect(shelf.list('compute', Q)).toEqual([])
    expect(shelf.list('host', null)).toEqual([])
  })

  test('replaces a record where it stands', () => {
    const shelf = new Shelf()
    for (const id of ['a', 'b', 'c']) shelf.put(record(id, 1))
    const newer = record('b', 1, { rev: 2 })
    shelf.put(newer)
    expect(shelf.list('compute', P)[1]).toBe(newer)
    expect(shelf.list('compute', P)).toHaveLength(3)
    expect(shelf.get('compute', 'b')).toBe(newer)
  })

  test('machines of one order stand in its order, also beside another order of the same moment', () => {
    const shelf = new Shelf()
    const launched = (id: string, reservation: string, launchIndex: number) =>
      shelf.put(record(id, 1, { reservation, launchIndex }))
    launched('a', 'r-1', 10)
    launched('b', 'r-2', 0)
    launched('c', 'r-1', 2)
    launched('d', 'r-1', 0)
    launched('e', 'r-2', 1)
    shelf.put(record('f', 0, { reservation: 'r-3', launchIndex: 7 }))
    expect(ids(shelf.list('compute', P))).toEqual(['f', 'd', 'c', 'a', 'b', 'e'])
    shelf.remove('compute', 'c')
    expect(ids(shelf.all('compute'))).toEqual(['f', 'd', 'a', 'b', 'e'])
  })

  test('an id that another order has made anew in the same moment stands in one place', () => {
    const shelf = new Shelf()
    shelf.put(record('a', 1, { reservation: 'r-3' }))
    shelf.put(record('b', 1, { reservation: 'r-2' }))
    shelf.put(record('a', 1, { reservation: 'r-1' }))
    expect(ids(shelf.list('compute', P))).toEqual(['a', 'b'])
  })

  test('a list that was handed out stays as it was', () => {
    const shelf = new Shelf()
    shelf.put(record('a', 1))
    const before = shelf.list('compute', P)
    const same = shelf.list('compute', P)
    shelf.put(record('b', 2))
    shelf.remove('compute', 'a')
    expect(same).toBe(before)
    expect(ids(before)).toEqual(['a'])
    expect(ids(shelf.list('compute', P))).toEqual(['b'])
  })

  test('removes from every list and name; what is not there is no matter', () => {
    const shelf = new Shelf()
    shelf.put(record('a', 1))
    shelf.remove('compute', 'a')
    shelf.remove('compute', 'a')
    expect(shelf.get('compute', 'a')).toBeUndefined()
    expect(shelf.named('i-a')).toBeUndefined()
    expect(shelf.all('compute')).toEqual([])
  })

  test('finds by name, follows a new name, and does not take away a name that another bears by now', () => {
    const shelf = new Shelf()
    shelf.put(record('a', 1, { name: 'i-1' }))
    shelf.put(record('a', 1, { rev: 2, name: 'i-2' }))
    expect(shelf.named('i-1')).toBeUndefined()
    expect(shelf.named('i-2')?.id).toBe('a')
    shelf.put(record('b', 1, { name: 'i-2' }))
    shelf.remove('compute', 'a')
    expect(shelf.named('i-2')?.id).toBe('b')
  })

  test('an id made anew in another project, or at another time, is in one place only', () => {
    const shelf = new Shelf()
    shelf.put(record('a', 1))
    shelf.put(record('b', 2))
    shelf.put(record('a', 3))
    expect(ids(shelf.list('compute', P))).toEqual(['b', 'a'])
    shelf.put(record('c', 5))
    shelf.put(record('a', 4, { project: Q }))
    expect(ids(shelf.list('compute', P))).toEqual(['b', 'c'])
    expect(ids(shelf.list('compute', Q))).toEqual(['a'])
    expect(ids(shelf.all('compute'))).toEqual(['b', 'a', 'c'])
    expect(shelf.named('i-a')?.project).toBe(Q)
  })
})
