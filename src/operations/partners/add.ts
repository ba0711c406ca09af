import { createHmac } from 'node:crypto'
import { fault } from '../../faults'
import { KEY_LABEL, type PartnerOffer, type Partnership } from '../../model/federation'
import type { ProjectWish } from '../../model/records'
import { seal } from '../../store/sealed'
import { checkName } from '../check-name'
import type { Context, Operator } from '../context'
import { addProject, type NewProject } from '../projects'
import { checkAmount, checkCurrency, whole } from '../providers/check-order'
import type { PartnerAddition } from './operations'

const MOST_SECONDS = 10 * 366 * 86_400
/** An offer says how long its price is kept by when the partnership ends; one without end is looked at anew each day. */
export const OFFER_MS = 86_400_000

/** Faults: 'invalid' naming the field, 'not-found' for a type that is not there, 'exists', 'unavailable'. */
export async function addPartner(context: Context, operator: Operator, order: PartnerAddition): Promise<NewProject> {
  const { name, quota, expiresInSeconds, regions = [], offers = [], currency = 'USD', onward = 'never' } = order
  if (expiresInSeconds !== undefined) whole('expiresInSeconds', expiresInSeconds, 60, MOST_SECONDS)
  for (const region of regions) checkName('zone', 'regions', region)
  checkCurrency(currency)
  for (const offer of offers) checkOffer(context, offer)
  const now = context.clock.now()
  const terms = {
    expiresAt: expiresInSeconds === undefined ? null : now + expiresInSeconds * 1000,
    revokedAt: null,
    ...{ regions, offers, currency },
  }
  // Its images and networks of its own, volumes and addresses are no partner's business.
  const limits = {
    ...quota,
    volumes: 0,
    volumeGiB: 0,
    snapshotGiB: 0,
    images: 0,
    imageGiB: 0,
    networks: 0,
    addresses: 0,
  }
  return addProject(context, operator, {
    name,
    quota: limits,
    beside: (id, password): Pick<ProjectWish, 'partner' | 'bursts'> => {
      const key = createHmac('sha256', password).update(KEY_LABEL).digest('hex')
      const partner: Partnership = { ...terms, key: seal(context.ring, id, key) }
      return { partner, ...(onward === 'never' ? { bursts: 'never' } : {}) }
    },
  })
}

function checkOffer({ mirror }: Context, { type, price }: PartnerOffer): void {
  checkAmount('offers.price', price)
  if (!mirror.all('type').some(({ wish }) => wish.name === type))
    throw fault('not-found', `there is no instance type ${type}`, { field: 'offers' })
}
