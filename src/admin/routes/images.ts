/** /images and /uploads: what machines start from, and the files that it is made of. */
import { Router } from 'express'
import { z } from 'zod'
import type { ImportId } from '../../model/ids'
import type { ImageView } from '../../operations/images/operations'
import type { Operations } from '../../operations/operations'
import { imageOrder } from '../image-input'
import { showImage, showImageFully } from '../image-render'
import { bodyOf, operatorOf, pathOf, queryOf } from '../input'
import { takePiece } from '../pieces'

const removal = z.strictObject({ force: z.enum(['true', 'false']).optional() })

export function imageRoutes(operations: Operations): Router {
  const router = Router()
  const projectOf = ({ image }: Pick<ImageView, 'image'>): string | null =>
    image.project === null ? null : (operations.project(image.project)?.wish.name ?? image.project)
  const show = (view: ImageView) =>
    showImageFully(view, { standard: operations.defaults().image, project: projectOf(view) })

  router.get('/images', async (req, res) => {
    const images = await operations.listImages(operatorOf(req))
    const standard = operations.defaults().image
    res.json({
      images: images.map((image) => ({ ...showImage(image, standard), project: projectOf({ image }) })),
    })
  })
  router.post('/images', async (req, res) => {
    res.status(201).json(show(await operations.addImage(operatorOf(req), bodyOf(req, imageOrder))))
  })
  router.get('/images/:name', async (req, res) => {
    res.json(show(await operations.findImage(operatorOf(req), pathOf(req, 'name'))))
  })
  router.post('/images/:name/check', async (req, res) => {
    const image = await operations.checkImage(operatorOf(req), pathOf(req, 'name'))
    res.status(202).json(show({ image, imports: [], snapshots: [] }))
  })
  router.delete('/images/:name', async (req, res) => {
    const { force } = queryOf(req, removal)
    await operations.removeImage(operatorOf(req), pathOf(req, 'name'), { force: force === 'true' })
    res.status(204).end()
  })
  router.get('/uploads/:id', async (req, res) => {
    res.json({ have: await operations.uploadedBytes(operatorOf(req), pathOf(req, 'id') as ImportId) })
  })
  router.put('/uploads/:id', (req, res) => takePiece(operations, operatorOf(req), pathOf(req, 'id'), req, res))
  return router
}
