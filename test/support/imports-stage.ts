/** What tests of imports have: a site of one simulated host, its image store, and a web server of files. */
import { type FileServer, startFileServer } from './file-server'
import { type Images, openImages } from './images'
import { startRedis, type TestRedis } from './redis'
import { type Site, startSite } from './site'

export interface ImportsStage {
  readonly site: Site
  readonly images: Images
  readonly server: FileServer
}

/** Anew before each test, and given to `take`; ended after it. */
export function importsStage(take: (stage: ImportsStage) => void): void {
  let redis: TestRedis
  let server: FileServer
  let stage: ImportsStage
  beforeAll(async () => {
    redis = await startRedis()
    server = await startFileServer()
  })
  afterAll(async () => {
    await server.close()
    await redis.stop()
  })
  beforeEach(async () => {
    server.forget()
    const site = await startSite({ redis, hosts: 1 })
    stage = { site, images: await openImages(site), server }
    take(stage)
  })
  afterEach(async () => {
    await stage.images.close()
    await stage.site.close()
  })
}
