/** Tenants' own way to bring files (JSON, /images/v1): `occi-gateway image upload`. What EC2 and OCCI have no word for. */
import { type Request, Router } from 'express'
import { fault } from '../faults'
import type { ImageId, ImportId } from '../model/ids'
import type { Caller } from '../operations/context'
import type { Operations } from '../operations/operations'
import { adminErrors } from './faults'
import { imageOrder } from './image-input'
import { showImage, showImageFully } from './image-render'
import { bodyOf, pathOf } from './input'
import { takePiece } from './pieces'

/** The router. Wants `req.user` (a Caller). Renders its own faults as the admin API does. */
export function tenantImagesFront({ operations }: { readonly operations: Operations }): Router {
  const router = Router()
  router.use((_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.post('/images', async (req, res) => {
    const view = await operations.addImage(callerOf(req), bodyOf(req, imageOrder))
    res.status(201).json(showImageFully(view, { standard: undefined, project: null }))
  })
  router.get('/images', async (req, res) => {
    const caller = callerOf(req)
    const own = (await operations.listImages(caller)).filter(({ project }) => project === caller.project)
    res.json({ images: own.map((image) => showImage(image, undefined)) })
  })
  router.delete('/images/:id', async (req, res) => {
    await operations.deregisterImage(callerOf(req), pathOf(req, 'id') as ImageId)
    res.status(204).end()
  })
  router.get('/images/:id', async (req, res) => {
    const view = await operations.viewImage(callerOf(req), pathOf(req, 'id') as ImageId)
    res.json(showImageFully(view, { standard: undefined, project: null }))
  })
  router.get('/uploads/:id', async (req, res) => {
    res.json({ have: await operations.uploadedBytes(callerOf(req), pathOf(req, 'id') as ImportId) })
  })
  router.put('/uploads/:id', (req, res) => takePiece(operations, callerOf(req), pathOf(req, 'id'), req, res))
  router.use((req) => {
    throw fault('not-found', `there is no ${req.method} ${req.path} here`)
  })
  router.use(adminErrors)
  return router
}

/** Put there by the authenticator before these routes. */
function callerOf(req: Request): Caller {
  const user: unknown = req.user
  if (typeof user === 'object' && user !== null && 'project' in user) return user as Caller
  throw fault('unauthenticated', 'this needs a user and a password, or a token')
}
