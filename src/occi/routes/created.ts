import type { Member } from '../entities/member'
import { type Answer, answer, type Exchange } from '../exchange'

/** 201 with Location. */
export const created = (exchange: Exchange, member: Member): Answer =>
  answer(exchange, 'listing', (rendering) => rendering.created(member, exchange.audience), {
    status: 201,
    headers: { Location: exchange.audience.base + member.path },
  })
