/** /users: who logs in with a password. */
import { Router } from 'express'
import { z } from 'zod'
import type { UserRecord } from '../../model/records'
import type { Operations } from '../../operations/operations'
import { bodyOf, operatorOf, pathOf, queryOf, text, truth } from '../input'
import { showUser } from '../render'

const order = z.strictObject({ project: text, name: text, password: text.exactOptional() })
const change = z.strictObject({ password: text.exactOptional(), enabled: truth.exactOptional() })
const filter = z.strictObject({ project: text.optional() })

export function userRoutes(operations: Operations): Router {
  const show = (user: UserRecord) => showUser(user, (user.project && operations.project(user.project)?.wish.name) ?? '')
  const router = Router()
  router.get('/users', async (req, res) => {
    const users = await operations.listUsers(operatorOf(req), queryOf(req, filter).project)
    res.json({ users: users.map(show) })
  })
  router.post('/users', async (req, res) => {
    const { user, password } = await operations.addUser(operatorOf(req), bodyOf(req, order))
    res.status(201).json({ ...show(user), password })
  })
  router.patch('/users/:name', async (req, res) => {
    res.json(show(await operations.setUser(operatorOf(req), pathOf(req, 'name'), bodyOf(req, change))))
  })
  router.delete('/users/:name', async (req, res) => {
    await operations.removeUser(operatorOf(req), pathOf(req, 'name'))
    res.status(204).end()
  })
  return router
}
