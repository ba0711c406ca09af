/** /site: what it is called, and where its clients find it. */
import { Router } from 'express'

export interface Site {
  readonly region: string
  /** Without a slash at its end; absent: clients come where operators come. */
  readonly publicUrl?: string
}

export function siteRoutes({ region, publicUrl }: Site): Router {
  return Router().get('/site', (_req, res) => {
    res.json({ region, publicUrl: publicUrl ?? null })
  })
}
