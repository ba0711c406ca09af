/** The admin API (JSON, /api/v1): what the CLI and operators' own tools use. */
import { Router } from 'express'
import { fault } from '../faults'
import type { Operations } from '../operations/operations'
import { adminErrors } from './faults'
import { accountRoutes } from './routes/accounts'
import { addressRoutes } from './routes/addresses'
import { adoptionRoutes } from './routes/adoption'
import { calendarRoutes } from './routes/calendar'
import { groupRoutes } from './routes/groups'
import { hostRoutes } from './routes/hosts'
import { imageExportRoutes } from './routes/image-exports'
import { imageRoutes } from './routes/images'
import { instanceRoutes } from './routes/instances'
import { keyRoutes } from './routes/keys'
import { offerRoutes } from './routes/offers'
import { partnerRoutes } from './routes/partners'
import { projectRoutes } from './routes/projects'
import { providerRoutes } from './routes/providers'
import { relocationRoutes } from './routes/relocation'
import { reservationRoutes } from './routes/reservations'
import { type Site, siteRoutes } from './routes/site'
import { studyRoutes } from './routes/studies'
import { tokenRoutes } from './routes/tokens'
import { usageRoutes } from './routes/usage'
import { userRoutes } from './routes/users'
import { volumeRoutes } from './routes/volumes'

export { adminErrors } from './faults'
export { isPiece } from './pieces'
export { tenantImagesFront } from './tenant-images'

/**
 * The router. Wants `req.user` (an Operator), `req.requestId` and `req.body` (a Buffer). It renders its own faults; those of
 * what runs before it (authentication) reach `adminErrors`, to be put behind both.
 */
export function adminFront({ operations, site }: { readonly operations: Operations; readonly site: Site }): Router {
  const router = Router()
  router.use((_req, res, next) => {
    // Some answers hold secrets that are told once.
    res.setHeader('Cache-Control', 'no-store')
    next()
  })
  for (const routes of [
    projectRoutes,
    partnerRoutes,
    userRoutes,
    keyRoutes,
    tokenRoutes,
    hostRoutes,
    providerRoutes,
    imageExportRoutes,
    adoptionRoutes,
    instanceRoutes,
    relocationRoutes,
    studyRoutes,
    imageRoutes,
    volumeRoutes,
    addressRoutes,
    reservationRoutes,
    groupRoutes,
    calendarRoutes,
    offerRoutes,
    usageRoutes,
    accountRoutes,
  ])
    router.use(routes(operations))
  router.use(siteRoutes(site))
  router.use((req) => {
    throw fault('not-found', `the admin API has no ${req.method} ${req.path}`)
  })
  router.use(adminErrors)
  return router
}
