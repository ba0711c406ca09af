/** /studies: what a rebalance would move, what would become of machines if; and running a plan. */
import { Router } from 'express'
import { z } from 'zod'
import type { ProjectId } from '../../model/ids'
import type { Operations } from '../../operations/operations'
import { bodyOf, operatorOf, pathOf, text } from '../input'
import { showStudy } from '../render-study'

const whole = z.int('a whole number')
const rebalance = z.strictObject({
  goal: z.enum(['pack', 'balance'], 'pack or balance'),
  budget: whole.exactOptional(),
  bandwidth: whole.exactOptional(),
})
const whatIf = z.strictObject({
  lose: z.array(text).exactOptional(),
  drain: z.array(text).exactOptional(),
  add: z.array(z.strictObject({ like: text, count: whole })).exactOptional(),
})
const quote = z.strictObject({
  type: text,
  image: text,
  count: whole,
  hours: whole,
  project: text.exactOptional(),
  zone: text.exactOptional(),
})

const reconcile = z.strictObject({
  provider: text,
  month: text.exactOptional(),
  withinSeconds: whole.exactOptional(),
})

export function studyRoutes(operations: Operations): Router {
  const router = Router()
  const nameOf = (id: string | null): string => (id && operations.project(id as ProjectId)?.wish.name) ?? ''
  router.get('/studies', async (req, res) => {
    const studies = await operations.listStudies(operatorOf(req))
    res.json({ studies: studies.map((study) => showStudy(study, nameOf)) })
  })
  router.get('/studies/:id', async (req, res) => {
    res.json(showStudy(await operations.study(operatorOf(req), pathOf(req, 'id')), nameOf))
  })
  router.post('/studies/rebalance', async (req, res) => {
    const study = await operations.studyRebalance(operatorOf(req), bodyOf(req, rebalance))
    res.status(202).json(showStudy(study, nameOf))
  })
  router.post('/studies/whatif', async (req, res) => {
    const study = await operations.studyWhatIf(operatorOf(req), bodyOf(req, whatIf))
    res.status(202).json(showStudy(study, nameOf))
  })
  router.post('/studies/quote', async (req, res) => {
    const study = await operations.studyQuote(operatorOf(req), bodyOf(req, quote))
    res.status(202).json(showStudy(study, nameOf))
  })
  router.post('/studies/reconcile', async (req, res) => {
    const study = await operations.studyReconcile(operatorOf(req), bodyOf(req, reconcile))
    res.status(202).json(showStudy(study, nameOf))
  })
  router.post('/studies/:id/run', async (req, res) => {
    res.status(202).json(showStudy(await operations.runStudy(operatorOf(req), pathOf(req, 'id')), nameOf))
  })
  router.post('/studies/:id/cancel', async (req, res) => {
    res.status(202).json(showStudy(await operations.cancelStudy(operatorOf(req), pathOf(req, 'id')), nameOf))
  })
  return router
}
