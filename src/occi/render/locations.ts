/** Listings that say of each member only where it is: the longest of them are the same from one change to the next. */
import { madeAgain, same } from '../../fragments/again'
import type { Member } from '../entities/member'

interface Told<T> {
  readonly members: readonly Member[]
  readonly base: string
  readonly told: T
}

/** Makes a listing of all URLs, and gives the former one again while they are the same. */
export function locationsTold<T>(
  tell: (urls: readonly string[]) => T,
): (members: readonly Member[], base: string) => T {
  return (members, base) =>
    madeAgain<Told<T>>(members, tell, (former) => {
      if (former?.base === base && sameTold(members, former.members)) return { members, base, told: former.told }
      return { members, base, told: tell(members.map(({ path }) => base + path)) }
    }).told
}

function sameTold(members: readonly Member[], former: readonly Member[]): boolean {
  if (members === former) return true
  if (members.length !== former.length) return false
  const { before, behind } = same(members, former)
  const end = members.length - behind
  return members.slice(before, end).every(({ path }, index) => path === former[before + index]?.path)
}
